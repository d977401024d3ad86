"""The resources this cluster serves: group, kind, short names, what a client may write."""


RES = {  # resource -> group, version, kind, ...
    "pods": dict(group="", kind="Pod", short=["po"], cats=["all"], ns=True),
    "services": dict(group="", kind="Service", short=["svc"], cats=["all"], ns=True),
    "events": dict(group="", kind="Event", short=["ev"], ns=True),
    "namespaces": dict(group="", kind="Namespace", short=["ns"], ns=False),
    "nodes": dict(group="", kind="Node", short=["no"], ns=False),
    "deployments": dict(group="apps", kind="Deployment", short=["deploy"], cats=["all"], ns=True),
    "replicasets": dict(group="apps", kind="ReplicaSet", short=["rs"], cats=["all"], ns=True),
}
WRITABLE = {"pods", "services", "deployments", "replicasets"}


def gv(res):
    return "apps/v1" if RES[res]["group"] else "v1"
