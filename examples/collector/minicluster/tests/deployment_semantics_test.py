#!/usr/bin/env python3
"""Deployment semantics against the worked examples of the Kubernetes documentation, plus what clients of several ages ask of the API server.
usage: deployment_semantics_test.py [KUBECTL]"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
MINICLUSTER = [sys.executable, "-B", "-m", "minicluster"]
MINIENV = {**os.environ, "PYTHONPATH": os.path.dirname(os.path.dirname(HERE))}
K = sys.argv[1] if len(sys.argv) > 1 else "kubectl"
passed, fails = 0, []


class C:
    def __init__(self, *extra):
        self.d = tempfile.mkdtemp(prefix="mc2-")
        self.kc = self.d + "/state/kubeconfig"
        self.p = subprocess.Popen(
            [
                *MINICLUSTER,
                "--images",
                HERE + "/images.json",
                "--state-dir",
                self.d + "/state",
                "--access-log",
                self.d + "/a.jsonl",
                *extra,
            ],
            stdout=open(self.d + "/out.log", "w"),
            stderr=subprocess.STDOUT,
            env=MINIENV,
        )
        while not os.path.exists(self.kc):
            time.sleep(0.02)
        self.env = {"PATH": os.environ["PATH"], "KUBECONFIG": self.kc, "HOME": self.d}
        self.url = json.load(open(self.kc))["clusters"][0]["cluster"]["server"]

    def k(self, cmd, stdin=None):
        p = subprocess.run(
            [K] + (cmd if isinstance(cmd, list) else cmd.split()),
            env=self.env,
            capture_output=True,
            text=True,
            input=stdin,
            timeout=90,
            cwd=self.d,
        )
        return p.returncode, p.stdout + p.stderr

    def api(self, path):
        return json.load(urllib.request.urlopen(self.url + path, timeout=5))

    def rs(self):
        return {
            r["spec"]["template"]["spec"]["containers"][0]["image"]: (
                r["spec"]["replicas"],
                r["status"].get("replicas", 0),
                r["status"].get("readyReplicas", 0),
            )
            for r in self.api("/apis/apps/v1/namespaces/default/replicasets")["items"]
        }

    def stop(self):
        self.p.terminate()
        self.p.wait(20)
        o = open(self.d + "/out.log").read()
        check("no traceback", "Traceback" not in o, o[-2000:])
        shutil.rmtree(self.d)


def check(what, ok, info=""):
    global passed
    print(("ok      " if ok else "FAILED  ") + what, info if not ok else "")
    if ok:
        passed += 1
    else:
        fails.append(what)


def until(f, t=30):
    end = time.time() + t
    while time.time() < end:
        if f():
            return True
        time.sleep(0.1)
    return False


Y = open(HERE + "/deployment.yaml").read()
c = C()
# docs "Proportional scaling": 10 replicas, maxSurge 3, maxUnavailable 2, unresolvable image -> 8 old + 5 new; scale to 15 -> 11 old + 7 new
y = Y.replace(
    "replicas: 3", "replicas: 10\n  strategy: {rollingUpdate: {maxSurge: 3, maxUnavailable: 2}}"
).replace("progressDeadlineSeconds: 8", "progressDeadlineSeconds: 600")
c.k("apply -f -", y)
c.k("rollout status deployment/collector")
c.k("set image deployment/collector collector=collector:unresolvable")
check(
    "docs: 8 old + 5 new while stuck",
    until(lambda: c.rs() == {"collector:v5.3.0": (8, 8, 8), "collector:unresolvable": (5, 5, 0)}),
    c.rs(),
)
c.k("scale deployment/collector --replicas=15")
check(
    "docs: proportional scaling to 15 -> 11 old + 7 new",
    until(lambda: c.rs() == {"collector:v5.3.0": (11, 11, 11), "collector:unresolvable": (7, 7, 0)}, 10),
    c.rs(),
)
c.k("rollout undo deployment/collector")
rc, o = c.k("rollout status deployment/collector --timeout=40s")
check("undo heals it", rc == 0 and c.rs()["collector:v5.3.0"] == (15, 15, 15), o)
c.k("delete deployment collector")
until(lambda: not c.api("/api/v1/namespaces/default/pods")["items"])
# docs "Failed deployment" example shape, 25%/25% of 3: stuck with 1 surge pod, 3 old ready
c.k("apply -f -", Y)
c.k("rollout status deployment/collector")
c.k("set image deployment/collector collector=collector:v1.161")
check(
    "docs: 3 replicas 25%/25% -> 3 old + 1 ImagePullBackOff",
    until(lambda: c.rs() == {"collector:v5.3.0": (3, 3, 3), "collector:v1.161": (1, 1, 0)}),
    c.rs(),
)
c.k("rollout undo deployment/collector")
c.k("rollout status deployment/collector")
# rollover: a second update before the first finished
c.k("set image deployment/collector collector=collector:v5.5.0")
until(lambda: c.rs().get("collector:v5.5.0", (0,))[0] == 1)
c.k("set image deployment/collector collector=collector:v5.4.0")
rc, o = c.k("rollout status deployment/collector --timeout=30s")
check(
    "rollover ends on the newest image",
    rc == 0 and c.rs()["collector:v5.4.0"] == (3, 3, 3) and c.rs()["collector:v5.5.0"][0] == 0,
    (o, c.rs()),
)
# Recreate: never two versions at once
c.k("delete deployment collector")
until(lambda: not c.api("/api/v1/namespaces/default/pods")["items"])
c.k("apply -f -", Y.replace("replicas: 3", "replicas: 3\n  strategy: {type: Recreate}"))
c.k("rollout status deployment/collector")
c.k("set image deployment/collector collector=collector:v5.4.0")
seen = set()


def mixed():
    seen.add(
        frozenset(
            p["spec"]["containers"][0]["image"] for p in c.api("/api/v1/namespaces/default/pods")["items"]
        )
    )
    d = c.api("/apis/apps/v1/namespaces/default/deployments/collector")
    return d["status"].get("availableReplicas") == 3 and c.rs().get("collector:v5.4.0", (0,))[0] == 3


check(
    "Recreate: pods of two images never coexist",
    until(mixed) and all(len(s) <= 1 for s in seen) and len(seen) >= 2,
    seen,
)
# strategy switch by apply uses $retainKeys
rc, o = c.k("apply -f -", Y)
check(
    "apply from Recreate back to RollingUpdate",
    rc == 0
    and c.api("/apis/apps/v1/namespaces/default/deployments/collector")["spec"]["strategy"]["type"]
    == "RollingUpdate",
    o,
)
c.k("rollout status deployment/collector")
# minReadySeconds
c.k(["patch", "deployment", "collector", "-p", '{"spec":{"minReadySeconds":2}}'])
t = time.time()
c.k("set image deployment/collector collector=collector:v5.4.0")
c.k("rollout status deployment/collector")
check("minReadySeconds 2 x 3 pods slows the rollout to >= 6 s", time.time() - t >= 6, time.time() - t)
rc, o = c.k(
    [
        "patch",
        "deployment",
        "collector",
        "--type=json",
        "-p",
        '[{"op":"replace","path":"/spec/minReadySeconds","value":0}]',
    ]
)
check("kubectl patch --type=json", rc == 0, o)
# revisionHistoryLimit
c.k(["patch", "deployment", "collector", "--type=merge", "-p", '{"spec":{"revisionHistoryLimit":1}}'])
c.k("rollout restart deployment/collector")
c.k("rollout status deployment/collector")
check(
    "revisionHistoryLimit 1 keeps one old ReplicaSet",
    until(lambda: len(c.api("/apis/apps/v1/namespaces/default/replicasets")["items"]) == 2, 5),
)
# conflict, edit, replace
d = c.api("/apis/apps/v1/namespaces/default/deployments/collector")
d["metadata"]["resourceVersion"] = "7"
open(c.d + "/d.json", "w").write(json.dumps(d))
rc, o = c.k("replace -f d.json")
check("stale resourceVersion -> Conflict", rc == 1 and "the object has been modified" in o, o)
c.env["EDITOR"] = "sed -i s/v5.4.0/v5.3.0/"
rc, o = c.k("edit deployment collector")
check("kubectl edit", rc == 0 and "edited" in o, o)
c.k("rollout status deployment/collector")
rc, o = c.k("rollout undo deployment/collector --record")
rc, o = c.k("rollout history deployment/collector")
check("history after --record", rc == 0, o)
rc, o = c.k("create deployment web --image=collector:v5.3.0 --replicas=2")
check("create deployment", rc == 0, o)
rc, o = c.k("rollout status deployment/web")
check("no probe: ready when running", rc == 0 and "successfully" in o, o)
rc, o = c.k("get pods -A --sort-by=.metadata.creationTimestamp")
check("--sort-by (includeObject=Object)", rc == 0 and "web-" in o, o)
rc, o = c.k("get pods -l app!=web,app -o name")
check("set-based selector", rc == 0 and "collector" in o and "web" not in o, o)
rc, o = c.k(
    [
        "get",
        "pods",
        "-l",
        "app in (web, x)",
        "-o",
        "custom-columns=N:.metadata.name,IMG:.spec.containers[*].image",
    ]
)
check("custom-columns", rc == 0 and "web" in o, o)
rc, o = c.k(["get", "deploy", "-o", "go-template={{range .items}}{{.metadata.name}} {{end}}"])
check("go-template", "collector web" in o, o)
rc, o = c.k("get --raw /healthz")
check("get --raw /healthz", o == "ok", o)


# cost of idling with 5 pods
def cpu(pid):
    f = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(f[11]) + int(f[12])) / os.sysconf("SC_CLK_TCK")


time.sleep(3)
a = cpu(c.p.pid)
time.sleep(5)
b = cpu(c.p.pid)
rss = int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{c.p.pid}/status").read())[1]) // 1024
print(f"idle, 5 pods, 3 of them probed every second: {100 * (b - a) / 5:.1f} % of a core, RSS {rss} MiB")
# secret: plain http sends no token
kc = json.load(open(c.kc))
kc["users"][0]["user"] = {"token": "abc"}
open(c.d + "/kt", "w").write(json.dumps(kc))
c.k("get pods --kubeconfig kt")
time.sleep(0.2)
print(
    "bearer token sent over http by this kubectl:",
    json.loads(open(c.d + "/a.jsonl").read().splitlines()[-1])["auth"],
)
kc["clusters"][0]["cluster"]["server"] = c.url.rsplit("/", 1)[0]
open(c.d + "/kt", "w").write(json.dumps(kc))
print("without the prefix:", c.k("get pods --kubeconfig kt"))
c.stop()
for mode in ("full", "empty", "json", "none"):
    c = C("--openapi", mode)
    rc, o = c.k("apply -f -", Y)
    rc2, o2 = c.k("apply --validate=false -f -", Y.replace("replicas: 3", "replicas: 2"))
    rc3, o3 = c.k("apply -f -", Y.replace("image:", "imagee:"))
    rc4, o4 = c.k("apply --dry-run=server -f -", Y)
    print(
        f"openapi={mode:5}: apply rc={rc} {o.strip()[:230]!r}\n               apply --validate=false rc={rc2} {o2.strip()[:120]!r}\n               typo: rc={rc3} {o3.strip()[:150]!r}\n               --dry-run=server rc={rc4} {o4.strip()[:120]!r}"
    )
    c.stop()
print(f"{passed} passed, {len(fails)} failed")
sys.exit(bool(fails))
