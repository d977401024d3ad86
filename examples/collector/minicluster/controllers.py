"""Deployments make ReplicaSets, ReplicaSets make pods: the semantics of Kubernetes' own controllers, written anew."""
import copy
import time
import traceback

from .kubelet import PodWorker, WORKERS
from .objects import (
    DESIRED,
    HASH,
    LASTAPPLIED,
    MAXREP,
    REV,
    REVHIST,
    cond_get,
    int_or_percent,
    parse_time,
    rfc3339,
    template_hash,
)
from .services import sync_services
from .store import STORE
from .targets import write_targets


def owned(res, owner):
    uid = owner["metadata"]["uid"]
    return STORE.list(
        res,
        owner["metadata"]["namespace"],
        lambda o: any(r.get("uid") == uid for r in o["metadata"].get("ownerReferences") or []),
    )


def owner_ref(o):
    return [
        {
            "apiVersion": o["apiVersion"],
            "kind": o["kind"],
            "name": o["metadata"]["name"],
            "uid": o["metadata"]["uid"],
            "controller": True,
            "blockOwnerDeletion": True,
        }
    ]


def pod_ready(p):
    return (cond_get(p["status"].get("conditions"), "Ready") or {}).get("status") == "True"


def pod_available(p, min_ready):
    c = cond_get(p["status"].get("conditions"), "Ready")
    return bool(
        c
        and c["status"] == "True"
        and (not min_ready or parse_time(c["lastTransitionTime"]) + min_ready <= time.time())
    )


def active_pods(rs):
    return [
        p
        for p in owned("pods", rs)
        if not p["metadata"].get("deletionTimestamp")
        and p["status"].get("phase") not in ("Succeeded", "Failed")
    ]


def sync_replicaset(rs):
    m, s = rs["metadata"], rs["spec"]
    if m.get("deletionTimestamp"):
        return
    pods = active_pods(rs)
    diff = len(pods) - s["replicas"]
    for _ in range(max(0, -diff)):
        t = s["template"]
        pod = {
            "kind": "Pod",
            "apiVersion": "v1",
            "metadata": {
                "generateName": m["name"] + "-",
                "namespace": m["namespace"],
                "labels": dict(t["metadata"].get("labels") or {}),
                **(
                    {"annotations": dict(t["metadata"]["annotations"])}
                    if t["metadata"].get("annotations")
                    else {}
                ),
                "ownerReferences": owner_ref(rs),
            },
            "spec": copy.deepcopy(t["spec"]),
            "status": {"phase": "Pending", "qosClass": "BestEffort"},
        }
        pod = STORE.create("pods", pod)
        STORE.event(
            rs,
            "Normal",
            "SuccessfulCreate",
            f'Created pod: {pod["metadata"]["name"]}',
            "replicaset-controller",
        )
    if (
        diff > 0
    ):  # ActivePods order: unassigned, pending, not ready, ready for less time, more restarts, newer

        def rank(p):
            c = cond_get(p["status"].get("conditions"), "Ready")
            restarts = max([cs["restartCount"] for cs in p["status"].get("containerStatuses", [])] or [0])
            return (
                bool(p["spec"].get("nodeName")),
                {"Pending": 0, "Unknown": 1}.get(p["status"].get("phase"), 2),
                pod_ready(p),
                -parse_time(c["lastTransitionTime"]) if c and pod_ready(p) else 0,
                -restarts,
                -int(p["metadata"]["resourceVersion"]),
            )

        for p in sorted(pods, key=rank)[:diff]:
            delete_pod(p)
            STORE.event(
                rs,
                "Normal",
                "SuccessfulDelete",
                f'Deleted pod: {p["metadata"]["name"]}',
                "replicaset-controller",
            )
    pods = active_pods(rs)
    lab = s["template"]["metadata"].get("labels") or {}
    st = {
        "replicas": len(pods),
        "fullyLabeledReplicas": sum(
            all((p["metadata"].get("labels") or {}).get(k) == v for k, v in lab.items()) for p in pods
        ),
        "readyReplicas": sum(map(pod_ready, pods)),
        "availableReplicas": sum(pod_available(p, s.get("minReadySeconds")) for p in pods),
        "observedGeneration": m["generation"],
    }
    st = {k: v for k, v in st.items() if v or k == "replicas"}
    STORE.mutate("replicasets", m["namespace"], m["name"], lambda o: o.update(status=st))


