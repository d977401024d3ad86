// HTTP that changes something: one request, whatever becomes of the engine, of the supervisor or of the answer.
#include <signal.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "base/json.h"
#include "tests/e2e/shown_run.h"
#include "tests/support/servers.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

namespace {

// All requests so far that changed something and went to a path that ends so.
Value::List requests_to(const HttpServer& server, const std::string& end) {
  Value::List out;
  const auto all = parse_json(output_of("curl -sf " + server.url("/requests")));
  REQUIRE(all);
  for (const auto& request : *all->list())
    if (member(request, "path").ends_with(end)) out.push_back(request);
  return out;
}

std::string step(const std::string& id, const std::string& action, const std::string& more = "") {
  return "  - { id: " + id + ", http: { " + action + " }, changes: a thing" + (more.empty() ? "" : ", " + more) + " }\n";
}

Outcome run_steps(const Workplace& w, const std::string& steps) { return run(w, "steps:\n" + steps); }

// The sender goes by the same name and words, and where process numbers begin anew its number is the smaller one: what tells
// them apart is that one is the other's parent.
pid_t supervisor_of(const std::string& run) {
  const auto found = output_of("ps -eo pid=,ppid=,args= | awk '$3 == \"runbook-supervisor\" && index($0, \"" + run +
                               "\") { parent[$1] = $2 } END { for (pid in parent) if (!(parent[pid] in parent)) print pid }'");
  INFO("supervisors: " << found);
  REQUIRE(std::count(found.begin(), found.end(), '\n') == 1);
  return static_cast<pid_t>(std::atoi(found.c_str()));
}

}  // namespace

