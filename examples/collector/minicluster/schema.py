"""One table of fields, and the check of what a client sends against it."""


from .errors import ApiError

# One table drives: validation of what is sent, the merge keys of strategic merge patch, and /openapi/v2
# (which kubectl 1.20 needs for `apply`'s client-side validation).  Field grammar: name:type ; types
# s string, i int, b bool, t time, q int-or-string, any free-form; {X map, [X list, [X!k list merged by k.
# A leading "-" marks a field that is stored but has no effect here: the client gets a Warning header.
SCHEMA = {
    k: v.split()
    for k, v in {
        "ObjectMeta": "name:s generateName:s namespace:s labels:{s annotations:{s uid:s resourceVersion:s generation:i"
        " creationTimestamp:t deletionTimestamp:t deletionGracePeriodSeconds:i ownerReferences:[OwnerReference!uid"
        " finalizers:[s managedFields:[any selfLink:s",
        "OwnerReference": "apiVersion:s kind:s name:s uid:s controller:b blockOwnerDeletion:b",
        "LabelSelector": "matchLabels:{s matchExpressions:[LabelSelectorRequirement",
        "LabelSelectorRequirement": "key:s operator:s values:[s",
        "Deployment": "apiVersion:s kind:s metadata:ObjectMeta spec:DeploymentSpec status:any",
        "DeploymentSpec": "replicas:i selector:LabelSelector template:PodTemplateSpec strategy:DeploymentStrategy"
        " minReadySeconds:i revisionHistoryLimit:i paused:b progressDeadlineSeconds:i",
        "DeploymentStrategy": "type:s rollingUpdate:RollingUpdateDeployment",
        "RollingUpdateDeployment": "maxSurge:q maxUnavailable:q",
        "ReplicaSet": "apiVersion:s kind:s metadata:ObjectMeta spec:ReplicaSetSpec status:any",
        "ReplicaSetSpec": "replicas:i selector:LabelSelector template:PodTemplateSpec minReadySeconds:i",
        "PodTemplateSpec": "metadata:ObjectMeta spec:PodSpec",
        "Pod": "apiVersion:s kind:s metadata:ObjectMeta spec:PodSpec status:any",
        "PodSpec": "containers:[Container!name restartPolicy:s terminationGracePeriodSeconds:i nodeName:s"
        " -dnsPolicy:s -schedulerName:s -securityContext:any -serviceAccountName:s -serviceAccount:s -hostNetwork:b"
        " -automountServiceAccountToken:b -nodeSelector:{s -affinity:any -tolerations:[any -volumes:[any!name"
        " -imagePullSecrets:[any!name -priorityClassName:s -topologySpreadConstraints:[any -enableServiceLinks:b",
        "Container": "name:s image:s imagePullPolicy:s args:[s env:[EnvVar!name ports:[ContainerPort!containerPort"
        " readinessProbe:Probe livenessProbe:Probe -startupProbe:Probe -resources:any -volumeMounts:[any!mountPath"
        " -securityContext:any -lifecycle:any -terminationMessagePath:s -terminationMessagePolicy:s -workingDir:s"
        " -envFrom:[any command:[s",
        "EnvVar": "name:s value:s valueFrom:EnvVarSource",
        "EnvVarSource": "fieldRef:ObjectFieldSelector",
        "ObjectFieldSelector": "apiVersion:s fieldPath:s",
        "ContainerPort": "name:s containerPort:i protocol:s -hostPort:i -hostIP:s",
        "Probe": "httpGet:HTTPGetAction tcpSocket:TCPSocketAction initialDelaySeconds:i timeoutSeconds:i periodSeconds:i"
        " successThreshold:i failureThreshold:i",
        "HTTPGetAction": "path:s port:q host:s scheme:s httpHeaders:[HTTPHeader",
        "HTTPHeader": "name:s value:s",
        "TCPSocketAction": "port:q host:s",
        "Service": "apiVersion:s kind:s metadata:ObjectMeta spec:ServiceSpec status:any",
        "ServiceSpec": "selector:{s ports:[ServicePort!port type:s clusterIP:s -clusterIPs:[s -sessionAffinity:s"
        " -internalTrafficPolicy:s -ipFamilyPolicy:s -ipFamilies:[s",
        "ServicePort": "name:s protocol:s port:i targetPort:q -appProtocol:s",
        "Namespace": "apiVersion:s kind:s metadata:ObjectMeta spec:any status:any",
        "Node": "apiVersion:s kind:s metadata:ObjectMeta spec:any status:any",
        "Event": "apiVersion:s kind:s metadata:ObjectMeta involvedObject:any reason:s message:s source:any"
        " firstTimestamp:t lastTimestamp:t count:i type:s eventTime:any reportingComponent:s reportingInstance:s",
    }.items()
}
FIELDS = {
    t: {f.lstrip("-").split(":", 1)[0]: (f.split(":", 1)[1], f.startswith("-")) for f in fs}
    for t, fs in SCHEMA.items()
}
QUIET = {
    "dnsPolicy",
    "schedulerName",
    "securityContext",
    "terminationMessagePath",
    "terminationMessagePolicy",
    "resources",
}


def check_schema(val, typ, path, unknown, noeffect):
    """Walk val by type; raise 400 on a wrong JSON type, collect unknown and no-effect fields; drop unknown ones."""

    def bad(want):
        raise ApiError(
            400, "BadRequest", f"cannot be handled: {path or '.'}: expected {want}, got {type(val).__name__}"
        )

    if val is None or typ == "any":
        return
    if typ in ("s", "t"):
        if not isinstance(val, str):
            bad("string")
    elif typ == "i":
        if isinstance(val, bool) or not isinstance(val, int):
            bad("integer")
    elif typ == "b":
        if not isinstance(val, bool):
            bad("boolean")
    elif typ == "q":
        if isinstance(val, bool) or not isinstance(val, (int, str)):
            bad("integer or string")
    elif typ[0] == "{":
        if not isinstance(val, dict):
            bad("map")
        for k, v in val.items():
            check_schema(v, typ[1:], f"{path}.{k}", unknown, noeffect)
    elif typ[0] == "[":
        if not isinstance(val, list):
            bad("array")
        for n, v in enumerate(val):
            check_schema(v, typ[1:].split("!")[0], f"{path}[{n}]", unknown, noeffect)
    else:
        if not isinstance(val, dict):
            bad("object")
        for k in list(val):
            p = f"{path}.{k}".lstrip(".")
            if k not in FIELDS[typ]:
                unknown.append(p)
                del val[k]
            elif val[k] is None:
                del val[k]
            else:
                ft, off = FIELDS[typ][k]
                if off and k not in QUIET:
                    noeffect.append(p)
                check_schema(val[k], ft, p, unknown, noeffect)