def delete_pod(p, grace=None):
    m = p["metadata"]
    grace = p["spec"].get("terminationGracePeriodSeconds", 30) if grace is None else grace
    if not p["spec"].get("nodeName") or m["uid"] not in WORKERS:
        STORE.remove("pods", m["namespace"], m["name"])
        return p

    def f(o):
        if o["metadata"].get("deletionTimestamp") and o["metadata"]["deletionGracePeriodSeconds"] <= grace:
            return
        o["metadata"]["deletionTimestamp"] = rfc3339(time.time() + grace)
        o["metadata"]["deletionGracePeriodSeconds"] = grace

    return STORE.mutate("pods", m["namespace"], m["name"], f)


class DeploymentSync:
    """One pass of the Deployment controller over one Deployment (the semantics of Kubernetes' own, written anew)."""

    def __init__(self, d):
        self.d = d
        m = d["metadata"]
        self.ns, self.name, self.spec = m["namespace"], m["name"], d["spec"]
        self.replicas = self.spec["replicas"]
        ru = self.spec["strategy"].get("rollingUpdate") or {}
        self.surge = int_or_percent(ru.get("maxSurge", 0), self.replicas, True) if ru else 0
        unav = int_or_percent(ru.get("maxUnavailable", 0), self.replicas, False) if ru else 0
        if ru and self.surge == 0 and unav == 0:
            unav = 1
        self.unavailable = min(unav, self.replicas)

    def load(self):
        self.d = STORE.get("deployments", self.ns, self.name)
        self.rss = sorted(owned("replicasets", self.d), key=lambda r: STORE.seq[r["metadata"]["uid"]])

        def bare(t):
            t = copy.deepcopy(t)
            t["metadata"].get("labels", {}).pop(HASH, None)
            return t

        want = bare(self.spec["template"])
        self.new = next((r for r in self.rss if bare(r["spec"]["template"]) == want), None)
        self.olds = [r for r in self.rss if r is not self.new]

    def patch_d(self, fn):
        self.d = STORE.mutate("deployments", self.ns, self.name, fn)

    def set_cond(self, st, typ, status, reason, msg, force=False):
        conds = st.setdefault("conditions", [])
        cur = cond_get(conds, typ)
        if cur and cur["status"] == status and cur["reason"] == reason and not force:
            return
        now = rfc3339()
        new = {
            "type": typ,
            "status": status,
            "lastUpdateTime": now,
            "lastTransitionTime": cur["lastTransitionTime"] if cur and cur["status"] == status else now,
            "reason": reason,
            "message": msg,
        }
        st["conditions"] = [c for c in conds if c["type"] != typ] + [new]

    def cond(self):
        return cond_get(self.d.get("status", {}).get("conditions"), "Progressing")

    def copy_annotations(self, ann):
        ann.update(
            {
                k: v
                for k, v in (self.d["metadata"].get("annotations") or {}).items()
                if k not in (LASTAPPLIED, REV, REVHIST, DESIRED, MAXREP)
            }
        )

    def sync_revision(self, create):
        self.load()
        rev = max([int(r["metadata"].get("annotations", {}).get(REV, 0)) for r in self.olds] or [0]) + 1
        if self.new:

            def f(o):
                ann = o["metadata"].setdefault("annotations", {})
                self.copy_annotations(ann)
                old = ann.get(REV)
                if int(old or 0) < rev:
                    ann[REV] = str(rev)
                    if old:
                        ann[REVHIST] = ",".join(filter(None, [ann.get(REVHIST), old]))
                if o["spec"].get("minReadySeconds", 0) != self.spec.get("minReadySeconds", 0):
                    o["spec"]["minReadySeconds"] = self.spec.get("minReadySeconds", 0)

            nm = self.new["metadata"]["name"]
            STORE.mutate("replicasets", self.ns, nm, f)
            self.load()
            rev_of_new = self.new["metadata"]["annotations"][REV]

            def g(o):
                o["metadata"].setdefault("annotations", {})[REV] = rev_of_new
                if not cond_get(o.get("status", {}).get("conditions"), "Progressing"):
                    self.set_cond(
                        o.setdefault("status", {}),
                        "Progressing",
                        "True",
                        "FoundNewReplicaSet",
                        f'Found new replica set "{nm}"',
                    )

            self.patch_d(g)
        elif create:
            t = copy.deepcopy(self.spec["template"])
            h = template_hash(t)
            nm = f"{self.name}-{h}"
            t["metadata"].setdefault("labels", {})[HASH] = h
            sel = copy.deepcopy(self.spec["selector"])
            sel.setdefault("matchLabels", {})[HASH] = h
            total = sum(r["spec"]["replicas"] for r in self.rss)
            n = (
                self.replicas
                if self.spec["strategy"]["type"] == "Recreate"
                else max(0, min(self.replicas + self.surge - total, self.replicas))
            )
            ann = {}
            self.copy_annotations(ann)
            ann.update({REV: str(rev), DESIRED: str(self.replicas), MAXREP: str(self.replicas + self.surge)})
            rs = {
                "kind": "ReplicaSet",
                "apiVersion": "apps/v1",
                "metadata": {
                    "name": nm,
                    "namespace": self.ns,
                    "labels": dict(t["metadata"]["labels"]),
                    "annotations": ann,
                    "ownerReferences": owner_ref(self.d),
                },
                "spec": {
                    "replicas": n,
                    "selector": sel,
                    "template": t,
                    **(
                        {"minReadySeconds": self.spec["minReadySeconds"]}
                        if self.spec.get("minReadySeconds")
                        else {}
                    ),
                },
                "status": {"replicas": 0},
            }
            STORE.create("replicasets", rs)
            if n:
                STORE.event(
                    self.d,
                    "Normal",
                    "ScalingReplicaSet",
                    f"Scaled up replica set {nm} to {n}",
                    "deployment-controller",
                )

            def g(o):
                o["metadata"].setdefault("annotations", {})[REV] = str(rev)
                self.set_cond(
                    o.setdefault("status", {}),
                    "Progressing",
                    "True",
                    "NewReplicaSetCreated",
                    f'Created new replica set "{nm}"',
                    force=True,
                )

            self.patch_d(g)
            self.load()

    def scale_rs(self, rs, n):
        old = rs["spec"]["replicas"]

        def f(o):
            o["spec"]["replicas"] = n
            o["metadata"].setdefault("annotations", {}).update(
                {DESIRED: str(self.replicas), MAXREP: str(self.replicas + self.surge)}
            )

        STORE.mutate("replicasets", self.ns, rs["metadata"]["name"], f)
        if n != old:
            STORE.event(
                self.d,
                "Normal",
                "ScalingReplicaSet",
                f'Scaled {"up" if n > old else "down"} replica set {rs["metadata"]["name"]} to {n}',
                "deployment-controller",
            )
        return n != old

    def scale_all(self):
        """A replica count change (or a paused Deployment): scale proportionally, start no rollout."""
        active = [r for r in self.rss if r["spec"]["replicas"] > 0]
        only = (
            active[0]
            if len(active) == 1
            else (self.new or (self.rss[-1] if self.rss else None))
            if not active
            else None
        )
        if only is not None:
            self.scale_rs(only, self.replicas)
            return
        if self.new and self.new["spec"]["replicas"] == self.replicas == self.new.get("status", {}).get(
            "availableReplicas", 0
        ):
            for r in self.olds:
                if r["spec"]["replicas"]:
                    self.scale_rs(r, 0)
            return
        if self.spec["strategy"]["type"] != "RollingUpdate":
            return
        allowed = self.replicas + self.surge if self.replicas > 0 else 0
        total = sum(r["spec"]["replicas"] for r in active)
        toadd = allowed - total
        added = 0
        plan = {}
        active.sort(key=lambda r: (-r["spec"]["replicas"], r["metadata"]["creationTimestamp"]), reverse=False)
        for r in active:
            n = r["spec"]["replicas"]
            ann = r["metadata"].get("annotations", {})
            if toadd:
                frac = (
                    n
                    * allowed
                    / (int(ann.get(MAXREP, 0)) or self.d.get("status", {}).get("replicas", 1) or 1)
                )
                frac = int(frac + 0.5) - n
                left = toadd - added
                frac = min(frac, left) if toadd > 0 else max(frac, left)
                n += frac
                added += frac
            plan[r["metadata"]["name"]] = n
        for i, r in enumerate(active):
            n = plan[r["metadata"]["name"]] + (toadd - added if i == 0 and toadd else 0)
            self.scale_rs(r, max(0, n))

    def status(self):
        rep = lambda rs: rs.get("status", {}).get("replicas", 0)
        avail = lambda rs: rs.get("status", {}).get("availableReplicas", 0)
        st = {
            "observedGeneration": self.d["metadata"]["generation"],
            "replicas": sum(map(rep, self.rss)),
            "updatedReplicas": rep(self.new) if self.new else 0,
            "readyReplicas": sum(r.get("status", {}).get("readyReplicas", 0) for r in self.rss),
            "availableReplicas": sum(map(avail, self.rss)),
        }
        st["unavailableReplicas"] = max(
            0, sum(r["spec"]["replicas"] for r in self.rss) - st["availableReplicas"]
        )
        st["conditions"] = copy.deepcopy(self.d.get("status", {}).get("conditions") or [])
        if st["availableReplicas"] >= self.replicas - self.unavailable:
            self.set_cond(
                st, "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability."
            )
        else:
            self.set_cond(
                st,
                "Available",
                "False",
                "MinimumReplicasUnavailable",
                "Deployment does not have minimum availability.",
            )
        return st

    def write_status(self, st):
        st = {k: v for k, v in st.items() if v}
        self.patch_d(lambda o: o.update(status=st))

    def rollout_status(self):
        st, old, cur = self.status(), self.d.get("status", {}), self.cond()
        g = lambda d, k: d.get(k, 0)
        what = f'ReplicaSet "{self.new["metadata"]["name"]}"' if self.new else f'Deployment "{self.name}"'
        if not (
            st["replicas"] == st["updatedReplicas"] and cur and cur["reason"] == "NewReplicaSetAvailable"
        ):
            if st["updatedReplicas"] == st["replicas"] == st["availableReplicas"] == self.replicas:
                self.set_cond(
                    st,
                    "Progressing",
                    "True",
                    "NewReplicaSetAvailable",
                    f"{what} has successfully progressed.",
                )
            elif (
                st["updatedReplicas"] > g(old, "updatedReplicas")
                or st["replicas"] - st["updatedReplicas"] < g(old, "replicas") - g(old, "updatedReplicas")
                or st["readyReplicas"] > g(old, "readyReplicas")
                or st["availableReplicas"] > g(old, "availableReplicas")
            ):
                self.set_cond(
                    st, "Progressing", "True", "ReplicaSetUpdated", f"{what} is progressing.", force=True
                )
            elif (
                cur
                and cur["reason"] not in ("NewReplicaSetAvailable", "DeploymentPaused")
                and (
                    cur["reason"] == "ProgressDeadlineExceeded"
                    or parse_time(cur["lastUpdateTime"]) + self.spec["progressDeadlineSeconds"] < time.time()
                )
            ):
                self.set_cond(
                    st,
                    "Progressing",
                    "False",
                    "ProgressDeadlineExceeded",
                    f"{what} has timed out progressing.",
                )
        self.write_status(st)

    def run(self):
        d = self.d
        if d["metadata"].get("deletionTimestamp"):
            return
        c = self.cond()
        if not (c and c["reason"] == "ProgressDeadlineExceeded"):
            paused = bool(c and c["reason"] == "DeploymentPaused")
            if self.spec.get("paused") and not paused:
                self.patch_d(
                    lambda o: self.set_cond(
                        o.setdefault("status", {}),
                        "Progressing",
                        "Unknown",
                        "DeploymentPaused",
                        "Deployment is paused",
                    )
                )
            elif paused and not self.spec.get("paused"):
                self.patch_d(
                    lambda o: self.set_cond(
                        o["status"], "Progressing", "Unknown", "DeploymentResumed", "Deployment is resumed"
                    )
                )
        self.sync_revision(create=False)
        scaling = any(
            r["spec"]["replicas"] > 0
            and int(r["metadata"].get("annotations", {}).get(DESIRED, self.replicas)) != self.replicas
            for r in self.rss
        )
        if self.spec.get("paused") or scaling:
            self.scale_all()
            self.load()
            self.cleanup()
            self.load()
            self.write_status(self.status())
            return
        if self.spec["strategy"]["type"] == "Recreate":
            self.recreate()
        else:
            self.rolling()

    def rolling(self):
        self.sync_revision(create=True)
        n = self.new["spec"]["replicas"]
        total = sum(r["spec"]["replicas"] for r in self.rss)
        if n != self.replicas:
            want = (
                self.replicas
                if n > self.replicas
                else n
                if total >= self.replicas + self.surge
                else n + min(self.replicas + self.surge - total, self.replicas - n)
            )
            if self.scale_rs(self.new, want):
                self.load()
                return self.rollout_status()
        olds = [r for r in self.olds if r["spec"]["replicas"] > 0]
        down = 0
        avail = lambda r: r.get("status", {}).get("availableReplicas", 0)
        min_avail = self.replicas - self.unavailable
        budget = total - min_avail - (n - avail(self.new))
        if olds and budget > 0:
            for r in olds:  # unhealthy old pods first: they must not hold a rollback up
                k = min(budget - down, r["spec"]["replicas"] - avail(r))
                if k > 0:
                    self.scale_rs(r, r["spec"]["replicas"] - k)
                    down += k
            self.load()
            olds = [r for r in self.olds if r["spec"]["replicas"] > 0]
            spare, done = sum(map(avail, self.rss)) - min_avail, 0
            for r in olds:
                k = min(r["spec"]["replicas"], spare - done)
                if k > 0:
                    self.scale_rs(r, r["spec"]["replicas"] - k)
                    done += k
            if down + done:
                self.load()
                return self.rollout_status()
        self.cleanup()
        self.load()
        self.rollout_status()

    def recreate(self):
        self.load()
        live = [r for r in self.olds if r["spec"]["replicas"] > 0]
        for r in live:
            self.scale_rs(r, 0)
        if live:
            self.load()
            return self.rollout_status()
        if any(owned("pods", r) for r in self.olds):
            return self.rollout_status()
        self.sync_revision(create=True)
        if self.new["spec"]["replicas"] != self.replicas:
            self.scale_rs(self.new, self.replicas)
            self.load()
        self.cleanup()
        self.load()
        self.rollout_status()

    def cleanup(self):
        st = self.d.get("status", {})
        if not (
            self.new
            and st.get("updatedReplicas", 0)
            == st.get("replicas", 0)
            == st.get("availableReplicas", 0)
            == self.replicas
            and st.get("observedGeneration", 0) >= self.d["metadata"]["generation"]
        ):
            return
        idle = [
            r
            for r in self.olds
            if r["spec"]["replicas"] == 0 and not r.get("status", {}).get("replicas") and not owned("pods", r)
        ]
        idle.sort(key=lambda r: int(r["metadata"].get("annotations", {}).get(REV, 0)))
        for r in idle[: max(0, len(self.olds) - self.spec["revisionHistoryLimit"])]:
            STORE.remove("replicasets", self.ns, r["metadata"]["name"])


def controller_loop(stop):
    seen = -1
    while not stop.is_set():
        with STORE.lock:
            if STORE.rv == seen:
                STORE.cond.wait(0.2)  # the 0.2 s tick serves minReadySeconds and progress deadlines
            seen = STORE.rv
            try:
                sync_services()
                write_targets()
                for d in STORE.list("deployments"):
                    DeploymentSync(d).run()
                for rs in STORE.list("replicasets"):
                    sync_replicaset(rs)
                uids = {o["metadata"]["uid"] for o in STORE.objs.values()}
                for (res, ns, name), o in list(STORE.objs.items()):  # garbage collection of dependents
                    refs = o["metadata"].get("ownerReferences")
                    if refs and not any(r["uid"] in uids for r in refs):
                        if res == "pods":
                            if not o["metadata"].get("deletionTimestamp"):
                                delete_pod(o)
                        else:
                            STORE.remove(res, ns, name)
                for p in STORE.list("pods"):
                    if p["metadata"]["uid"] not in WORKERS and not p["metadata"].get("deletionTimestamp"):
                        w = WORKERS[p["metadata"]["uid"]] = PodWorker(p)
                        w.start()
            except Exception:  # a controller must not die; say what happened
                traceback.print_exc()
                time.sleep(0.2)
