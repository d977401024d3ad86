"""Addresses: each cluster claims a loopback network 127.A.B.0/24 of its own, so that several can run on one machine.

The claim is a listening socket on .1, held for the life of the process: no file is left behind by a crash.
"""
import secrets
import socket
import threading

CLAIM_PORT = 10250  # the kubelet's port on a real node
SERVICES, PODS = range(2, 50), range(50, 250)


class Network:
    def __init__(self):
        self.lock, self.used, self.next_pod = threading.Lock(), set(), 0
        for _ in range(200):
            self.prefix = f"127.{64 + secrets.randbelow(64)}.{secrets.randbelow(256)}."
            self.claim = socket.socket()
            try:
                self.claim.bind((self.prefix + "1", CLAIM_PORT))
                self.claim.listen(1)
                return
            except OSError:
                self.claim.close()
        raise SystemExit(
            f"minicluster: no free loopback network (is port {CLAIM_PORT} taken on all addresses?)"
        )

    @property
    def node(self):
        return self.prefix + "1"

    def pod_ip(self):
        """A free pod address; the one given back last comes last, so that old clients do not meet a new pod."""
        with self.lock:
            for _ in PODS:
                ip = self.prefix + str(PODS[self.next_pod % len(PODS)])
                self.next_pod += 1
                if ip not in self.used:
                    self.used.add(ip)
                    return ip
        raise RuntimeError("all pod addresses are in use")

    def service_ip(self):
        with self.lock:
            for n in SERVICES:
                ip = self.prefix + str(n)
                if ip not in self.used:
                    self.used.add(ip)
                    return ip
        raise RuntimeError("all service addresses are in use")

    def release(self, ip):
        with self.lock:
            self.used.discard(ip)


NET = Network()
