#!/usr/bin/env python3
"""A web server for tests: http_server.py [CERTIFICATE KEY [CLIENT_CA]] prints its port and serves until its stdin closes.

/echo            what it got, as JSON: method, path, headers (lower-case names), body
/status/N        an answer with that status
/slow/SECONDS    answers after that time
/trickle         a byte every 50 ms, for ever
/big/BYTES       that many bytes
/endless         without a length, for ever
/redirect/N?to=URL   that status, Location: URL (percent-decoded)
/loop            redirects to itself
/reset           closes with a reset before any answer
/half            promises 100 bytes, sends 10, closes
/half-headers    closes within the headers
/interim         103 with a header of its own, then 200
/headers         one header twice, one with odd case
/count           how many requests there were for /counted, /counted/reset: answers, resets
/connections     how many connections there were
/requests        all so far that changed something: method, path, Idempotency-Key, authorization, body
/hold/NAME       says nothing until somebody gets /release/NAME, then answers 201
A proxy too: a request with an absolute URL is answered {"proxied": URL, headers}.
"""
import collections
import json
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

counted = 0
connections = 0
changes = []
released = collections.defaultdict(threading.Event)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def answer_json(self, value):
        self.answer(200, json.dumps(value).encode(), [("Content-Type", "application/json")])

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def handle_any(self):
        global counted
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode("utf-8", "replace")
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.path.startswith("http://"):
            return self.answer_json({"proxied": self.path, "headers": headers})
        url = urllib.parse.urlsplit(self.path)
        parts = url.path.strip("/").split("/")
        what = parts[0]
        if self.command not in ("GET", "HEAD"):
            known = ("idempotency-key", "authorization")
            changes.append({"method": self.command, "path": self.path, "body": body, **{n: headers.get(n) for n in known}})
        if what == "echo":
            self.answer_json({"method": self.command, "path": self.path, "headers": headers, "body": body})
        elif what == "status":
            self.answer(int(parts[1]), b"status")
        elif what == "slow":
            time.sleep(float(parts[1]))
            self.answer(200, b"slow")
        elif what in ("trickle", "endless"):
            self.send_response(200)
            self.end_headers()
            while True:
                self.wfile.write(b"x" if what == "trickle" else b"x" * 65536)
                self.wfile.flush()
                if what == "trickle":
                    time.sleep(0.05)
        elif what == "big":
            self.answer(200, b"x" * int(parts[1]))
        elif what == "redirect":
            self.answer(int(parts[1]), b"moved", [("Location", urllib.parse.parse_qs(url.query)["to"][0])])
        elif what == "loop":
            self.answer(302, b"", [("Location", "/loop")])
        elif what == "reset":
            self.reset()
        elif what == "half":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"0123456789")
            self.close_connection = True
        elif what == "half-headers":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Le")
            self.close_connection = True
        elif what == "interim":
            self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\n")
            self.answer(200, b"late")
        elif what == "headers":
            self.answer(200, b"", [("X-Twice", "a"), ("X-TWICE", "b"), ("Set-Cookie", "c=d")])
        elif what == "counted":
            counted += 1
            if len(parts) > 1:
                self.reset()
            else:
                self.answer(417 if "expect" in headers else 200)
        elif what == "count":
            self.answer_json(counted)
        elif what == "requests":
            self.answer_json(changes)
        elif what == "hold":
            released[parts[1]].wait()
            self.answer(201, b"made")
        elif what == "release":
            released[parts[1]].set()
            self.answer(200)
        elif what == "connections":
            self.answer_json(connections)
        else:
            self.answer(404, b"no such page")

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_CONNECT = handle_any


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def process_request(self, request, address):
        global connections
        connections += 1
        super().process_request(request, address)

    def finish_request(self, request, address):
        if tls:
            request.settimeout(10)
            request = tls.wrap_socket(request, server_side=True)
        super().finish_request(request, address)

    def handle_error(self, request, address):
        pass


tls = None
if len(sys.argv) > 2:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(sys.argv[1], sys.argv[2])
    if len(sys.argv) > 3:
        tls.load_verify_locations(sys.argv[3])
        tls.verify_mode = ssl.CERT_REQUIRED
server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
