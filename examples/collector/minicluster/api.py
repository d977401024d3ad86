"""The HTTP side: routes, lists, watches, writes, logs. What kubectl talks to."""
import copy
import json
import re
import select
import socket
import threading
import time
import traceback
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from .controllers import delete_pod, owned
from .errors import ApiError, invalid, not_found, qual
from .kubelet import WORKERS
from .network import NET
from .objects import VERSION, parse_time, rand_suffix, rfc3339
from .openapi import openapi_pb
from .patches import PATCHES
from .resources import RES, WRITABLE, gv
from .schema import check_schema
from .label_selectors import fields_match, labels_match, parse_label_selector
from .settings import OPT
from .store import STORE
from .tables import selstr, table
from .validation import apply_defaults, validate


def api_resource_list(group):
    out = []
    for r, i in RES.items():
        if i["group"] != group:
            continue
        verbs = ["get", "list", "watch"] + (["create", "delete", "patch", "update"] if r in WRITABLE else [])
        out.append(
            {
                "name": r,
                "singularName": "",
                "namespaced": i["ns"],
                "kind": i["kind"],
                "verbs": verbs,
                "shortNames": i["short"],
                **({"categories": i["cats"]} if i.get("cats") else {}),
            }
        )
        if r in ("deployments", "replicasets"):
            out.append(
                {
                    "name": r + "/scale",
                    "singularName": "",
                    "namespaced": True,
                    "group": "autoscaling",
                    "version": "v1",
                    "kind": "Scale",
                    "verbs": ["get", "patch", "update"],
                }
            )
        if r == "pods":
            out.append(
                {"name": "pods/log", "singularName": "", "namespaced": True, "kind": "Pod", "verbs": ["get"]}
            )
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": "apps/v1" if group else "v1",
        "resources": out,
    }


