"""The columns `kubectl get` shows: the server makes them, the client only prints."""


from .objects import VERSION, age


def pod_cells(p):
    st = p.get("status", {})
    reason = st.get("phase", "Unknown")
    css = st.get("containerStatuses") or []
    restarts = ready = 0
    running = False
    for c in reversed(css):
        restarts += c["restartCount"]
        s = c["state"]
        if s.get("waiting", {}).get("reason"):
            reason = s["waiting"]["reason"]
        elif "terminated" in s:
            reason = s["terminated"].get("reason") or f'ExitCode:{s["terminated"]["exitCode"]}'
        elif c["ready"] and "running" in s:
            running = True
            ready += 1
    if reason == "Completed" and running:
        reason = "Running"
    if p["metadata"].get("deletionTimestamp"):
        reason = "Terminating"
    return [
        p["metadata"]["name"],
        f'{ready}/{len(p["spec"].get("containers", []))}',
        reason,
        restarts,
        age(p["metadata"]["creationTimestamp"]),
        st.get("podIP", "<none>"),
        p["spec"].get("nodeName", "<none>"),
        "<none>",
        "<none>",
    ]


def cont(t):
    return [
        ",".join(c["name"] for c in t["spec"]["containers"]),
        ",".join(c["image"] for c in t["spec"]["containers"]),
    ]


def selstr(s):
    return ",".join(f"{k}={v}" for k, v in sorted((s.get("matchLabels") or {}).items())) or "<none>"


def deploy_cells(d):
    s, st = d["spec"], d.get("status", {})
    return [
        d["metadata"]["name"],
        f'{st.get("readyReplicas", 0)}/{s["replicas"]}',
        st.get("updatedReplicas", 0),
        st.get("availableReplicas", 0),
        age(d["metadata"]["creationTimestamp"]),
        *cont(s["template"]),
        selstr(s["selector"]),
    ]


def rs_cells(r):
    s, st = r["spec"], r.get("status", {})
    return [
        r["metadata"]["name"],
        s["replicas"],
        st.get("replicas", 0),
        st.get("readyReplicas", 0),
        age(r["metadata"]["creationTimestamp"]),
        *cont(s["template"]),
        selstr(s["selector"]),
    ]


def event_cells(e):
    o = e["involvedObject"]
    return [
        age(e["lastTimestamp"]),
        e["type"],
        e["reason"],
        f'{o["kind"].lower()}/{o["name"]}',
        e["message"],
        "",
        e["source"]["component"],
        age(e["firstTimestamp"]),
        e["count"],
        e["metadata"]["name"],
    ]


def service_cells(s):
    spec = s["spec"]
    ports = ",".join(f'{p["port"]}/{p["protocol"]}' for p in spec["ports"])
    age_ = age(s["metadata"]["creationTimestamp"])
    return [
        s["metadata"]["name"],
        spec["type"],
        spec["clusterIP"],
        "<none>",
        ports,
        age_,
        selstr({"matchLabels": spec["selector"]}),
    ]


TABLES = {  # "name[:type]" ; after | only with -o wide
    "pods": ("Name Ready Status Restarts:integer Age | IP Node Nominated_Node Readiness_Gates", pod_cells),
    "deployments": (
        "Name Ready Up-to-date:integer Available:integer Age | Containers Images Selector",
        deploy_cells,
    ),
    "replicasets": (
        "Name Desired:integer Current:integer Ready:integer Age | Containers Images Selector",
        rs_cells,
    ),
    "services": ("Name Type Cluster-IP External-IP Port(s) Age | Selector", service_cells),
    "events": (
        "Last_Seen Type Reason Object Message | Subobject Source First_Seen Count:integer Name",
        event_cells,
    ),
    "namespaces": (
        "Name Status Age",
        lambda o: [o["metadata"]["name"], "Active", age(o["metadata"]["creationTimestamp"])],
    ),
    "nodes": (
        "Name Status Roles Age Version",
        lambda o: [
            o["metadata"]["name"],
            "Ready",
            "minicluster",
            age(o["metadata"]["creationTimestamp"]),
            VERSION,
        ],
    ),
}


def table(res, objs, include="Metadata", tv="v1", rv="", header=True):
    spec, cells = TABLES[res]
    cols, prio = [], 0
    for c in spec.split():
        if c == "|":
            prio = 1
            continue
        n, _, t = c.partition(":")
        cols.append(
            {
                "name": n.replace("_", " "),
                "type": t or "string",
                "format": "name" if n == "Name" and not prio else "",
                "description": "",
                "priority": prio,
            }
        )
    rows = []
    for o in objs:
        row = {"cells": cells(o)}
        if include == "Object":
            row["object"] = o
        elif include != "None":
            row["object"] = {
                "kind": "PartialObjectMetadata",
                "apiVersion": f"meta.k8s.io/{tv}",
                "metadata": o["metadata"],
            }
        rows.append(row)
    return {
        "kind": "Table",
        "apiVersion": f"meta.k8s.io/{tv}",
        "metadata": {"resourceVersion": rv},
        "columnDefinitions": cols if header else [],
        "rows": rows,
    }
