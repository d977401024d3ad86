"""Defaults and validation of a whole object, after schema.py has checked its fields.

Templates are compared canonically, so the defaults must be the same every time they are filled in:
otherwise each undo would make a new ReplicaSet.
"""
import re

from .errors import invalid
from .objects import canon
from .resources import WRITABLE
from .label_selectors import labels_match, selector_reqs


def default_pod_spec(s):
    s.setdefault("restartPolicy", "Always")
    s.setdefault("terminationGracePeriodSeconds", 30)
    s.setdefault("dnsPolicy", "ClusterFirst")
    s.setdefault("securityContext", {})
    s.setdefault("schedulerName", "default-scheduler")
    for c in s.get("containers") or []:
        c.setdefault(
            "imagePullPolicy",
            "IfNotPresent" if ":" in c.get("image", "") and not c["image"].endswith(":latest") else "Always",
        )
        c.setdefault("resources", {})
        c.setdefault("terminationMessagePath", "/dev/termination-log")
        c.setdefault("terminationMessagePolicy", "File")
        for p in c.get("ports") or []:
            p.setdefault("protocol", "TCP")
        for e in c.get("env") or []:
            if "fieldRef" in e.get("valueFrom", {}):
                e["valueFrom"]["fieldRef"].setdefault("apiVersion", "v1")
        for k in ("readinessProbe", "livenessProbe"):
            if p := c.get(k):
                for f, v in (
                    ("failureThreshold", 3),
                    ("periodSeconds", 10),
                    ("successThreshold", 1),
                    ("timeoutSeconds", 1),
                ):
                    p.setdefault(f, v)
                if "httpGet" in p:
                    p["httpGet"].setdefault("scheme", "HTTP")
                    p["httpGet"].setdefault("path", "/")


def apply_defaults(res, o):
    s = o.setdefault("spec", {})
    if res == "pods":
        default_pod_spec(s)
    if res == "services":
        s.setdefault("type", "ClusterIP")
        for p in s.get("ports") or []:
            p.setdefault("protocol", "TCP")
            p.setdefault("targetPort", p.get("port"))
    if res in ("deployments", "replicasets"):
        s.setdefault("replicas", 1)
        s.setdefault("template", {}).setdefault("metadata", {}).setdefault("creationTimestamp", None)
        default_pod_spec(s["template"].setdefault("spec", {}))
    if res == "deployments":
        st = s.setdefault("strategy", {})
        st.setdefault("type", "RollingUpdate")
        if st["type"] == "RollingUpdate":
            ru = st.setdefault("rollingUpdate", {})
            ru.setdefault("maxUnavailable", "25%")
            ru.setdefault("maxSurge", "25%")
        s.setdefault("revisionHistoryLimit", 10)
        s.setdefault("progressDeadlineSeconds", 600)


def validate_service(s, old, bad):
    if s["type"] != "ClusterIP":
        bad("spec.type", f'Unsupported value: "{s["type"]}": supported values: "ClusterIP" (minicluster)')
    if not s.get("selector"):
        bad("spec.selector", "Required value (minicluster has no Endpoints to write by hand)")
    if not s.get("ports"):
        bad("spec.ports", "Required value")
    for n, p in enumerate(s.get("ports") or []):
        if not 1 <= p.get("port", 0) <= 65535:
            bad(f"spec.ports[{n}].port", "Invalid value: must be between 1 and 65535, inclusive")
        if p["protocol"] != "TCP":
            bad(f"spec.ports[{n}].protocol", f'Unsupported value: "{p["protocol"]}": supported values: "TCP"')
    if old and s.get("clusterIP") != old["spec"]["clusterIP"]:
        bad("spec.clusterIP", f'Invalid value: "{s["clusterIP"]}": field is immutable')


