// Steps with unruly processes, and what becomes of steps when the processes above them go.
#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/e2e/shown_run.h"
#include "tests/support/servers.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

namespace {

pid_t number(const std::string& text) { return static_cast<pid_t>(std::stoi(text)); }

pid_t parent_of(const Workplace& w, pid_t pid) { return number(w.shell("ps -o ppid= -p " + std::to_string(pid)).out); }

// A folder with programs of its own, which may be replaced.
std::string copied_programs(const Workplace& w) {
  const std::string bin = w.path() + "/bin";
  REQUIRE(
      w.shell("mkdir bin && cp " + std::string(RUNBOOK_BINARY_DIR) + "/{runbook,runbook-supervisor,runbook-net.so} bin/").code ==
      0);
  return bin + "/runbook";
}

bool is_root() {
  if (::geteuid() == 0) return true;
  WARN("skipped: only root can do this");
  return false;
}

// Begins, and goes on until `go` is there.
constexpr const char* patient = R"(
  - id: long
    shell: |
      echo $$ > pid
      echo begun >> log
      until [ -e go ]; do sleep 0.01; done
      echo ended >> log
    changes: log
)";

void wait_for_begin(const Workplace& w) {
  wait_until([&] { return w.read("log") == "begun\n"; }, "the step to begin");
}

}  // namespace

TEST_CASE("a tree that forks and leaves its session all the time dies at its deadline") {
  const Workplace w;
  w.write("storm.py", R"(
import os, sys, time
open("storm", "a").write("%d\n" % os.getpid())
while True:
    if os.fork() == 0:
        os.setsid()
        if os.fork() != 0:
            os._exit(0)
        open("storm", "a").write("%d\n" % os.getpid())
    time.sleep(0.02)
    if os.getppid() == 1 and len(sys.argv) > 9:
        break
    if os.stat("storm").st_size > 600:
        time.sleep(1000)
)");
  w.write("a.yaml", runbook_of("steps:\n  - { id: storm, shell: python3 storm.py, changes: much, timeout: 700ms }\n"));
  const auto ran = w.runbook({"run", "a.yaml"});
  INFO(ran.err);
  CHECK(ran.code == 5);
  CHECK_THAT(ran.err, Contains("timed out"));
  // By name too: with so many of them, a number may be somebody else's by now.
  const auto survivors = w.shell(R"sh(
for p in $(cat storm); do
  [ "$(tr '\0' ' ' 2>/dev/null </proc/$p/cmdline)" != 'python3 storm.py ' ] || echo $p lives
done
)sh");
  CHECK(survivors.out == "");
}

TEST_CASE("somebody ends a supervisor: told to, it cancels its step and records that; killed, it leaves a doubt") {
  const Workplace w;
  w.write("a.yaml", runbook_of(std::string("steps:") + patient));
  auto engine = w.start({"run", "a.yaml"});
  wait_for_begin(w);
  wait_until([&] { return w.read("pid").ends_with('\n'); }, "its pid");
  const auto step = number(w.read("pid"));
  const auto supervisor = parent_of(w, step);
  SECTION("SIGTERM") {
    ::kill(supervisor, SIGTERM);
    const auto ended = engine.wait();
    INFO(ended.err);
    CHECK_THAT(ended.err, Contains("cancelled"));
    CHECK(ShownRun(w).status_of("long") != "in_doubt");
  }
  SECTION("SIGKILL") {
    ::kill(supervisor, SIGKILL);
    const auto ended = engine.wait();
    INFO(ended.err);
    CHECK(ended.code == 7);
    CHECK(ShownRun(w).status_of("long") == "in_doubt");
  }
  wait_until([&] { return !is_alive(step); }, "the step to be gone");
  CHECK(w.read("log") == "begun\n");
}

