"""Really starts, probes, restarts and stops the processes of a pod: one thread a pod, one process a container."""
import copy
import hashlib
import http.client
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import threading
import time
from datetime import datetime, timezone

from .errors import ApiError
from .network import NET
from .objects import NODE, canon, cond_get, parse_time, rfc3339
from .settings import OPT
from .store import STORE

WORKERS = {}  # pod uid -> PodWorker


IMAGES = {}


def load_images():
    with open(OPT.images) as f:
        fresh = json.load(f)
    IMAGES.clear()
    IMAGES.update(fresh)


class Ctr:
    def __init__(self, worker, spec):
        self.w, self.spec, self.name = worker, spec, spec["name"]
        self.proc = None
        self.n = -1
        self.restarts = 0
        self.ready = False
        self.id = ""
        self.image_id = ""
        self.state = {"waiting": {"reason": "ContainerCreating"}}
        self.last = {}
        self.not_before, self.backoff, self.pull_backoff, self.started_at = 0, 0, 0, 0
        self.probes = {}

    def log_path(self, n=None):
        return f"{OPT.state_dir}/logs/{self.w.uid}/{self.name}/{self.n if n is None else n}.log"

    def step(self, now):
        if self.proc is None:
            if now >= self.not_before:
                self.start(now)
            return
        rc = self.proc.poll()
        if rc is not None:
            return self.exited(rc, now)
        for kind in ("readinessProbe", "livenessProbe"):
            p = self.spec.get(kind)
            if not p:
                continue
            s = self.probes[kind]
            if now >= s["next"] and not s["busy"]:
                s["busy"] = True
                s["next"] = now + p["periodSeconds"]
                threading.Thread(target=self.probe, args=(kind, p, s, self.n), daemon=True).start()

    def start(self, now):
        img = IMAGES.get(self.spec["image"])
        ev = self.w.event
        if img is None:
            first = self.pull_backoff == 0
            self.pull_backoff = min(300, self.pull_backoff * 2) or OPT.backoff
            msg = f'rpc error: code = NotFound desc = minicluster: image "{self.spec["image"]}" is not in {os.path.basename(OPT.images)}'
            if first:
                ev("Normal", "Pulling", f'Pulling image "{self.spec["image"]}"')
            ev("Warning", "Failed", f'Failed to pull image "{self.spec["image"]}": {msg}')
            ev("Warning", "Failed", "Error: ErrImagePull" if first else "Error: ImagePullBackOff")
            self.state = {
                "waiting": {"reason": "ErrImagePull", "message": msg}
                if first
                else {
                    "reason": "ImagePullBackOff",
                    "message": f'Back-off pulling image "{self.spec["image"]}"',
                }
            }
            self.not_before = now + (2 if first else self.pull_backoff)
            return
        ev("Normal", "Pulled", f'Container image "{self.spec["image"]}" already present on machine')
        subst = {"POD_IP": self.w.ip, "POD_NAME": self.w.name, "NAMESPACE": self.w.ns, "NODE": NODE}
        env = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOSTNAME": self.w.name,
            **{k: v.format(**subst) for k, v in (img.get("env") or {}).items()},
        }
        paths = {
            "status.podIP": self.w.ip,
            "metadata.name": self.w.name,
            "metadata.namespace": self.w.ns,
            "metadata.uid": self.w.uid,
            "spec.nodeName": NODE,
            "status.hostIP": NET.node,
        }
        for e in self.spec.get("env") or []:
            v = (
                paths.get(e["valueFrom"]["fieldRef"]["fieldPath"], "")
                if e.get("valueFrom")
                else e.get("value", "")
            )
            env[e["name"]] = re.sub(r"\$\((\w+)\)", lambda m: env.get(m[1], m[0]), v)
        argv = [a.format(**subst) for a in img["argv"]] + [
            re.sub(r"\$\((\w+)\)", lambda m: env.get(m[1], m[0]), a) for a in self.spec.get("args") or []
        ]
        self.n += 1
        os.makedirs(os.path.dirname(self.log_path()), exist_ok=True)
        self.image_id = "minicluster://sha256:" + hashlib.sha256(canon(img).encode()).hexdigest()
        try:  # setpriv: the child dies with this process, even if we are killed (the pod's thread outlives its child)
            self.proc = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "--"] + argv,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=img.get("cwd") or os.path.dirname(os.path.abspath(OPT.images)),
                start_new_session=True,
            )
        except OSError as e:
            self.state = {"waiting": {"reason": "CreateContainerError", "message": str(e)}}
            ev("Warning", "Failed", f"Error: {e}")
            self.not_before = now + OPT.backoff
            return
        self.id = f"minicluster://{self.proc.pid}-{secrets.token_hex(6)}"
        self.started_at = now
        threading.Thread(target=self.pump, args=(self.proc.stdout, self.log_path()), daemon=True).start()
        ev("Normal", "Created", f"Created container {self.name}")
        ev("Normal", "Started", f"Started container {self.name}")
        self.state = {"running": {"startedAt": rfc3339()}}
        self.ready = not self.spec.get("readinessProbe")
        for k in ("readinessProbe", "livenessProbe"):
            if p := self.spec.get(k):
                self.probes[k] = {
                    "next": now + p.get("initialDelaySeconds", 0),
                    "busy": False,
                    "ok": 0,
                    "bad": 0,
                }

    @staticmethod
    def pump(src, path):  # CRI log format: time stream tag line
        with open(path, "ab", buffering=0) as f:
            for line in src:
                t = time.time()
                ts = datetime.fromtimestamp(t, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f") + "000Z"
                f.write(f"{ts} stdout F ".encode() + line.rstrip(b"\n") + b"\n")

    def exited(self, rc, now):
        code = rc if rc >= 0 else 128 - rc
        term = {
            "exitCode": code,
            "reason": "Completed" if code == 0 else "Error",
            "startedAt": self.state.get("running", {}).get("startedAt"),
            "finishedAt": rfc3339(),
            "containerID": self.id,
        }
        self.proc = None
        self.ready = False
        self.state = {"terminated": term}
        if self.w.terminating or self.w.policy == "Never" or (self.w.policy == "OnFailure" and code == 0):
            self.not_before = float("inf")
            return
        self.restarts += 1
        self.last = {"terminated": term}
        if now - self.started_at > 2 * 300:
            self.backoff = 0
        if self.backoff == 0:
            self.not_before, self.backoff = now + 0.5, OPT.backoff  # first restart at once, like the kubelet
        else:
            self.not_before = now + self.backoff
            self.state = {
                "waiting": {
                    "reason": "CrashLoopBackOff",
                    "message": f"back-off {int(self.backoff)}s restarting failed container={self.name} pod={self.w.name}_{self.w.ns}({self.w.uid})",
                }
            }
            self.w.event("Warning", "BackOff", "Back-off restarting failed container")
            self.backoff = min(300, self.backoff * 2)

    def probe(self, kind, p, s, n):
        ok, why = False, ""
        h = p.get("httpGet") or p.get("tcpSocket")
        port = h["port"]
        if isinstance(port, str):
            port = next(
                (c["containerPort"] for c in self.spec.get("ports") or [] if c.get("name") == port),
                int(port) if port.isdigit() else 0,
            )
        try:
            if "httpGet" in p:
                c = http.client.HTTPConnection(h.get("host") or self.w.ip, port, timeout=p["timeoutSeconds"])
                c.request(
                    "GET",
                    h["path"],
                    headers={
                        "User-Agent": "kube-probe/1.20 (minicluster)",
                        **{x["name"]: x["value"] for x in h.get("httpHeaders") or []},
                    },
                )
                r = c.getresponse()
                ok = 200 <= r.status < 400
                c.close()
                if not ok:
                    why = f"HTTP probe failed with statuscode: {r.status}"
            else:
                socket.create_connection((h.get("host") or self.w.ip, port), p["timeoutSeconds"]).close()
                ok = True
        except OSError as e:
            why = f'Get "http://{self.w.ip}:{port}{h.get("path", "")}": {e}'
        except http.client.HTTPException as e:
            why = f"{e!r}"
        if self.n != n or self.proc is None or self.w.terminating:
            return
        s["ok"], s["bad"] = (s["ok"] + 1, 0) if ok else (0, s["bad"] + 1)
        if not ok:
            self.w.event(
                "Warning", "Unhealthy", f'{"Readiness" if kind[0] == "r" else "Liveness"} probe failed: {why}'
            )
        if kind == "readinessProbe":
            if ok and s["ok"] >= p["successThreshold"]:
                self.ready = True
            elif not ok and s["bad"] >= p["failureThreshold"]:
                self.ready = False
        elif not ok and s["bad"] >= p["failureThreshold"]:
            s["bad"] = 0
            self.w.event(
                "Normal", "Killing", f"Container {self.name} failed liveness probe, will be restarted"
            )
            self.kill(signal.SIGTERM)
            threading.Timer(
                self.w.grace,
                lambda pr=self.proc: pr and pr.poll() is None and self.signal(pr, signal.SIGKILL),
            ).start()
        s["busy"] = False
        self.w.wake.set()

    @staticmethod
    def signal(proc, sig):
        try:
            os.killpg(proc.pid, sig)  # its own session: pid == pgid, only what we started
        except ProcessLookupError:
            pass

    def kill(self, sig):
        if self.proc and self.proc.poll() is None:
            self.signal(self.proc, sig)

    def status(self):
        st = {
            "name": self.name,
            "state": self.state,
            "lastState": self.last,
            "ready": self.ready,
            "restartCount": self.restarts,
            "image": self.spec["image"],
            "imageID": self.image_id,
            "started": "running" in self.state,
        }
        if self.id:
            st["containerID"] = self.id
        return st


class PodWorker(threading.Thread):
    def __init__(self, pod):
        super().__init__(daemon=True, name="pod-" + pod["metadata"]["name"])
        m = pod["metadata"]
        self.ns, self.name, self.uid = m["namespace"], m["name"], m["uid"]
        self.policy, self.grace = pod["spec"]["restartPolicy"], pod["spec"]["terminationGracePeriodSeconds"]
        self.ip = NET.pod_ip()
        self.terminating = False
        self.wake = threading.Event()
        self.start_time = rfc3339()
        self.ctrs = [Ctr(self, c) for c in pod["spec"]["containers"]]
        self.deadline = 0
        self.pushed = None
        STORE.mutate("pods", self.ns, self.name, self.bind)
        self.event(
            "Normal",
            "Scheduled",
            f"Successfully assigned {self.ns}/{self.name} to {NODE}",
            "default-scheduler",
        )

    def bind(self, o):
        o["spec"]["nodeName"] = NODE
        o["status"].setdefault("conditions", []).append(
            {"type": "PodScheduled", "status": "True", "lastProbeTime": None, "lastTransitionTime": rfc3339()}
        )

    def pod(self):
        p = STORE.get("pods", self.ns, self.name)
        return p if p and p["metadata"]["uid"] == self.uid else None

    def event(self, typ, reason, msg, comp="kubelet"):
        if p := self.pod():
            STORE.event(p, typ, reason, msg, comp)

    def run(self):
        try:
            while True:
                p, now = self.pod(), time.time()
                if p is None and not self.terminating:  # removed by force
                    self.terminating = True
                    self.deadline = now
                    [c.kill(signal.SIGKILL) for c in self.ctrs]
                if p and p["metadata"].get("deletionTimestamp"):
                    dl = parse_time(p["metadata"]["deletionTimestamp"])
                    if not self.terminating:
                        self.terminating = True
                        for c in self.ctrs:
                            if c.proc:
                                self.event("Normal", "Killing", f"Stopping container {c.name}")
                                c.kill(signal.SIGTERM)
                    self.deadline = dl
                for c in self.ctrs:
                    if c.proc or not self.terminating:
                        c.step(now)
                if self.terminating:
                    if not any(c.proc for c in self.ctrs):
                        self.push()
                        break
                    if now > self.deadline + 0.5:
                        [c.kill(signal.SIGKILL) for c in self.ctrs]
                self.push()
                self.wake.wait(0.1)
                self.wake.clear()
        finally:
            [c.kill(signal.SIGKILL) for c in self.ctrs]
            with STORE.lock:
                WORKERS.pop(self.uid, None)
                NET.release(self.ip)
                if self.pod():
                    STORE.remove("pods", self.ns, self.name)

    def push(self):
        css = [c.status() for c in self.ctrs]
        ready = all(c["ready"] for c in css)
        started = all("waiting" not in c["state"] or c["restartCount"] for c in css)
        if (
            all("terminated" in c["state"] for c in css)
            and not self.terminating
            and self.policy != "Always"
            and all(c.not_before == float("inf") for c in self.ctrs)
        ):
            phase = "Succeeded" if all(c["state"]["terminated"]["exitCode"] == 0 for c in css) else "Failed"
        else:
            phase = "Running" if started else "Pending"
        if (css, phase) == self.pushed:
            return  # nothing new: write (and copy) nothing
        self.pushed = copy.deepcopy((css, phase))

        def f(o):
            st = o["status"]
            old = st.get("conditions") or []
            unready = [c["name"] for c in css if not c["ready"]]
            why = (
                {}
                if ready
                else {
                    "reason": "ContainersNotReady",
                    "message": f"containers with unready status: [{' '.join(unready)}]",
                }
            )

            def cond(t, ok, extra={}):
                cur = cond_get(old, t)
                s = "True" if ok else "False"
                return {
                    "type": t,
                    "status": s,
                    "lastProbeTime": None,
                    "lastTransitionTime": cur["lastTransitionTime"]
                    if cur and cur["status"] == s
                    else rfc3339(),
                    **extra,
                }

            st.update(
                phase=phase,
                conditions=[
                    cond("Initialized", True),
                    cond("Ready", ready, why),
                    cond("ContainersReady", ready, why),
                    cond("PodScheduled", True),
                ],
                hostIP=NET.node,
                podIP=self.ip,
                podIPs=[{"ip": self.ip}],
                startTime=self.start_time,
                containerStatuses=css,
            )

        if self.pod():
            try:
                STORE.mutate("pods", self.ns, self.name, f)
            except ApiError:
                pass