ROUTE = re.compile(
    r"^/(?:api/v1|apis/(apps)/v1)(?:/namespaces/([^/]+))?/([a-z]+)(?:/([^/]+))?(?:/([a-z]+))?$"
)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "minicluster"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    timeout = 120

    def log_message(self, *a):
        pass

    def do_GET(self):
        self.handle_one("GET")

    def do_POST(self):
        self.handle_one("POST")

    def do_PUT(self):
        self.handle_one("PUT")

    def do_PATCH(self):
        self.handle_one("PATCH")

    def do_DELETE(self):
        self.handle_one("DELETE")

    def handle_one(self, method):
        t0 = time.time()
        self.code, self.sent, self.streamed, self.warnings, self.body = 0, 0, False, [], b""
        u = urlsplit(self.path)
        path = u.path
        self.q = {k: v[-1] for k, v in parse_qs(u.query, keep_blank_values=True).items()}
        try:
            cl = self.headers.get("Content-Length") or "0"
            if not cl.isdigit() or self.headers.get("Transfer-Encoding"):
                self.close_connection = True
                raise ApiError(400, "BadRequest", "a body needs a plain Content-Length")
            n = int(cl)
            if n > 3 << 20:
                self.close_connection = True
                raise ApiError(413, "RequestEntityTooLarge", "request is too large (3 MiB at most)")
            self.body = self.rfile.read(n)
            if path in ("/healthz", "/livez", "/readyz"):
                return self.send(200, b"ok", "text/plain")
            if not path.startswith(OPT.prefix + "/") or "Origin" in self.headers:
                raise ApiError(401, "Unauthorized", "Unauthorized")
            path = path[len(OPT.prefix) :]
            if path in ("/healthz", "/livez", "/readyz"):
                return self.send(200, b"ok", "text/plain")
            for k in ("timeoutSeconds", "resourceVersion", "tailLines", "sinceSeconds", "limitBytes"):
                if not re.fullmatch(r"\d{0,15}", self.q.get(k, "")):
                    raise ApiError(400, "BadRequest", f"invalid value for {k}: {self.q[k]!r}")
            self.route(method, path)
        except ApiError as e:
            self.send_json(e.code, e.status())
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        except Exception as e:
            traceback.print_exc()
            if not self.streamed:
                self.send_json(
                    500, ApiError(500, "InternalError", f"Internal error occurred: {e!r}").status()
                )
        finally:
            if OPT.access_log:
                rec = {
                    "t": round(t0, 3),
                    "ms": round((time.time() - t0) * 1000, 1),
                    "method": method,
                    "path": path.replace(OPT.prefix, ""),
                    "query": u.query,
                    "accept": self.headers.get("Accept"),
                    "ctype": self.headers.get("Content-Type"),
                    "ua": self.headers.get("User-Agent"),
                    "auth": bool(self.headers.get("Authorization")),
                    "code": self.code,
                    "bytes": self.sent,
                    "stream": self.streamed,
                    "body": self.body.decode("utf-8", "replace")[:4000],
                }
                with LOGLOCK:
                    OPT.access_log.write(json.dumps(rec) + "\n")
                    OPT.access_log.flush()

    def send(self, code, data, ctype):
        self.code, self.sent = code, len(data)
        self.send_response(code)
        self.send_header("Content-Type", ctype)
        self.send_header("Content-Length", str(len(data)))
        for w in self.warnings:
            self.send_header("Warning", f'299 - "{w}"')
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def send_json(self, code, obj):
        self.send(code, json.dumps(obj).encode(), "application/json")

    def chunk(self, data):
        self.sent += len(data)
        self.wfile.write(b"%x\r\n" % len(data) + data + b"\r\n")
        self.wfile.flush()

    def start_stream(self, ctype):
        self.code, self.streamed = 200, True
        self.send_response(200)
        self.send_header("Content-Type", ctype)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()

    def gone(self):
        r, _, _ = select.select([self.connection], [], [], 0)
        if r:
            try:
                return self.connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
            except BlockingIOError:
                return False
            except OSError:
                return True
        return False

    def negotiate(self):
        """-> None (plain JSON) or the Table version; 406 if the client takes neither."""
        for part in (self.headers.get("Accept") or "*/*").split(","):
            bits = [b.strip() for b in part.split(";")]
            par = dict(b.split("=", 1) for b in bits[1:] if "=" in b)
            if bits[0] not in ("application/json", "*/*", "application/*"):
                continue
            if (
                par.get("as") == "Table"
                and par.get("g") == "meta.k8s.io"
                and par.get("v") in ("v1", "v1beta1")
            ):
                return par["v"]
            if "as" not in par:
                return None
        raise ApiError(406, "NotAcceptable", "only the following media types are accepted: application/json")

    def route(self, method, path):
        if method == "GET":
            if path == "/version":
                return self.send_json(
                    200,
                    {
                        "major": "1",
                        "minor": "20",
                        "gitVersion": VERSION,
                        "gitCommit": "minicluster-is-not-kubernetes",
                        "gitTreeState": "sandbox",
                        "buildDate": "1970-01-01T00:00:00Z",
                        "goVersion": "none",
                        "compiler": "cpython",
                        "platform": "linux/amd64",
                    },
                )
            if path == "/api":
                return self.send_json(
                    200, {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}
                )
            if path == "/apis":
                v = {"groupVersion": "apps/v1", "version": "v1"}
                return self.send_json(
                    200,
                    {
                        "kind": "APIGroupList",
                        "apiVersion": "v1",
                        "groups": [{"name": "apps", "versions": [v], "preferredVersion": v}],
                    },
                )
            if path == "/api/v1":
                return self.send_json(200, api_resource_list(""))
            if path == "/apis/apps/v1":
                return self.send_json(200, api_resource_list("apps"))
            if path == "/openapi/v2" and OPT.openapi != "none":
                if OPT.openapi == "json":
                    return self.send_json(
                        200,
                        {
                            "swagger": "2.0",
                            "info": {"title": "minicluster", "version": VERSION},
                            "paths": {},
                            "definitions": {},
                        },
                    )
                return self.send(
                    200,
                    b"" if OPT.openapi == "empty" else openapi_pb(),
                    "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
                )
        m = ROUTE.match(path)
        if m and m[3] in RES and (m[1] or "") == RES[m[3]]["group"]:
            ns, res, name, sub = m[2], m[3], m[4], m[5]
        elif n := re.fullmatch(r"/api/v1/namespaces(?:/([^/]+))?", path):
            ns, res, name, sub = None, "namespaces", n[1], None
        else:
            raise ApiError(404, "NotFound", "the server could not find the requested resource")
        name = unquote(name) if name else None
        if method == "GET" and name and sub == "log" and res == "pods":
            return self.get_log(ns, name)
        if sub == "scale" and res in ("deployments", "replicasets"):
            return self.scale(method, res, ns, name)
        if sub == "status" and method == "GET":
            sub = None
        if sub:
            raise ApiError(
                404,
                "NotFound",
                f"the server could not find the requested resource (minicluster has no {res}/{sub})",
            )
        if method == "GET":
            if name and not self.q.get("watch"):
                return self.get(res, ns, name)
            if name:
                self.q["fieldSelector"] = "metadata.name=" + name
            return self.watch(res, ns) if self.q.get("watch") in ("true", "1") else self.list(res, ns)
        if res not in WRITABLE:
            raise ApiError(405, "MethodNotAllowed", f"minicluster: {res} are read-only")
        if method == "POST" and not name:
            return self.create(res, ns)
        if method in ("PUT", "PATCH") and name:
            return self.update(method, res, ns, name)
        if method == "DELETE":
            return self.delete(res, ns, name)
        raise ApiError(
            405, "MethodNotAllowed", "the server does not allow this method on the requested resource"
        )

    def want(self, res, ns):
        lab, fs = parse_label_selector(self.q.get("labelSelector")), self.q.get("fieldSelector")
        return (
            lambda o: (ns is None or o["metadata"].get("namespace") == ns)
            and labels_match(lab, o["metadata"].get("labels"))
            and fields_match(fs, o)
        )

    def reply(self, code, res, obj):
        tv = self.negotiate()
        self.send_json(
            code,
            table(res, [obj], self.q.get("includeObject", "Metadata"), tv, obj["metadata"]["resourceVersion"])
            if tv
            else obj,
        )

    def find(self, res, ns, name):
        o = STORE.get(res, ns, name)
        if o is None:
            raise not_found(res, name)
        return o

    def get(self, res, ns, name):
        self.reply(200, res, self.find(res, ns, name))

    def list(self, res, ns):
        tv = self.negotiate()
        with STORE.lock:
            objs, rv = STORE.list(res, None, self.want(res, ns)), str(STORE.rv)
        if tv:
            return self.send_json(200, table(res, objs, self.q.get("includeObject", "Metadata"), tv, rv))
        self.send_json(
            200,
            {
                "kind": RES[res]["kind"] + "List",
                "apiVersion": gv(res),
                "metadata": {"resourceVersion": rv},
                "items": objs,
            },
        )

    def watch(self, res, ns):
        if self.q.get("sendInitialEvents"):
            raise ApiError(
                422, "Invalid", "sendInitialEvents is forbidden for watch (minicluster has no WatchList)"
            )
        tv, want = self.negotiate(), self.want(res, ns)
        end = time.time() + float(self.q.get("timeoutSeconds") or 1800)
        header = [True]

        def line(typ, o):
            if tv and typ in ("ADDED", "MODIFIED", "DELETED"):
                o = table(
                    res,
                    [o],
                    self.q.get("includeObject", "Metadata"),
                    tv,
                    o["metadata"]["resourceVersion"],
                    header[0],
                )
                header[0] = False
            return json.dumps({"type": typ, "object": o}).encode() + b"\n"

        with STORE.lock:
            last = int(self.q.get("resourceVersion") or 0)
            first = []
            if last == 0:
                first = [("ADDED", o) for o in STORE.list(res, None, want)]
                last = STORE.rv
            elif STORE.log and last < STORE.log[0][0] - 1 or last > STORE.rv:
                raise ApiError(410, "Expired", f"too old resource version: {last} ({STORE.rv})")
        self.start_stream("application/json")
        while True:
            for typ, o in first:
                self.chunk(line(typ, o))
            first = []
            with STORE.lock:
                if STORE.rv == last:
                    STORE.cond.wait(0.5)
                if STORE.log and last < STORE.log[0][0] - 1:
                    first = [("ERROR", ApiError(410, "Expired", "too old resource version").status())]
                    end = 0
                else:
                    for rv, typ, r, new, old in reversed(STORE.log):
                        if rv <= last:
                            break
                        if r == res:
                            is_, was = want(new), old is not None and want(old)
                            if typ == "DELETED":
                                t = "DELETED" if was else None
                            else:
                                t = ("MODIFIED" if was else "ADDED") if is_ else ("DELETED" if was else None)
                            if t:
                                first.insert(0, (t, new))
                last = STORE.rv
            if not first and (time.time() > end or self.gone() or STOP.is_set()):
                break
            if end == 0:
                for typ, o in first:
                    self.chunk(line(typ, o))
                break
        if not self.gone():
            self.wfile.write(b"0\r\n\r\n")
            self.wfile.flush()

    def parse_body(self):
        try:
            return json.loads(self.body)
        except ValueError:
            raise ApiError(400, "BadRequest", "the object provided is unrecognized: the body is not JSON")

    def clean(self, res, obj):
        """Schema check; unknown fields: 400 under fieldValidation=Strict, else dropped with a warning; no-effect fields: a warning."""
        if not isinstance(obj, dict):
            raise ApiError(400, "BadRequest", "the body is not an object")
        unknown, off = [], []
        check_schema(obj, RES[res]["kind"], "", unknown, off)
        if unknown and self.q.get("fieldValidation") == "Strict":
            raise ApiError(
                400,
                "BadRequest",
                f'{RES[res]["kind"]} in version "v1" cannot be handled as a {RES[res]["kind"]}: strict decoding error: '
                + ", ".join(f'unknown field "{u}"' for u in unknown),
            )
        if self.q.get("fieldValidation") != "Ignore":
            self.warnings += [f"unknown field {u!r} (minicluster)".replace("'", "") for u in unknown]
        self.warnings += [f"minicluster stores {f} but it has no effect here" for f in off]

    def create(self, res, ns):
        obj = self.parse_body()
        self.clean(res, obj)
        if not ns or STORE.get("namespaces", None, ns) is None:
            raise not_found("namespaces", ns or "")
        if obj.get("kind") != RES[res]["kind"] or obj.get("apiVersion") != gv(res):
            raise ApiError(
                400,
                "BadRequest",
                f'{obj.get("apiVersion")}/{obj.get("kind")} does not match the expected {gv(res)}/{RES[res]["kind"]}',
            )
        m = obj.setdefault("metadata", {})
        if m.get("namespace", ns) != ns:
            raise ApiError(
                400,
                "BadRequest",
                "the namespace of the provided object does not match the namespace sent on the request",
            )
        m["namespace"] = ns
        obj.pop("status", None)
        obj["status"] = (
            {"phase": "Pending", "qosClass": "BestEffort"}
            if res == "pods"
            else {"replicas": 0}
            if res == "replicasets"
            else {}
        )
        if not m.get("name") and m.get("generateName"):
            m["name"] = m["generateName"] + rand_suffix()
        for k in (
            "uid",
            "resourceVersion",
            "creationTimestamp",
            "generation",
            "deletionTimestamp",
            "managedFields",
            "selfLink",
        ):
            m.pop(k, None)
        if res == "services" and obj.get("spec", {}).get("clusterIP"):
            raise invalid(res, m.get("name", ""), [("spec.clusterIP", "Forbidden: minicluster chooses it")])
        apply_defaults(res, obj)
        validate(res, obj)
        if res == "services" and not self.q.get("dryRun"):
            obj["spec"]["clusterIP"] = NET.service_ip()
        if self.q.get("dryRun"):
            m.update(uid=str(uuid.uuid4()), creationTimestamp=rfc3339(), resourceVersion="", generation=1)
        else:
            obj = STORE.create(res, obj)
        self.reply(201, res, obj)

    def update(self, method, res, ns, name):
        ct = (self.headers.get("Content-Type") or "").split(";")[0].strip()
        body = self.parse_body()
        if method == "PATCH" and ct not in PATCHES:
            raise ApiError(
                415,
                "UnsupportedMediaType",
                f"the body of the request was in an unknown format - accepted media types include: {', '.join(PATCHES)} (minicluster has no server-side apply)",
            )
        result = {}

        def f(cur):
            base = copy.deepcopy(cur)
            if method == "PUT":
                new = body
            else:
                new = PATCHES[ct](cur, body, RES[res]["kind"])
            self.clean(res, new)
            m, cm = new.setdefault("metadata", {}), base["metadata"]
            rv = m.get("resourceVersion")
            if rv and rv != cm["resourceVersion"]:
                raise ApiError(
                    409,
                    "Conflict",
                    f'Operation cannot be fulfilled on {qual(res)} "{name}": the object has been modified; please apply your changes to the latest version and try again',
                    {"name": name, "group": RES[res]["group"], "kind": res},
                )
            if m.get("name") != name or m.get("namespace", ns) != ns:
                raise ApiError(
                    400, "BadRequest", "the name or namespace of the object does not match the URL"
                )
            for k in (
                "uid",
                "resourceVersion",
                "creationTimestamp",
                "generation",
                "deletionTimestamp",
                "deletionGracePeriodSeconds",
                "namespace",
            ):
                if k in cm:
                    m[k] = cm[k]
                else:
                    m.pop(k, None)
            m.pop("managedFields", None)
            new["status"] = base.get("status", {})
            new["kind"], new["apiVersion"] = base["kind"], base["apiVersion"]
            if res == "services":
                new["spec"].setdefault("clusterIP", base["spec"]["clusterIP"])
            apply_defaults(res, new)
            validate(res, new, base)
            if res == "pods":
                same = lambda s: {**s, "containers": [{**c, "image": ""} for c in s["containers"]]}
                if same(new["spec"]) != same(base["spec"]):
                    raise invalid(
                        res,
                        name,
                        [
                            (
                                "spec",
                                "Forbidden: pod updates may not change fields other than `spec.containers[*].image`",
                            )
                        ],
                    )
            result["o"] = new
            return base if self.q.get("dryRun") else new

        with STORE.lock:
            if STORE.get(res, ns, name) is None:
                raise not_found(res, name)
            obj = STORE.mutate(res, ns, name, f)
        self.reply(200, res, result["o"] if self.q.get("dryRun") else obj)

    def delete(self, res, ns, name):
        opts = self.parse_body() if self.body else {}
        if not isinstance(opts, dict) or not isinstance(opts.get("gracePeriodSeconds", 0), int):
            raise ApiError(400, "BadRequest", "the body is not DeleteOptions")
        with STORE.lock:
            objs = [self.find(res, ns, name)] if name else STORE.list(res, None, self.want(res, ns))
            for o in objs:
                m = o["metadata"]
                pre = opts.get("preconditions") or {}
                if pre.get("uid") and pre["uid"] != m["uid"]:
                    raise ApiError(409, "Conflict", "Precondition failed: UID in precondition does not match")
                if self.q.get("dryRun") or opts.get("dryRun"):
                    continue
                if res == "pods":
                    grace = opts.get("gracePeriodSeconds")
                    if grace == 0:
                        STORE.remove(res, m["namespace"], m["name"])
                    else:
                        o = delete_pod(o, grace)
                else:
                    if opts.get("propagationPolicy") == "Orphan" or opts.get("orphanDependents"):
                        for r in ("replicasets", "pods"):
                            for dep in owned(r, o):
                                STORE.mutate(
                                    r,
                                    m["namespace"],
                                    dep["metadata"]["name"],
                                    lambda x: x["metadata"].update(
                                        ownerReferences=[
                                            y
                                            for y in x["metadata"]["ownerReferences"]
                                            if y["uid"] != m["uid"]
                                        ]
                                    ),
                                )
                    STORE.remove(res, m["namespace"], m["name"])
                    if res == "services":
                        NET.release(o["spec"]["clusterIP"])
        if name and res == "pods":
            return self.reply(200, res, o)
        self.send_json(
            200,
            {
                "kind": "Status",
                "apiVersion": "v1",
                "metadata": {},
                "status": "Success",
                **(
                    {
                        "details": {
                            "name": name,
                            "group": RES[res]["group"],
                            "kind": res,
                            "uid": objs[0]["metadata"]["uid"],
                        }
                    }
                    if name
                    else {}
                ),
            },
        )

    def scale(self, method, res, ns, name):
        cur = self.find(res, ns, name)

        def view(o):
            return {
                "kind": "Scale",
                "apiVersion": "autoscaling/v1",
                "metadata": {
                    k: o["metadata"][k]
                    for k in ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")
                },
                "spec": {"replicas": o["spec"]["replicas"]},
                "status": {
                    "replicas": o.get("status", {}).get("replicas", 0),
                    "selector": selstr(o["spec"]["selector"]),
                },
            }

        if method in ("PUT", "PATCH"):
            body = self.parse_body()
            ct = (self.headers.get("Content-Type") or "").split(";")[0]
            if method == "PATCH":
                if ct not in PATCHES:
                    raise ApiError(415, "UnsupportedMediaType", "unknown patch type")
                body = PATCHES[ct](view(cur), body, "any")
            if (
                not isinstance(body, dict)
                or not isinstance(body.get("metadata", {}), dict)
                or not isinstance(body.get("spec"), dict)
            ):
                raise ApiError(400, "BadRequest", "the body is not a Scale")
            rv = body.get("metadata", {}).get("resourceVersion")
            n = body.get("spec", {}).get("replicas", 0)

            def f(o):
                if rv and method == "PUT" and rv != o["metadata"]["resourceVersion"]:
                    raise ApiError(
                        409,
                        "Conflict",
                        f'Operation cannot be fulfilled on {qual(res)} "{name}": the object has been modified; please apply your changes to the latest version and try again',
                    )
                if not isinstance(n, int) or n < 0:
                    raise invalid(
                        res,
                        name,
                        [("spec.replicas", f"Invalid value: {n}: must be greater than or equal to 0")],
                    )
                o["spec"]["replicas"] = n
                validate(res, o)

            if not self.q.get("dryRun"):
                cur = STORE.mutate(res, ns, name, f)
        elif method != "GET":
            raise ApiError(
                405, "MethodNotAllowed", "the server does not allow this method on the requested resource"
            )
        self.send_json(200, view(cur))

    def get_log(self, ns, name):
        pod = self.find("pods", ns, name)
        names = [c["name"] for c in pod["spec"]["containers"]]
        cn = self.q.get("container")
        if not cn:
            if len(names) > 1:
                raise ApiError(
                    400,
                    "BadRequest",
                    f"a container name must be specified for pod {name}, choose one of: [{' '.join(names)}]",
                )
            cn = names[0]
        if cn not in names:
            raise ApiError(400, "BadRequest", f"container {cn} is not valid for pod {name}")
        w = WORKERS.get(pod["metadata"]["uid"])
        c = next((c for c in w.ctrs if c.name == cn), None) if w else None
        n = c.n if c else -1
        prev = self.q.get("previous") == "true"
        if prev:
            n -= 1 if c and c.proc else 0
        if prev and (n < 0 or not c.restarts):
            raise ApiError(
                400, "BadRequest", f'previous terminated container "{cn}" in pod "{name}" not found'
            )
        if n < 0:
            why = c.state.get("waiting", {}).get("reason", "ContainerCreating") if c else "ContainerCreating"
            raise ApiError(
                400,
                "BadRequest",
                f'container "{cn}" in pod "{name}" is waiting to start: '
                + ("trying and failing to pull image" if "Image" in why else why),
            )
        follow, ts = self.q.get("follow") == "true", self.q.get("timestamps") == "true"
        since = (
            time.time() - float(self.q["sinceSeconds"])
            if self.q.get("sinceSeconds")
            else parse_time(self.q["sinceTime"])
            if self.q.get("sinceTime")
            else 0
        )

        def show(line):
            t, _, rest = line.partition(b" stdout F ")
            return b"" if since and parse_time(t.decode()) < since else (t + b" " + rest if ts else rest)

        with open(c.log_path(n), "rb") as f:
            lines = f.read().splitlines(keepends=True)
            tail = b""
            if lines and not lines[-1].endswith(b"\n"):
                tail = lines.pop()
            if self.q.get("tailLines"):
                k = int(self.q["tailLines"])
                lines = lines[-k:] if k > 0 else []
            data = b"".join(map(show, lines))
            if self.q.get("limitBytes"):
                data = data[: int(self.q["limitBytes"])]
            if not follow:
                return self.send(200, data, "text/plain")
            self.start_stream("text/plain")
            if data:
                self.chunk(data)
            while not self.gone() and not STOP.is_set():
                live = c.n == n and c.proc is not None
                tail += f.read()
                *full, tail = tail.split(b"\n")
                data = b"".join(show(x + b"\n") for x in full)
                if data:
                    self.chunk(data)
                elif not live:
                    break
                else:
                    time.sleep(0.1)
            self.wfile.write(b"0\r\n\r\n")
            self.wfile.flush()


LOGLOCK, STOP = threading.Lock(), threading.Event()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, addr):
        pass
