#!/usr/bin/env python3
"""Runs the real kubectl through every command against minicluster, checks what it says and does, and tabulates the requests.
usage: kubectl_commands_test.py [KUBECTL] [--table out.md] [--transcript out.txt]"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
MINICLUSTER = [sys.executable, "-B", "-m", "minicluster"]
MINIENV = {**os.environ, "PYTHONPATH": os.path.dirname(os.path.dirname(HERE))}
args = sys.argv[1:]
K = args[0] if args and not args[0].startswith("--") else "kubectl"


def opt(n):
    return args[args.index(n) + 1] if n in args else None


D = tempfile.mkdtemp(prefix="mc-")
HOME = D + "/home"
os.makedirs(HOME)
LOG = D + "/access.jsonl"
fails, passed, tablerows, transcript = [], 0, [], []
srv = subprocess.Popen(
    [
        *MINICLUSTER,
        "--images",
        HERE + "/images.json",
        "--state-dir",
        D + "/state",
        "--access-log",
        LOG,
        "--backoff",
        "2",
    ],
    stdout=open(D + "/out.log", "w"),
    stderr=subprocess.STDOUT,
    env=MINIENV,
)
KC = D + "/state/kubeconfig"
for _ in range(200):
    if os.path.exists(KC):
        break
    time.sleep(0.02)
ENV = {"PATH": os.environ["PATH"], "KUBECONFIG": KC, "HOME": HOME}
SERVER = json.load(open(KC))["clusters"][0]["cluster"]["server"]


def api(path):
    return json.load(urllib.request.urlopen(SERVER + path, timeout=5))


def k(cmd, rc=0, out=None, err=None, label=None, timeout=60, stdin=None, quiet=False):
    """out/err: regexes that must be found."""
    global passed
    n0 = sum(1 for _ in open(LOG)) if os.path.exists(LOG) else 0
    t = time.time()
    p = subprocess.run(
        [K] + cmd.split(), env=ENV, capture_output=True, text=True, timeout=timeout, cwd=D, input=stdin
    )
    dt = time.time() - t
    transcript.append(f"$ kubectl {cmd}\n{p.stdout}{p.stderr}[exit {p.returncode}, {dt:.2f} s]\n")
    probs = []
    if p.returncode != rc:
        probs.append(f"exit {p.returncode}, want {rc}")
    for rx, txt in ((out, p.stdout), (err, p.stderr)):
        for r in [rx] if isinstance(rx, str) else rx or []:
            if not re.search(r, txt, re.M):
                probs.append(f"no match for {r!r}")
    if probs:
        fails.append(f"kubectl {cmd}: {'; '.join(probs)}\n--- stdout\n{p.stdout}--- stderr\n{p.stderr}")
    else:
        passed += 1
    if label:
        time.sleep(0.7)
        tablerows.append((label, [json.loads(l) for l in open(LOG).read().splitlines()[n0:]]))
    return p


def check(what, cond):
    global passed
    transcript.append(f"# check: {what}: {'ok' if cond else 'FAILED'}\n")
    if cond:
        passed += 1
    else:
        fails.append("check: " + what)


def pods():
    return [
        p
        for p in api("/api/v1/namespaces/default/pods?labelSelector=app%3Dcollector")["items"]
        if not p["metadata"].get("deletionTimestamp")
    ]


def version(pod):
    with urllib.request.urlopen(f'http://{pod["status"]["podIP"]}:8080/health', timeout=3) as answer:
        return json.load(answer)["version"]


def versions():
    return sorted(version(p) for p in pods() if cs(p)["ready"])


EMPTY = {"ready": False, "restartCount": 0, "state": {}, "containerID": "", "lastState": {}}


def cs(p):
    return (p["status"].get("containerStatuses") or [EMPTY])[0]


def pid(p):
    return int(re.match(r"minicluster://(\d+)-", cs(p)["containerID"])[1])


def alive(pid):
    return os.path.exists(f"/proc/{pid}/cmdline") and open(f"/proc/{pid}/cmdline").read() != ""


def dep():
    return api("/apis/apps/v1/namespaces/default/deployments/collector")


def until(f, t=20):
    end = time.time() + t
    while time.time() < end:
        if f():
            return True
        time.sleep(0.1)
    return False


def invariant_watch(stop, seen):
    """samples the live counts of pods during a rollout"""
    while not stop.is_set():
        ps = pods()
        seen.append(
            (
                len(ps),
                sum(
                    all(c["ready"] for c in p["status"].get("containerStatuses") or [{"ready": False}])
                    for p in ps
                ),
            )
        )
        time.sleep(0.05)


try:
    shutil.copy(HERE + "/deployment.yaml", D)
    Y = open(D + "/deployment.yaml").read()
    k("config current-context", out=r"^minicluster-sandbox$", label="config current-context")
    k("version", label="version", out="Server Version.*minicluster")
    k("get pods", err="No resources found in default namespace", label="get pods (discovery cold)")
    k("apply -f deployment.yaml", out=r"^deployment.apps/collector created$", label="apply -f (create)")
    k(
        "rollout status deployment/collector",
        out=r'^deployment "collector" successfully rolled out$',
        label="rollout status",
    )
    k("apply -f deployment.yaml", out="collector unchanged", label="apply -f (unchanged)")
    open(D + "/deployment.yaml", "w").write(Y.replace("replicas: 3", "replicas: 2"))
    k("apply -f deployment.yaml", out="collector configured", label="apply -f (changed)")
    k("rollout status deployment/collector", out="successfully rolled out")
    check(
        "apply scaled to 2 without a new revision",
        dep()["spec"]["replicas"] == 2
        and dep()["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "1"
        and until(lambda: len(pods()) == 2),
    )
    open(D + "/deployment.yaml", "w").write(Y)
    k("apply -f deployment.yaml", out="configured")
    k("rollout status deployment/collector", out="successfully")
    k(
        "get pods -l app=collector",
        out=[
            r"^NAME\s+READY\s+STATUS\s+RESTARTS\s+AGE",
            r"(?m)^collector-[a-z0-9]+-[a-z0-9]{5}\s+1/1\s+Running\s+0\s+\d+s",
        ],
        label="get pods -l (table, -o wide)",
    )
    k("get pods -l app=collector -o wide", out=r"127\.")
    p = k("get pods -l app=collector -o json", label="get pods -l -o json")
    j = json.loads(p.stdout)
    check("-o json is a List of 3 Pods", j["kind"] == "List" and len(j["items"]) == 3)
    p = k("get deployment collector -o json", label="get deployment -o json")
    j = json.loads(p.stdout)
    check(
        "deployment json: 3 available, Progressing=NewReplicaSetAvailable",
        j["status"]["availableReplicas"] == 3
        and {c["type"]: c["reason"] for c in j["status"]["conditions"]}
        == {"Available": "MinimumReplicasAvailable", "Progressing": "NewReplicaSetAvailable"},
    )
    k("get deployment collector -o jsonpath={.status.readyReplicas}", out="^3$")
    check("3 processes answer as v5.3.0", versions() == ["v5.3.0"] * 3)
    pids1 = [pid(p) for p in pods()]
    # --- forward
    stop, seen = threading.Event(), []
    th = threading.Thread(target=invariant_watch, args=(stop, seen))
    th.start()
    k(
        "set image deployment/collector collector=collector:v5.4.0",
        out="^deployment.apps/collector image updated$",
        label="set image",
    )
    k(
        "annotate deployment/collector kubernetes.io/change-cause=release-v5.4.0 --overwrite",
        out="collector annotate",
        label="annotate",
    )
    k(
        "rollout status deployment/collector --timeout=3m",
        out=[r"Waiting for deployment \"collector\" rollout to finish: ", "successfully rolled out"],
    )
    stop.set()
    th.join()
    check(
        f"rolling update kept >=3 ready (maxUnavailable 25%->0) and <=4 pods (maxSurge 25%->1): max {max(s[0] for s in seen)}, min ready {min(s[1] for s in seen)}",
        max(s[0] for s in seen) <= 4 and min(s[1] for s in seen) >= 3,
    )
    check("all answer as v5.4.0", versions() == ["v5.4.0"] * 3)
    check("old processes are gone", until(lambda: not any(map(alive, pids1))))
    k(
        "rollout history deployment/collector",
        out=[r"^1\s+release v5.3.0$", r"^2\s+release-v5.4.0$"],
        label="rollout history",
    )
    k(
        "rollout history deployment/collector --revision=1",
        out=["with revision #1", r"Image:\s+collector:v5.3.0"],
    )
    # --- back
    k(
        "rollout undo deployment/collector",
        out="^deployment.apps/collector rolled back$",
        label="rollout undo",
    )
    k("rollout status deployment/collector", out="successfully rolled out")
    check("undo: v5.3.0 runs again", versions() == ["v5.3.0"] * 3)
    k(
        "rollout history deployment/collector",
        out=[r"(?s)^REVISION\s+CHANGE-CAUSE\n2\s+release-v5.4.0\n3\s+release v5.3.0\n"],
    )
    check(
        "revision 1 became 3; revision-history kept",
        dep()["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "3"
        and any(
            r["metadata"]["annotations"].get("deployment.kubernetes.io/revision-history") == "1"
            for r in api("/apis/apps/v1/namespaces/default/replicasets")["items"]
        ),
    )
    k(
        "rollout undo deployment/collector --to-revision=1",
        rc=1,
        err="unable to find specified revision 1 in history",
    )
    k(
        "rollout undo deployment/collector --to-revision=3",
        out=r"skipped rollback \(current template already matches revision 3\)",
    )
    k(
        "rollout undo deployment/collector --to-revision=2 --dry-run=server",
        out=r"rolled back \(server dry run\)",
    )
    check(
        "dry run changed nothing",
        dep()["spec"]["template"]["spec"]["containers"][0]["image"] == "collector:v5.3.0",
    )
    k(
        "rollout undo deployment/collector --to-revision=2",
        out="rolled back",
        label="rollout undo --to-revision=N",
    )
    k("rollout status deployment/collector", out="success")
    k("rollout history deployment/collector", out=r"(?s)\n3\s.*\n4\s")
    check(
        "to-revision=2 -> v5.4.0 is revision 4",
        versions() == ["v5.4.0"] * 3
        and dep()["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "4",
    )
    k("rollout undo deployment/collector", out="rolled back")
    k("rollout status deployment/collector", out="success")
    # --- restart, scale
    before = {p["metadata"]["name"] for p in pods()}
    k(
        "rollout restart deployment/collector",
        out="^deployment.apps/collector restarted$",
        label="rollout restart",
    )
    k("rollout status deployment/collector", out="success")
    check(
        "restart replaced all pods, revision 6",
        not before & {p["metadata"]["name"] for p in pods()}
        and dep()["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "6",
    )
    k("scale deployment/collector --replicas=4", out="^deployment.apps/collector scaled$", label="scale")
    k("rollout status deployment/collector", out="success")
    check("4 pods run", len(versions()) == 4)
    k(
        "scale deployment/collector --current-replicas=9 --replicas=1",
        rc=1,
        err="Expected replicas to be 9, was 4",
        label="scale --current-replicas",
    )
    # --- a release that never gets ready
    k("set image deployment/collector collector=collector:v5.5.0", out="image updated")
    k(
        "rollout status deployment/collector --timeout=2s",
        rc=1,
        err=r"^error: timed out waiting for the condition$",
        out="out of 4 new replicas",
        label="rollout status --timeout (expires)",
    )
    k(
        "rollout status deployment/collector",
        rc=1,
        err=r'^error: deployment "collector" exceeded its progress deadline$',
        label="rollout status (deadline exceeded)",
    )
    k("rollout status deployment/collector", rc=1, err=r"exceeded its progress deadline")
    check("bad release: 3 old pods still serve (maxUnavailable 25% of 4 = 1)", versions() == ["v5.3.0"] * 3)
    check(
        "condition ProgressDeadlineExceeded",
        any(
            c["reason"] == "ProgressDeadlineExceeded" and c["status"] == "False"
            for c in dep()["status"]["conditions"]
        ),
    )
    k("wait --for=condition=Progressing=False deployment/collector --timeout=5s", out="condition met")
    k("get pods -l app=collector", out=r"0/1\s+Running")
    k(
        "describe deployment collector",
        out=[r"Progressing\s+False\s+ProgressDeadlineExceeded", "ScalingReplicaSet"],
        label="describe deployment",
    )
    k("rollout undo deployment/collector", out="rolled back")
    k("rollout status deployment/collector --timeout=30s", out="successfully rolled out")
    check("rolled back: 4 x v5.3.0", versions() == ["v5.3.0"] * 4)
    # --- no such image; crash loop
    k("set image deployment/collector collector=collector:v9.9.9", out="updated")
    time.sleep(0.5)
    k("get pods", out=r"0/1\s+(ErrImagePull|ImagePullBackOff)")
    check(
        "ImagePullBackOff follows", until(lambda: any("ImagePullBackOff" in str(p["status"]) for p in pods()))
    )
    k("get pods", out=r"0/1\s+ImagePullBackOff")
    bad = next(p["metadata"]["name"] for p in pods() if not cs(p)["ready"])
    k(f"logs {bad}", rc=1, err="is waiting to start: trying and failing to pull image")
    k("rollout undo deployment/collector", out="rolled back")
    k("rollout status deployment/collector", out="success")
    k(
        "set image deployment/collector nosuch=collector:v5.6.0",
        rc=1,
        err='unable to find container named "nosuch"',
    )
    k("set image deployment/collector collector=collector:v5.6.0", out="updated")
    check(
        "crash loop: restartCount >= 2 and CrashLoopBackOff",
        until(
            lambda: any(
                cs(p)["restartCount"] >= 2 and "CrashLoopBackOff" in str(cs(p)["state"]) for p in pods()
            )
        ),
    )
    k("get pods", out=r"0/1\s+CrashLoopBackOff\s+[2-9]")
    bad = next(p["metadata"]["name"] for p in pods() if cs(p)["restartCount"])
    k(f"logs {bad} --previous", out="FATAL out of memory", label="logs --previous")
    k("rollout undo deployment/collector", out="rolled back")
    k("rollout status deployment/collector --timeout=30s", out="success")
    # --- delete pod, crash a process, wait
    k("scale deployment/collector --replicas=3", out="scaled")
    until(lambda: len(pods()) == 3)
    v = pods()[0]
    n = v["metadata"]["name"]
    q = pid(v)
    k(f"delete pod {n}", out=f'^pod "{n}" deleted$', label="delete pod")
    check(
        "its process ended, a new pod came",
        not alive(q)
        and until(lambda: len(versions()) == 3)
        and n not in [p["metadata"]["name"] for p in pods()],
    )
    k(
        "wait --for=condition=available deployment/collector --timeout=20s",
        out="collector condition met",
        label="wait --for=condition=available",
    )
    k(
        "wait --for=condition=ready pod -l app=collector --timeout=20s",
        out="condition met",
        label="wait --for=condition=ready pod -l",
    )
    v = pods()[0]
    n = v["metadata"]["name"]
    os.kill(pid(v), 9)
    check(
        "kill -9: same pod, restartCount 1, exit code 137, ready again",
        until(
            lambda: (
                lambda c: c["restartCount"] == 1
                and c["ready"]
                and c["lastState"]["terminated"]["exitCode"] == 137
            )(api(f"/api/v1/namespaces/default/pods/{n}")["status"]["containerStatuses"][0])
        ),
    )
    threading.Timer(
        1.0, lambda: subprocess.run([K, "delete", "pod", n, "--wait=false"], env=ENV, capture_output=True)
    ).start()
    k(f"wait --for=delete pod/{n} --timeout=20s", out="condition met|deleted", label="wait --for=delete")
    k("wait --for=condition=available deployment/collector --timeout=20s", out="met")
    until(lambda: len(versions()) == 3)
    k(
        "wait --for=condition=nosuch deployment/collector --timeout=1s",
        rc=1,
        err="timed out waiting for the condition",
    )
    # --- logs
    n = pods()[0]["metadata"]["name"]
    k(f"logs {n}", out="listening on 127", label="logs POD")
    k(
        "logs deployment/collector",
        out="listening",
        err=r"Found 3 pods, using pod",
        label="logs deployment/NAME",
    )
    k("logs -l app=collector --tail=1", out="listening", label="logs -l")
    k(f"logs {n} --timestamps --since=1h --tail=1 -c collector", out=r"^\d{4}-\d\d-\d\dT[\d:.]+Z .*listening")
    k(f"logs {n} -c nosuch", rc=1, err="container nosuch is not valid for pod")
    k("logs nosuch", rc=1, err='pods "nosuch" not found')
    f = subprocess.Popen([K, "logs", "-f", n], env=ENV, stdout=subprocess.PIPE, text=True)
    time.sleep(1)
    k(f"delete pod {n}", out="deleted")
    o, _ = f.communicate(timeout=10)
    check("logs -f streams the last words and ends with the pod", "SIGTERM, draining" in o)
    # --- errors
    k(
        "rollout status deployment/nosuch",
        rc=1,
        err=r'^Error from server \(NotFound\): deployments.apps "nosuch" not found$',
    )
    k("rollout undo deployment/nosuch", rc=1, err=r'deployments.apps "nosuch" not found')
    k("get pods -n nosuch", err="No resources found")
    k("get statefulsets", rc=1, err="the server doesn't have a resource type")
    k("exec deploy/collector -- true", rc=1)

    def ap(text, **kw):
        open(D + "/x.yaml", "w").write(text)
        return k("apply -f x.yaml", **kw)

    ap(
        Y.replace("image: collector:v5.3.0", "imagee: collector:v5.3.0"),
        rc=1,
        err=r'unknown field "(spec.template.spec.containers\[0\].)?imagee"',
    )
    ap(Y.replace("replicas: 3", "replicas: three"), rc=1, err="replicas|invalid type|expected integer")
    ap(
        Y.replace("matchLabels: {app: collector}", "matchLabels: {app: other}").replace(
            "labels: {app: collector}\n    spec", "labels: {app: other}\n    spec"
        ),
        rc=1,
        err=r'The Deployment "collector" is invalid: spec.selector: Invalid value: .*: field is immutable',
    )
    ap(
        Y.replace(
            "name: collector\n        image",
            "name: collector\n        command: [/bin/sh, -c, id]\n        image",
        ),
        rc=1,
        err="command: Forbidden: minicluster runs only the programs",
    )
    ap(
        Y.replace("    spec:\n      term", "    spec:\n      nodeSelector: {disk: ssd}\n      term"),
        err=r"Warning: minicluster stores spec.template.spec.nodeSelector but it has no effect here",
        out="configured",
    )
    ap(Y, out="configured")
    k("rollout status deployment/collector", out="success")
    k(
        "apply -f deployment.yaml --dry-run=server",
        out=r"unchanged \(server dry run\)|configured \(server dry run\)",
        label="apply --dry-run=server",
    )
    k("apply --server-side -f deployment.yaml", rc=1, err="(?i)apply|unknown format")
    k("diff -f deployment.yaml", rc=0, label="diff -f")
    k("annotate deployment/collector runbook=r-17", out="annotate")
    k("annotate deployment/collector runbook-", out="annotate")
    k("label deployment/collector tier=x", out="labeled")
    k("set env deployment/collector MODE=x", out="env updated")
    k("rollout status deployment/collector", out="success")
    check(
        "set env started a rollout, env merged by name",
        [e["name"] for e in dep()["spec"]["template"]["spec"]["containers"][0]["env"]] == ["POD_IP", "MODE"],
    )
    k("rollout pause deployment/collector", out="paused", label="rollout pause")
    k("set image deployment/collector collector=collector:v5.4.0", out="updated")
    time.sleep(0.6)
    check("paused: nothing rolls", versions() == ["v5.3.0"] * 3)
    k("rollout undo deployment/collector", rc=1, err="cannot rollback a paused deployment")
    k("rollout resume deployment/collector", out="resumed")
    k("rollout status deployment/collector", out="success")
    check("resumed: v5.4.0", versions() == ["v5.4.0"] * 3)
    k("get events", out=["ScalingReplicaSet", "SuccessfulCreate", "BackOff|Unhealthy"], label="get events")
    k("get nodes", out="minicluster-node")
    k("get all", out="deployment.apps/collector")
    k("api-resources", out="deployments")
    k("explain deployment.spec.replicas", out="replicas") if K == "kubectl" else None
    k(
        f"describe pod {pods()[0]['metadata']['name']}",
        out=["Liveness|Readiness:", "Started container collector"],
        label="describe pod",
    )
    w = subprocess.Popen([K, "get", "pods", "-w"], env=ENV, stdout=subprocess.PIPE, text=True)
    time.sleep(0.6)
    k("scale deployment/collector --replicas=0", out="scaled")
    check(
        "scale to 0 ends all",
        until(lambda: not pods() and not api("/api/v1/namespaces/default/pods")["items"]),
    )
    time.sleep(0.5)
    w.terminate()
    o = w.communicate()[0]
    check("get -w shows Terminating", "Terminating" in o)
    k("scale deployment/collector --replicas=2", out="scaled")
    k("rollout status deployment/collector", out="success")
    ps = [pid(p) for p in pods()]
    # --- server killed: children die with it
    k("delete deployment collector", out='deployment.apps "collector" deleted', label="delete deployment")
    check(
        "delete deployment: pods and processes go",
        until(lambda: not api("/api/v1/namespaces/default/pods")["items"] and not any(map(alive, ps)))
        and not api("/apis/apps/v1/namespaces/default/replicasets")["items"],
    )
    k("apply -f deployment.yaml", out="created")
    k("rollout status deployment/collector", out="success")
    ps = [pid(p) for p in pods()]
    k("--server=" + SERVER.rsplit("/", 1)[0] + " get pods", rc=1, err="Unauthorized|logged in")
    srv.kill()
    srv.wait()
    check("SIGKILL of the server takes its processes along", until(lambda: not any(map(alive, ps)), 3))
    k("get pods", rc=1, err=r"The connection to the server 127.0.0.1:\d+ was refused")
except Exception:
    import traceback

    fails.append(traceback.format_exc())
finally:
    if srv.poll() is None:
        srv.terminate()
        srv.wait(15)
out = open(D + "/out.log").read()
if "Traceback" in out:
    fails.append("server log has a traceback:\n" + out[-3000:])
if opt("--transcript"):
    open(opt("--transcript"), "w").write("\n".join(transcript))
if opt("--table"):
    with open(opt("--table"), "w") as f:
        for label, recs in tablerows:
            f.write(f"\n## {label}\n")
            for r in recs:
                if r["ua"] and "Python" in r["ua"]:
                    continue
                body = r["body"]
                body = body if len(body) < 700 else body[:700] + "..."
                acc = r["accept"] or ""
                acc = "Table" if "as=Table" in acc else acc
                f.write(
                    f'{r["method"]} {r["path"]}{"?" + r["query"] if r["query"] else ""}  -> {r["code"]}{" stream" if r["stream"] else ""}  accept={acc} ctype={r["ctype"]}\n'
                    + (f"    body: {body}\n" if body else "")
                )
print("\n".join(fails))
print(f"{passed} passed, {len(fails)} failed   ({K}, logs: {D})")
if fails:
    sys.exit(1)
shutil.rmtree(D)