TEST_CASE("the programs are replaced in mid-run: what runs goes on with those it began with") {
  const Workplace w;
  const HttpServer server;
  const auto own = copied_programs(w);
  w.write("a.yaml", runbook_of(R"(
steps:
  - id: upgrade
    shell: |
      for f in runbook runbook-supervisor; do echo 'exit 99' > bin/new; chmod 755 bin/new; mv bin/new bin/$f; done
    changes: the programs
  - { id: shell, shell: echo still here > out, changes: out }
  - { id: http, http: { post: ")" +
                               server.url("/echo") + R"(" }, changes: it }
  - { id: look, http: { get: ")" +
                               server.url("/echo") + R"(" } }
)"));
  const auto ran = w.shell(own + " run a.yaml");
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(w.read("out") == "still here\n");
}

TEST_CASE("a container that is restarted: what was under way there is in doubt, whatever its pids are now") {
  if (!is_root()) return;
  const Workplace w;
  if (const auto probe = w.shell("unshare --pid --fork --mount-proc true"); probe.code != 0) {
    WARN("skipped: no namespace like a container's can be made here: " << probe.err);
    return;
  }
  w.write("a.yaml", runbook_of(std::string("steps:") + patient));
  w.write("container", "exec unshare --pid --fork --mount-proc --kill-child " + program() + " \"$@\"", true);
  const auto started = w.shell("setsid bash container run a.yaml > began.log 2>&1 & echo $!");
  wait_for_begin(w);
  ::kill(number(started.out), SIGKILL);
  wait_until([&] { return w.shell("pgrep -f 'runbook[-]supervisor .*" + w.run_id() + "'").out.empty(); }, "the container to end");
  const auto resumed = w.shell("bash container resume @last");
  INFO(resumed.err);
  CHECK(resumed.code == 7);
  CHECK_THAT(resumed.err, Contains("when the machine or the container stopped"));
  CHECK(w.read("log") == "begun\n");
}

TEST_CASE("a check under way dies with its engine, and is made anew by the next one") {
  const Workplace w;
  w.write("a.yaml", runbook_of(R"(
steps:
  - { id: look, shell: 'echo $$ >> pids; until [ -e go ]; do sleep 0.01; done; echo seen', changes: none, outputs: { out: stdout.trim() } }
)"));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return w.read("pids").ends_with('\n'); }, "the check to begin");
  const auto check = number(w.read("pids"));
  engine.signal(SIGKILL);
  engine.wait();
  wait_until([&] { return !is_alive(check); }, "the check to die with its engine");
  w.write("go", "");
  const auto resumed = w.runbook({"resume", "@last"});
  INFO(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(count(w.read("pids"), "\n") == 2);
}

TEST_CASE("the ssh session that began it ends, with every signal that this sends: the run goes on") {
  const Workplace w;
  w.write("a.yaml", runbook_of(std::string("steps:") + patient));
  // As sshd does: a session of its own, hung up, its output gone.
  const auto session =
      w.shell("setsid bash -c 'echo $$; exec " + program() + " run a.yaml 2>err.log' & sleep 0; wait $! & echo $!");
  (void)session;
  wait_for_begin(w);
  const auto supervisor = parent_of(w, number(w.read("pid")));
  const auto engine = parent_of(w, supervisor);
  ::kill(-engine, SIGHUP);
  ::kill(engine, SIGHUP);
  CHECK(is_alive(engine));
  w.write("go", "");
  wait_until([&] { return !is_alive(engine); }, "the engine to finish");
  CHECK(ShownRun(w).status() == "succeeded");
}

TEST_CASE("a stop that nobody carried out does not stop a later engine") {
  const Workplace w;
  w.write("a.yaml", runbook_of(std::string("steps:") + patient + "  - { id: last, shell: touch last, changes: last }\n"));
  auto engine = w.start({"run", "a.yaml"});
  wait_for_begin(w);
  engine.signal(SIGSTOP);
  auto stop = w.start({"stop", "@last", "--reason", "late"});
  const auto asked = [&] { return !w.shell("sqlite3 state/state.db 'SELECT 1 FROM requests'").out.empty(); };
  wait_until(asked, "the request to be there");
  stop.signal(SIGKILL);
  stop.wait();
  engine.signal(SIGKILL);
  engine.wait();
  w.write("go", "");
  const auto resumed = w.runbook({"resume", "@last"});
  INFO(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(w.has("last"));
}

TEST_CASE("twenty at once, with an engine and without: no remark is lost, no answer counts twice") {
  const Workplace w;
  w.write(
      "a.yaml",
      runbook_of(
          "steps:\n  - { id: ask, manual: \"is it so?\", timeout: 1h }\n  - { id: last, shell: touch last, changes: last }\n"));
  const bool engine_lives = GENERATE(true, false);
  std::optional<Workplace::Running> engine;
  if (engine_lives) {
    engine.emplace(w.start({"run", "a.yaml", "--wait"}));
    wait_until([&] { return !w.run_id().empty() && ShownRun(w).status() == "waiting"; }, "the question");
  } else {
    REQUIRE(w.runbook({"run", "a.yaml"}).code == 7);
  }
  std::vector<Workplace::Running> all;
  for (int n = 0; n < 20; ++n) all.push_back(w.start({"note", "@last", "remark " + std::to_string(n)}));
  for (int n = 0; n < 20; ++n) all.push_back(w.start({"confirm", "@last", "ask"}));
  int taken = 0, refused = 0;
  for (std::size_t n = 0; n < all.size(); ++n) {
    const auto ended = all[n].wait();
    INFO(ended.err);
    if (n < 20) CHECK(ended.code == 0);
    else ++(ended.code == 0 ? taken : refused);
  }
  CHECK(taken >= 1);
  CHECK(taken + refused == 20);
  if (engine) CHECK(engine->wait().code == 0);
  else CHECK(w.runbook({"resume", "@last"}).code == 0);
  const ShownRun shown(w);
  CHECK(shown.events("answered").size() == 1);
  const auto notes = shown.events("noted");
  CHECK(notes.size() == 20);
  for (int n = 0; n < 20; ++n) CHECK(count(shown.json(), "\"remark " + std::to_string(n) + "\"") == 1);
}

TEST_CASE("`stop` on a full disk still ends the step, and the next engine finds that out") {
  if (!is_root()) return;
  const Workplace w;
  REQUIRE(w.shell("mkdir state && mount -t tmpfs -o size=24m,mode=0755 tmpfs state").code == 0);
  w.write("a.yaml", runbook_of(std::string("steps:") + patient + "  - { id: last, shell: touch last, changes: last }\n"));
  auto engine = w.start({"run", "a.yaml"});
  wait_for_begin(w);
  const auto step = number(w.read("pid"));
  w.shell("dd if=/dev/zero of=state/full bs=64k; dd if=/dev/zero of=state/fuller bs=1");
  auto stop = w.start({"stop", "@last", "--reason", "the disk is full"});
  wait_until([&] { return !is_alive(step); }, "the step to be ended");
  stop.signal(SIGKILL);
  stop.wait();
  engine.signal(SIGKILL);
  engine.wait();
  w.shell("rm state/full state/fuller");
  const auto resumed = w.runbook({"resume", "@last"});
  INFO(resumed.err);
  CHECK(resumed.code != 0);
  CHECK(ShownRun(w).status_of("long") == "cancelled");
  CHECK_FALSE(w.has("last"));
  REQUIRE(w.shell("umount state").code == 0);
}

TEST_CASE("`show` explains a doubt: command, output so far, processes, probe, answers") {
  const Workplace w;
  w.write("a.yaml", runbook_of(R"(
steps:
  - id: long
    shell: 'echo halfway through; echo $$ > pid; exec sleep 1000'
    changes: who knows
    timeout: 1h
    probe: { shell: cat state.txt, expect: 'stdout.trim() == "done"' }
)"));
  w.write("state.txt", "half\n");
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return w.read("pid").ends_with('\n'); }, "the step to begin");
  ::kill(number(w.shell("ps -o ppid= -p " + w.read("pid")).out), SIGKILL);
  wait_until([&] { return ShownRun(w).status_of("long") == "in_doubt"; }, "the doubt");
  const auto shown = w.runbook({"show", "@last"});
  INFO(shown.out);
  CHECK_THAT(shown.out, Contains("IN DOUBT") && Contains("echo halfway through") && Contains("| halfway through"));
  CHECK_THAT(shown.out, Contains("nothing of it is running") && Contains("cat state.txt") && Contains("--as not-done"));
  CHECK(member(ShownRun(w).step("long"), "process") == "nothing of it is running");
  engine.signal(SIGKILL);
  engine.wait();
}
