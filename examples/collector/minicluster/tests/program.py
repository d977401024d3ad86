#!/usr/bin/env python3
"""Demo 'collector' service. --version picks the behaviour; it is the same program, as a real image tag would be another build."""
import argparse, json, os, signal, sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

a = argparse.ArgumentParser()
a.add_argument("--version")
a.add_argument("--listen")
a.add_argument("--mode", default="good")
o = a.parse_args()
t0 = time.time()
n = {"ok": 0, "err": 0}


def log(msg):
    print(f"{time.strftime('%H:%M:%S')} collector {o.version} {msg}", flush=True)


class H(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        code, body = 200, {"version": o.version, "pod": os.environ.get("HOSTNAME")}
        if self.path == "/health":
            if o.mode == "never-ready" or time.time() - t0 < 0.4:
                code = 503
        elif self.path == "/ingest":
            if o.mode == "errors" and (n["ok"] + n["err"]) % 3 == 0:
                code = 500
                n["err"] += 1
                log("ERROR ingest: decode failed (schema v2)")
            else:
                n["ok"] += 1
        elif self.path == "/metrics":
            body = n
        else:
            code = 404
        b = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(b)))
        self.end_headers()
        self.wfile.write(b)


class S(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, *_):
        pass


def term(*_):
    log("SIGTERM, draining")
    threading.Thread(target=lambda: (time.sleep(0.2), os._exit(0))).start()


signal.signal(signal.SIGTERM, term)
host, port = o.listen.rsplit(":", 1)
s = S((host, int(port)), H)
log(f"listening on {o.listen} mode={o.mode} pid={os.getpid()}")
if o.mode == "crash":
    threading.Thread(
        target=lambda: (time.sleep(1), log("FATAL out of memory"), os._exit(3)), daemon=True
    ).start()
s.serve_forever()
