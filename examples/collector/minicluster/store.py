"""All objects, their versions, and the log of changes that watches read."""
import copy
import threading
import time
import uuid
from collections import deque

from .errors import ApiError, not_found, qual
from .objects import rand_suffix, rfc3339
from .resources import RES


class Store:
    """Objects are never changed in place: a write puts a new dict. log keeps (rv, type, res, new, old) for watches."""

    def __init__(self):
        self.lock = threading.RLock()
        self.cond = threading.Condition(self.lock)
        self.objs, self.rv, self.log, self.names, self.seq = {}, 1000, deque(maxlen=5000), {}, {}

    def _emit(self, typ, res, new, old):
        self.rv += 1
        new["metadata"]["resourceVersion"] = str(self.rv)
        self.log.append((self.rv, typ, res, new, old))
        self.cond.notify_all()

    def get(self, res, ns, name):
        return self.objs.get((res, ns, name))

    def list(self, res, ns=None, pred=None):
        with self.lock:
            return [
                o
                for (r, n, _), o in sorted(self.objs.items())
                if r == res and (ns is None or n == ns) and (not pred or pred(o))
            ]

    def create(self, res, obj):
        with self.lock:
            m = obj["metadata"]
            if not m.get("name") and m.get("generateName"):
                m["name"] = m["generateName"] + rand_suffix()
            key = (res, m.get("namespace"), m["name"])
            if key in self.objs:
                raise ApiError(
                    409,
                    "AlreadyExists",
                    f'{qual(res)} "{m["name"]}" already exists',
                    {"name": m["name"], "group": RES[res]["group"], "kind": res},
                )
            m["uid"] = str(uuid.uuid4())
            m["creationTimestamp"] = rfc3339()
            if res in ("deployments", "replicasets"):
                m["generation"] = 1
            self.objs[key] = obj
            self._emit("ADDED", res, obj, None)
            self.seq[m["uid"]] = self.rv
            return obj

    def mutate(self, res, ns, name, fn, bump=True):
        """Read-modify-write; no event when nothing changed; generation follows .spec."""
        with self.lock:
            cur = self.objs.get((res, ns, name))
            if cur is None:
                raise not_found(res, name)
            new = copy.deepcopy(cur)
            new = fn(new) or new
            if new == cur:
                return cur
            if "generation" in cur["metadata"] and new.get("spec") != cur.get("spec"):
                new["metadata"]["generation"] = cur["metadata"]["generation"] + 1
            self.objs[(res, ns, name)] = new
            self._emit("MODIFIED", res, new, cur)
            return new

    def remove(self, res, ns, name):
        with self.lock:
            cur = self.objs.pop((res, ns, name), None)
            if cur:
                self._emit("DELETED", res, copy.deepcopy(cur), cur)

    def event(self, obj, typ, reason, message, component):
        with self.lock:
            m = obj["metadata"]
            ref = {
                "kind": obj["kind"],
                "namespace": m["namespace"],
                "name": m["name"],
                "uid": m["uid"],
                "apiVersion": obj["apiVersion"],
                "resourceVersion": m["resourceVersion"],
            }
            key = (m["uid"], typ, reason, message)
            name = self.names.get(key)
            if name and ("events", m["namespace"], name) in self.objs:
                self.mutate(
                    "events",
                    m["namespace"],
                    name,
                    lambda e: e.update(count=e["count"] + 1, lastTimestamp=rfc3339()),
                )
            else:
                self.names[key] = name = f'{m["name"]}.{time.time_ns():x}'
                self.create(
                    "events",
                    {
                        "kind": "Event",
                        "apiVersion": "v1",
                        "metadata": {"name": name, "namespace": m["namespace"]},
                        "involvedObject": ref,
                        "reason": reason,
                        "message": message,
                        "source": {"component": component},
                        "firstTimestamp": rfc3339(),
                        "lastTimestamp": rfc3339(),
                        "count": 1,
                        "type": typ,
                        "eventTime": None,
                        "reportingComponent": "",
                        "reportingInstance": "",
                    },
                )
                evs = self.list("events")
                for e in sorted(evs, key=lambda e: int(e["metadata"]["resourceVersion"]))[
                    : max(0, len(evs) - 500)
                ]:
                    self.remove("events", e["metadata"]["namespace"], e["metadata"]["name"])


STORE = Store()