TEST_CASE("a change is sent once with a key of its own; its answer is what expressions see") {
  const Workplace w;
  const HttpServer server;
  const auto ran = run_steps(
      w, R"(
  - id: make
    http: { post: ")" +
             server.url("/echo") + R"(", json: { name: "한글 '\"", n: 3 }, headers: { X-Team: ops } }
    changes: a thing
    outputs: { body: json.body, key: 'json.headers["idempotency-key"]', team: 'json.headers["x-team"]' }
  - { id: own, http: { put: ")" +
             server.url("/echo") +
             R"(", headers: { Idempotency-Key: mine } }, changes: it, expect: 'json.headers["idempotency-key"] == "mine"' }
  - { id: remove, http: { delete: ")" +
             server.url("/status/204") + R"(" }, changes: it, expect: status == 204 }
)");
  INFO(ran.err);
  CHECK(ran.code == 0);
  const auto outputs = *ShownRun(w).step("make").find("outputs");
  CHECK(member(outputs, "body") == R"({"n":3,"name":"한글 '\""})");
  CHECK(member(outputs, "key").size() == 32);
  CHECK(member(outputs, "team") == "ops");
  CHECK(requests_to(server, "").size() == 3);
}

TEST_CASE("an answer that says nothing of the change, or none, is in doubt, after one request") {
  const auto [path, says] =
      GENERATE(table<std::string, std::string>({{"/status/408", "answered with 408"},
                                                {"/status/502", "answered with 502"},
                                                {"/status/503", "answered with 503"},
                                                {"/status/504", "answered with 504"},
                                                {"/reset", "no whole answer came"},
                                                {"/half", "broke off after 10 bytes"},
                                                {"/half-headers", "no whole answer came"},
                                                {"/trickle", "no whole answer came before its deadline"},
                                                {"/hold/never", "no whole answer came before its deadline"}}));
  CAPTURE(path);
  const Workplace w;
  const HttpServer server;
  const auto ran = run_steps(w, step("make", "post: \"" + server.url(path) + "\"", "timeout: 400ms"));
  INFO(ran.err);
  CHECK(ran.code == 7);
  CHECK_THAT(ran.err, Contains("in doubt") && Contains(says));
  CHECK(requests_to(server, path).size() == 1);
  CHECK(w.runbook({"resume", "@last"}).code == 7);
  CHECK(requests_to(server, path).size() == 1);
}

TEST_CASE("a definite answer ends it: exactly one request, and a new key for the next") {
  const auto status = GENERATE(as<std::string>{}, "400", "409", "417", "500", "301");
  const Workplace w;
  const HttpServer server;
  CHECK(run_steps(w, step("make", "post: \"" + server.url("/status/" + status) + "\"")).code == 5);
  auto sent = requests_to(server, "/" + status);
  CHECK(sent.size() == 1);
  CHECK(w.runbook({"resume", "@last", "--answer", "make=again"}).code == 5);
  sent = requests_to(server, "/" + status);
  REQUIRE(sent.size() == 2);
  CHECK(member(sent[0], "idempotency-key") != member(sent[1], "idempotency-key"));
}

TEST_CASE("a status that `expect` allows is no doubt") {
  const Workplace w;
  const HttpServer server;
  CHECK(run_steps(w, step("make", "post: \"" + server.url("/status/503") + "\"", "expect: 'status in [200, 503]'")).code == 0);
}

TEST_CASE("what never left is tried again, with the key that it had, and has changed nothing") {
  const Workplace w;
  const auto port =
      output_of("python3 -c 'import socket; s = socket.socket(); s.bind((\"127.0.0.1\", 0)); print(s.getsockname()[1])'");
  const auto url = "http://127.0.0.1:" + port.substr(0, port.find('\n')) + "/x";
  const auto ran = run_steps(w, step("make", "post: \"" + url + "\"", "rerun: safe, retry: { every: 10ms, for: 100ms }"));
  INFO(ran.err);
  CHECK(ran.code == 5);
  CHECK_THAT(ran.err, Contains("Connection refused") && Contains("not changed") && !Contains("possibly changed"));
  CHECK(w.runbook({"resume", "@last"}).code == 5);
  const auto starts = ShownRun(w).events("attempt_starting");
  REQUIRE(starts.size() >= 2);
  const auto key = member(*starts.front().find("stamp"), "idempotency_key");
  CHECK(key.size() == 32);
  for (const auto& start : starts) CHECK(member(*start.find("stamp"), "idempotency_key") == key);
}

TEST_CASE("`rerun: safe` repeats what is in doubt with the same key, five times at most, and then asks") {
  const Workplace w;
  const HttpServer server;
  const auto steps = step("make", "post: \"" + server.url("/reset") + "\"", "rerun: safe");
  w.write("a.yaml", runbook_of("defaults: { every: 10ms }\nsteps:\n" + steps));
  const auto ran = w.runbook({"run", "a.yaml"});
  INFO(ran.err);
  CHECK(ran.code == 7);
  const auto sent = requests_to(server, "/reset");
  CHECK(sent.size() == 6);
  for (const auto& request : sent) CHECK(member(request, "idempotency-key") == member(sent[0], "idempotency-key"));
}

TEST_CASE("the engine is killed while a request is under way: it goes on, and `resume` adopts the answer") {
  const Workplace w;
  const HttpServer server;
  w.write("a.yaml", runbook_of("steps:\n" + step("make", "post: \"" + server.url("/hold/a") + "\"", "expect: status == 201")));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return requests_to(server, "/hold/a").size() == 1; }, "the request to arrive");
  engine.signal(SIGKILL);
  engine.wait();
  const bool answered_before = GENERATE(true, false);
  if (answered_before) output_of("curl -sf " + server.url("/release/a"));
  auto resumed = w.start({"resume", "@last"});
  if (!answered_before) {
    wait_until([&] { return ShownRun(w).events("engine_attached").size() == 2; }, "resume to have begun");
    output_of("curl -sf " + server.url("/release/a"));
  }
  const auto ended = resumed.wait();
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK(requests_to(server, "/hold/a").size() == 1);
}

TEST_CASE("its supervisor is killed while a request is under way: in doubt, and not sent again") {
  const Workplace w;
  const HttpServer server;
  w.write("a.yaml", runbook_of("steps:\n" + step("make", "post: \"" + server.url("/hold/b") + "\"")));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return requests_to(server, "/hold/b").size() == 1; }, "the request to arrive");
  const auto supervisor = supervisor_of(w.run_id());
  SECTION("alone") {}
  SECTION("with its engine") {
    engine.signal(SIGKILL);
    engine.wait();
  }
  ::kill(supervisor, SIGKILL);
  if (is_alive(engine.pid())) CHECK(engine.wait().code == 7);
  CHECK(w.runbook({"resume", "@last"}).code == 7);
  CHECK(requests_to(server, "/hold/b").size() == 1);
  CHECK_THAT(ShownRun(w).why("make"), Contains("supervisor died"));
}

