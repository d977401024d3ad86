"""Prometheus' target list (file_sd): every pod that has an address and a port, under the labels kubernetes_sd gives.

A prometheus.yml written for a real cluster keeps its relabelling; only the discovery section differs.
"""
import json
import os

from .settings import OPT
from .store import STORE


def target(pod, container, port):
    meta = {
        "namespace": pod["metadata"]["namespace"],
        "pod_name": pod["metadata"]["name"],
        "pod_ip": pod["status"]["podIP"],
        "pod_container_name": container["name"],
        "pod_container_image": container["image"],
        "pod_container_port_name": port.get("name", ""),
    }
    meta.update(
        {"pod_label_" + k.replace("-", "_"): v for k, v in (pod["metadata"].get("labels") or {}).items()}
    )
    return {
        "targets": [f'{pod["status"]["podIP"]}:{port["containerPort"]}'],
        "labels": {"__meta_kubernetes_" + k: v for k, v in sorted(meta.items())},
    }


def target_list():
    return [
        target(pod, container, port)
        for pod in STORE.list("pods")
        if pod["status"].get("phase") == "Running" and not pod["metadata"].get("deletionTimestamp")
        for container in pod["spec"]["containers"]
        for port in container.get("ports") or []
    ]


def write_targets(_last=[None]):
    """Renamed into place: Prometheus never reads half a list. Called by the controller loop."""
    if not OPT.targets:
        return
    text = json.dumps(target_list(), indent=1) + "\n"
    if text == _last[0]:
        return
    temporary = OPT.targets + ".tmp"
    with open(temporary, "w") as f:
        f.write(text)
    os.rename(temporary, OPT.targets)
    _last[0] = text