def validate(res, o, old=None):
    causes = []
    s = o.get("spec") or {}
    name = o["metadata"].get("name", "")

    def bad(f, m):
        causes.append((f, m))

    if not re.fullmatch(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?", name):
        bad(
            "metadata.name",
            f"Invalid value: \"{name}\": a DNS-1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'",
        )
    if res in ("deployments", "replicasets"):
        sel = s.get("selector") or {}
        if not (sel.get("matchLabels") or sel.get("matchExpressions")):
            bad("spec.selector", "Required value")
        elif not labels_match(selector_reqs(sel), s["template"]["metadata"].get("labels")):
            bad(
                "spec.template.metadata.labels",
                f"Invalid value: {canon(s['template']['metadata'].get('labels') or {})}: `selector` does not match template `labels`",
            )
        if old and old["spec"].get("selector") != sel:
            bad("spec.selector", f"Invalid value: {canon(sel)}: field is immutable")
        if s["replicas"] < 0:
            bad("spec.replicas", f"Invalid value: {s['replicas']}: must be greater than or equal to 0")
        if s["replicas"] > 50:
            bad(
                "spec.replicas",
                "Invalid value: minicluster starts real processes and allows at most 50 replicas",
            )
        if s["template"]["spec"].get("restartPolicy") != "Always":
            bad(
                "spec.template.spec.restartPolicy",
                f'Unsupported value: "{s["template"]["spec"].get("restartPolicy")}": supported values: "Always"',
            )
    if res == "deployments":
        st = s["strategy"]
        if st["type"] not in ("RollingUpdate", "Recreate"):
            bad(
                "spec.strategy.type",
                f'Unsupported value: "{st["type"]}": supported values: "Recreate", "RollingUpdate"',
            )
        if st["type"] == "Recreate" and st.get("rollingUpdate"):
            bad(
                "spec.strategy.rollingUpdate",
                "Forbidden: may not be specified when strategy `type` is 'Recreate'",
            )
        for k in ("maxSurge", "maxUnavailable"):
            v = st.get("rollingUpdate", {}).get(k, 0)
            if not (isinstance(v, int) and v >= 0 or isinstance(v, str) and re.fullmatch(r"\d+%", v)):
                bad(
                    f"spec.strategy.rollingUpdate.{k}",
                    f'Invalid value: "{v}": must be a non-negative integer or a percentage',
                )
        ru = st.get("rollingUpdate")
        if ru and ru["maxSurge"] in (0, "0%") and ru["maxUnavailable"] in (0, "0%"):
            bad(
                "spec.strategy.rollingUpdate.maxUnavailable",
                "Invalid value: 0: may not be 0 when `maxSurge` is 0",
            )
        if s["progressDeadlineSeconds"] <= s.get("minReadySeconds", 0):
            bad(
                "spec.progressDeadlineSeconds",
                f"Invalid value: {s['progressDeadlineSeconds']}: must be greater than minReadySeconds",
            )
    ps, path = (s, "spec") if res == "pods" else (s.get("template", {}).get("spec", {}), "spec.template.spec")
    if res == "services":
        validate_service(s, old, bad)
    elif res in WRITABLE:
        if not ps.get("containers"):
            bad(path + ".containers", "Required value")
        seen = set()
        for n, c in enumerate(ps.get("containers") or []):
            p = f"{path}.containers[{n}]"
            if not c.get("name"):
                bad(p + ".name", "Required value")
            if c.get("name") in seen:
                bad(p + ".name", f'Duplicate value: "{c["name"]}"')
            seen.add(c.get("name"))
            if not c.get("image"):
                bad(p + ".image", "Required value")
            if c.get("command"):
                bad(
                    p + ".command",
                    "Forbidden: minicluster runs only the programs of its images.json; `command` is not allowed",
                )
            for k in ("readinessProbe", "livenessProbe"):
                if c.get(k) and len({"httpGet", "tcpSocket"} & set(c[k])) != 1:
                    bad(
                        f"{p}.{k}",
                        "Required value: must specify a handler type (minicluster: httpGet or tcpSocket)",
                    )
    if causes:
        raise invalid(res, name, causes)
