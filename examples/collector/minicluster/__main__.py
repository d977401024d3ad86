"""minicluster: a small, honest stand-in for a Kubernetes cluster (NOT Kubernetes). See README.md."""
import argparse
import json
import os
import secrets
import signal
import threading
import time

from .api import Handler, STOP, Server
from .controllers import controller_loop
from .kubelet import WORKERS, load_images
from .network import NET
from .objects import NODE, VERSION
from .settings import OPT
from .store import STORE


def main():
    a = argparse.ArgumentParser(
        description="A local sandbox that answers the real kubectl and runs real processes. Not Kubernetes."
    )
    a.add_argument("--images", required=True, help="images.json: image name -> {argv, env, cwd}")
    a.add_argument("--state-dir", required=True)
    a.add_argument("--port", type=int, default=0)
    a.add_argument(
        "--backoff", type=float, default=10, help="first crash back-off in seconds (Kubernetes: 10)"
    )
    a.add_argument("--openapi", choices=["full", "empty", "json", "none"], default="full")
    a.add_argument("--access-log")
    a.add_argument("--targets", help="file_sd list for Prometheus, rewritten as pods come and go")
    a.parse_args(namespace=OPT)
    os.umask(0o077)
    os.makedirs(OPT.state_dir, exist_ok=True)
    OPT.state_dir = os.path.abspath(OPT.state_dir)
    OPT.access_log = open(OPT.access_log, "a") if OPT.access_log else None
    OPT.prefix = "/k-" + secrets.token_hex(16)
    load_images()
    srv = Server(("127.0.0.1", OPT.port), Handler)
    url = f"http://127.0.0.1:{srv.server_address[1]}{OPT.prefix}"
    for ns in ("default", "kube-system"):
        STORE.create(
            "namespaces",
            {
                "kind": "Namespace",
                "apiVersion": "v1",
                "metadata": {"name": ns},
                "spec": {},
                "status": {"phase": "Active"},
            },
        )
    STORE.create(
        "nodes",
        {
            "kind": "Node",
            "apiVersion": "v1",
            "metadata": {"name": NODE, "labels": {"minicluster": "true"}},
            "spec": {},
            "status": {
                "conditions": [
                    {
                        "type": "Ready",
                        "status": "True",
                        "reason": "minicluster",
                        "message": "local processes, no containers",
                    }
                ],
                "nodeInfo": {"kubeletVersion": VERSION},
                "addresses": [{"type": "InternalIP", "address": NET.node}],
            },
        },
    )
    kc = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "minicluster", "cluster": {"server": url}}],
        "users": [{"name": "minicluster", "user": {}}],
        "contexts": [
            {
                "name": "minicluster-sandbox",
                "context": {"cluster": "minicluster", "user": "minicluster", "namespace": "default"},
            }
        ],
        "current-context": "minicluster-sandbox",
    }
    tmp = OPT.state_dir + "/kubeconfig.tmp"
    with open(tmp, "w") as f:
        json.dump(kc, f, indent=1)
    signal.signal(signal.SIGHUP, lambda *_: load_images())
    for s in (signal.SIGTERM, signal.SIGINT):
        signal.signal(s, lambda *_: STOP.set())
    ctl = threading.Thread(target=controller_loop, args=(STOP,))
    ctl.start()
    threading.Thread(target=srv.serve_forever, daemon=True).start()
    os.rename(tmp, OPT.state_dir + "/kubeconfig")  # appears when the server answers
    print(
        f"minicluster {VERSION} (not Kubernetes) on {url.rsplit('/', 1)[0]}/...; KUBECONFIG={OPT.state_dir}/kubeconfig",
        flush=True,
    )
    while not STOP.wait(0.5):
        pass
    ctl.join()
    with STORE.lock:
        ws = list(WORKERS.values())
    for w in ws:
        w.terminating = True
        for c in w.ctrs:
            c.kill(signal.SIGTERM)
    end = time.time() + 5
    for w in ws:
        w.deadline = end
        w.join(max(0.1, end + 1 - time.time()))
    for w in ws:
        for c in w.ctrs:
            c.kill(signal.SIGKILL)
    os.unlink(OPT.state_dir + "/kubeconfig")


if __name__ == "__main__":
    main()