TEST_CASE("DELETE, `rerun: safe`: 404 after a doubt is done; 404 at the first request is a failure") {
  const Workplace w;
  const HttpServer server;
  // Takes what it holds off at the first request, and then closes without a word.
  w.write("server.py", R"(
import http.server, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *args): pass
    def do_DELETE(self):
        if os.path.exists("thing"):
            os.remove("thing")
            self.connection.close()
            self.close_connection = True
        else:
            self.send_response(404); self.send_header("Content-Length", "0"); self.end_headers()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
open("port.new", "w").write(str(server.server_port)); os.rename("port.new", "port")
server.serve_forever()
)");
  const auto served = w.shell("setsid python3 server.py >/dev/null 2>&1 & echo $!");
  wait_until([&] { return w.has("port"); }, "the server's port");
  const auto remove = step("remove", "delete: \"http://127.0.0.1:" + w.read("port") + "/thing\"", "rerun: safe");
  w.write("thing", "");
  const auto ran = run_steps(w, remove);
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(run_steps(w, remove).code == 5);
  ::kill(static_cast<pid_t>(std::atoi(served.out.c_str())), SIGKILL);
}

TEST_CASE("no secret of a request is on disk, in a command line or in the store") {
  Workplace w;
  const HttpServer server;
  const std::string canary = "c4n4ry-5ecret-value";
  w.environment["API_TOKEN"] = canary;
  w.write("a.yaml",
          runbook_of("secrets: { token: { env: API_TOKEN } }\nsteps:\n" +
                     step("make",
                          "post: \"" + server.url("/hold/c") +
                              "\", headers: { Authorization: \"Bearer ${secrets.token}\" }, json: { t: \"${secrets.token}\" }")));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return requests_to(server, "/hold/c").size() == 1; }, "the request to arrive");
  CHECK(member(requests_to(server, "/hold/c")[0], "authorization") == "Bearer " + canary);
  for (const auto& entry : std::filesystem::directory_iterator("/proc"))
    CHECK(read_file(entry.path().string() + "/cmdline").find(canary) == std::string::npos);
  output_of("curl -sf " + server.url("/release/c"));
  CHECK(engine.wait().code == 0);
  CHECK(w.shell("grep -rl " + canary + " . || true").out.empty());
}

TEST_CASE("a stop while a request is under way is in doubt; before it is sent nothing has happened") {
  const Workplace w;
  const HttpServer server;
  w.write("a.yaml", runbook_of("steps:\n" + step("make", "post: \"" + server.url("/hold/d") + "\"")));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return requests_to(server, "/hold/d").size() == 1; }, "the request to arrive");
  engine.signal(SIGINT);
  const auto ended = engine.wait();
  INFO(ended.err);
  CHECK(ended.code == 130);
  CHECK(ShownRun(w).status_of("make") == "in_doubt");
  CHECK_THAT(ShownRun(w).why("make"), Contains("cancelled before a whole answer came"));
}

TEST_CASE("an undo by HTTP is a change like any other") {
  const Workplace w;
  const HttpServer server;
  REQUIRE(run_steps(w, step("make", "post: \"" + server.url("/echo") + "\"",
                            "undo: { http: { delete: \"" + server.url("/status/204") + "\" } }") +
                           "  - { id: fails, shell: \"false\", changes: none }\n")
              .code == 5);
  const auto undone = w.runbook({"undo", "@last"});
  INFO(undone.err);
  CHECK(undone.code == 0);
  const auto sent = requests_to(server, "/status/204");
  REQUIRE(sent.size() == 1);
  CHECK(member(sent[0], "method") == "DELETE");
  CHECK(member(sent[0], "idempotency-key").size() == 32);
}
