"""Services: a stable loopback address and port that forwards TCP to the ready pods in turn (what kube-proxy does).

One listener a port, one thread a connection. Without a ready pod the client gets a reset at once.
"""
import select
import socket
import struct
import threading

from .objects import cond_get
from .label_selectors import labels_match, selector_reqs
from .store import STORE

LISTENERS = {}  # (service uid, address, port) -> Listener
CONNECT_SECONDS, IDLE_SECONDS = 2, 300


def pod_port(pod, want):
    """targetPort of a Service, or the port of a probe: a number, or the name of a containerPort."""
    if isinstance(want, int):
        return want
    ports = [p for c in pod["spec"]["containers"] for p in c.get("ports") or []]
    named = next((p["containerPort"] for p in ports if p.get("name") == want), None)
    return named or (int(want) if str(want).isdigit() else None)


def endpoints(namespace, selector, target):
    """(address, port) of every ready pod the selector takes."""
    reqs = selector_reqs({"matchLabels": selector})
    found = []
    for pod in STORE.list("pods", namespace, lambda o: labels_match(reqs, o["metadata"].get("labels"))):
        ready = cond_get(pod["status"].get("conditions"), "Ready")
        port = pod_port(pod, target)
        if port and ready and ready["status"] == "True" and not pod["metadata"].get("deletionTimestamp"):
            found.append((pod["status"]["podIP"], port))
    return found


class Listener:
    def __init__(self, service, port):
        self.namespace, self.name = service["metadata"]["namespace"], service["metadata"]["name"]
        self.port, self.turn = port["port"], 0
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((service["spec"]["clusterIP"], self.port))
        self.socket.listen(128)
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)  # wakes accept()
        except OSError:
            pass
        self.socket.close()

    def accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def connect(self):
        """A connection to the next ready pod; one that is just going away is passed over."""
        service = STORE.get("services", self.namespace, self.name)
        port = (
            next((p for p in service["spec"]["ports"] if p["port"] == self.port), None) if service else None
        )
        ready = endpoints(self.namespace, service["spec"]["selector"], port["targetPort"]) if port else []
        for _ in ready:
            self.turn += 1
            try:
                return socket.create_connection(ready[self.turn % len(ready)], CONNECT_SECONDS)
            except OSError:
                continue
        return None

    def serve(self, client):
        pod = self.connect()
        if pod is None:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
            return
        with client, pod:
            try:
                forward(client, pod)
            except OSError:
                pass


def forward(a, b):
    """Bytes both ways until both sides have ended, each end passed on as it comes."""
    other = {a: b, b: a}
    for s in other:
        s.settimeout(IDLE_SECONDS)
    while other:
        readable, _, _ = select.select(list(other), [], [], IDLE_SECONDS)
        if not readable:
            return
        for s in readable:
            data = s.recv(1 << 16)
            if data:
                other[s].sendall(data)
            else:
                other[s].shutdown(socket.SHUT_WR)
                del other[s]


def sync_services():
    """Opens and closes listeners so that they are those of the stored Services. Called by the controller loop."""
    want = {
        (s["metadata"]["uid"], s["spec"]["clusterIP"], p["port"]): (s, p)
        for s in STORE.list("services")
        for p in s["spec"]["ports"]
    }
    for key in [k for k in LISTENERS if k not in want]:
        listener = LISTENERS.pop(key)
        if listener:
            listener.close()
    for key, (service, port) in want.items():
        if key in LISTENERS:
            continue
        try:
            LISTENERS[key] = Listener(service, port)
        except OSError as e:
            LISTENERS[key] = None  # said once; a port below 1024 needs root
            where = f'{service["spec"]["clusterIP"]}:{port["port"]}'
            STORE.event(service, "Warning", "FailedToListen", f"{where}: {e.strerror}", "service-controller")
