#!/usr/bin/env python3
"""A Service and the target list, through the real kubectl.   usage: service_test.py [KUBECTL]"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
KUBECTL = sys.argv[1] if len(sys.argv) > 1 else "kubectl"
SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: collector}
spec:
  selector: {app: collector}
  ports: [{port: 8080, targetPort: http}]
"""
passed, failed = 0, 0


def check(what, ok, detail=""):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    print(("ok      " if ok else "FAILED  ") + what, "" if ok else detail)


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


folder = tempfile.mkdtemp(prefix="minicluster-test-")
targets = folder + "/targets.json"
server = subprocess.Popen(
    [sys.executable, "-P", "-B", "-m", "minicluster", "--images", HERE + "/images.json"]
    + ["--state-dir", folder + "/state", "--targets", targets],
    env={**os.environ, "PYTHONPATH": os.path.dirname(os.path.dirname(HERE))},
    stdout=open(folder + "/log", "w"),
    stderr=subprocess.STDOUT,
)
kubeconfig = folder + "/state/kubeconfig"


def kubectl(*arguments, stdin=None):
    answer = subprocess.run(
        [KUBECTL, *arguments],
        env={"PATH": os.environ["PATH"], "HOME": folder, "KUBECONFIG": kubeconfig},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=90,
    )
    return answer.stdout + answer.stderr


def version(url):
    try:
        with urllib.request.urlopen(url + "/health", timeout=5) as answer:
            return json.load(answer)["version"]
    except OSError as e:
        return repr(e)


try:
    check("the kubeconfig appears", until(lambda: os.path.exists(kubeconfig)))
    check("apply makes the Service", "service/collector created" in kubectl("apply", "-f", "-", stdin=SERVICE))
    check("and leaves it alone", "unchanged" in kubectl("apply", "-f", "-", stdin=SERVICE))
    address = kubectl("get", "service", "collector", "-o", "jsonpath={.spec.clusterIP}")
    url = f"http://{address}:8080"
    check("without a ready pod a client is refused at once", "v5" not in version(url), version(url))

    kubectl("apply", "-f", HERE + "/deployment.yaml")
    kubectl("rollout", "status", "deployment/collector")
    check("it forwards to ready pods", version(url) == "v5.3.0", version(url))
    check("every pod is a target", until(lambda: len(json.load(open(targets))) == 3), open(targets).read())
    labels = json.load(open(targets))[0]["labels"]
    check("with the labels that kubernetes_sd gives", labels["__meta_kubernetes_pod_label_app"] == "collector", labels)

    kubectl("set", "image", "deployment/collector", "collector=collector:v5.4.0")
    seen = set()
    rollout = subprocess.Popen(
        [KUBECTL, "rollout", "status", "deployment/collector"],
        env={"PATH": os.environ["PATH"], "HOME": folder, "KUBECONFIG": kubeconfig},
        stdout=subprocess.DEVNULL,
    )
    while rollout.poll() is None:
        seen.add(version(url))
    check("no request fails during a rollout", seen <= {"v5.3.0", "v5.4.0"}, seen)
    check("afterwards the new pods answer", until(lambda: {version(url) for _ in range(6)} == {"v5.4.0"}))
    images = lambda: {t["labels"]["__meta_kubernetes_pod_container_image"] for t in json.load(open(targets))}
    check("and they alone are targets", until(lambda: images() == {"collector:v5.4.0"}), images())
    check(
        "the address stays",
        kubectl("get", "service", "collector", "-o", "jsonpath={.spec.clusterIP}") == address,
    )
    kubectl("delete", "service", "collector")
    check("a deleted Service answers no more", until(lambda: "v5" not in version(url)))
finally:
    server.terminate()
    server.wait(20)
check("no traceback", "Traceback" not in open(folder + "/log").read(), open(folder + "/log").read()[-2000:])
print(f"{passed} passed, {failed} failed")
shutil.rmtree(folder)
sys.exit(failed != 0)
