// How runs end, go on and are closed; who may work on them at once.
#include <signal.h>

#include <catch2/catch.hpp>

#include "tests/e2e/shown_run.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

namespace {

// Runs until `go` is there.
constexpr const char* patient = R"(
  - id: long
    shell: |
      trap 'echo asked >> log; exit 3' TERM
      echo begun >> log
      until [ -e go ]; do sleep 0.01; done
      echo ended >> log
    changes: log
)";

}  // namespace

TEST_CASE("after a failure `resume` runs only what is still needed") {
  const Workplace w;
  const auto ran = run(w, R"(
steps:
  - { id: one, shell: echo one >> log, changes: log }
  - { id: look, shell: test -e mended, changes: none }
  - { id: two, shell: echo two >> log, changes: log }
)");
  INFO(ran.err);
  CHECK(ran.code == 5);
  CHECK_THAT(ran.err, Contains("changed") && Contains("runbook resume"));
  CHECK(w.runbook({"resume", "@last"}).code == 5);
  w.write("mended", "");
  CHECK(w.runbook({"resume", "@last"}).code == 0);
  CHECK(w.read("log") == "one\ntwo\n");
}

TEST_CASE("a run executes the file as it was when it began, and says that it has changed since") {
  const Workplace w;
  CHECK(
      run(w,
          "steps:\n  - { id: look, shell: test -e mended, changes: none }\n  - { id: two, shell: echo two > out, changes: out }\n")
          .code == 5);
  w.write(
      "a.yaml",
      runbook_of(
          "steps:\n  - { id: look, shell: \"true\", changes: none }\n  - { id: two, shell: echo other > out, changes: out }\n"));
  w.write("mended", "");
  CHECK_THAT(w.runbook({"show", "@last"}).out, Contains("no longer what the run was started with"));
  CHECK(w.runbook({"resume", "@last"}).code == 0);
  CHECK(w.read("out") == "two\n");
}

TEST_CASE("a criterion that is not met is exit 6; after the repair `resume` looks again") {
  const Workplace w;
  const auto ran = run(w, R"(
steps:
  - { id: one, shell: echo one >> log, changes: log }
success:
  - { id: good, shell: 'cat value', expect: stdout.trim() == "good", retry: { every: 10ms, for: 50ms } }
  - { id: settled, expect: steps.one.state == "succeeded" }
)");
  INFO(ran.err);
  CHECK(ran.code == 6);
  const ShownRun first(w);
  CHECK(first.status() == "criteria_failed");
  CHECK(first.is_open());
  CHECK(first.status_of("success:settled") == "succeeded");
  w.write("value", "good\n");
  const auto resumed = w.runbook({"resume", "@last"});
  INFO(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(w.read("log") == "one\n");
}

TEST_CASE("`finally` runs once, when the run closes") {
  const std::string text = R"(
steps:
  - { id: one, shell: test -e mended, changes: none }
finally:
  - { id: tell, shell: 'echo "$state" >> closed', env: { state: "${run.state}" }, changes: closed }
)";
  const Workplace w;
  SECTION("not while it is open, once at its success") {
    CHECK(run(w, text).code == 5);
    CHECK_FALSE(w.has("closed"));
    w.write("mended", "");
    CHECK(w.runbook({"resume", "@last"}).code == 0);
    CHECK(w.read("closed") == "succeeded\n");
  }
  SECTION("--close closes at the first failure") {
    CHECK(run(w, text, {"--close"}).code == 5);
    CHECK(w.read("closed") == "failed\n");
    const ShownRun shown(w);
    CHECK_FALSE(shown.is_open());
    CHECK(shown.status() == "failed");
    CHECK(w.runbook({"resume", "@last"}).code == 5);
    CHECK(w.read("closed") == "failed\n");
  }
  SECTION("`stop` closes") {
    CHECK(run(w, text).code == 5);
    const auto stopped = w.runbook({"stop", "@last", "--reason", "given up"});
    INFO(stopped.err);
    CHECK(stopped.code == 0);
    CHECK(w.read("closed") == "cancelled\n");
    CHECK(w.runbook({"stop", "@last"}).code == 2);
  }
  SECTION("not when no step was started") {
    CHECK(run(w, "preconditions:\n  - { id: no, shell: \"false\" }\n" + text).code == 4);
    CHECK_FALSE(w.has("closed"));
  }
}

TEST_CASE("`stop` from another process: what runs is asked to end, the run is closed, its engine exits 8") {
  const Workplace w;
  w.write(
      "a.yaml",
      runbook_of(
          std::string("lock: thing\nsteps:") + patient +
          "  - { id: last, shell: echo last >> log, changes: log }\nfinally:\n  - { id: tell, shell: touch closed, changes: closed }\n"));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return w.read("log") == "begun\n"; }, "the step to begin");
  const auto stopped = w.runbook({"stop", "@last", "--reason", "wrong cluster"});
  CHECK(stopped.code == 0);
  const auto ended = engine.wait();
  INFO(ended.err);
  CHECK(ended.code == 8);
  CHECK_THAT(ended.err, Contains("wrong cluster"));
  CHECK(w.read("log") == "begun\nasked\n");
  CHECK(w.has("closed"));
  CHECK_FALSE(ShownRun(w).is_open());
}

TEST_CASE("a run whose files somebody has removed is in doubt, and can be gone on with or closed") {
  const Workplace w;
  w.write("a.yaml", runbook_of("lock: here\nsteps:" + std::string(patient)));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return w.read("log") == "begun\n"; }, "the step to begin");
  engine.signal(SIGKILL);
  engine.wait();
  const std::string id = w.run_id();
  w.shell("rm -rf \"$RUNBOOK_STATE_DIR\"/runs/" + id);
  SECTION("resumed") {
    const auto resumed = w.runbook({"resume", id});
    INFO(resumed.err);
    CHECK(resumed.code == 7);
    CHECK(ShownRun(w).status_of("long") == "in_doubt");
    CHECK(w.runbook({"resolve", id, "long", "--as", "done", "--reason", "looked"}).code == 0);
    CHECK(w.runbook({"resume", id}).code == 0);
  }
  SECTION("stopped: its lock is free") {
    const auto stopped = w.runbook({"stop", id, "--reason", "enough"});
    INFO(stopped.err);
    CHECK_FALSE(ShownRun(w, id).is_open());
    CHECK(run(w, "lock: here\nsteps: [{ id: a, shell: 'true', changes: none }]\n").code == 0);
  }
  w.write("go", "");
}

TEST_CASE("one open run for each lock, whether or not an engine lives") {
  const Workplace w;
  const std::string head = "lock: [deployment/x, database/y]\nsteps:";
  w.write("a.yaml", runbook_of(head + patient));
  w.write("b.yaml", runbook_of("lock: database/y\nsteps:\n  - { id: one, shell: touch other, changes: other }\n"));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return w.read("log") == "begun\n"; }, "the step to begin");
  const std::string holder = w.run_id();
  const auto refused = [&] {
    const auto other = w.runbook({"run", "b.yaml"});
    CHECK(other.code == 9);
    CHECK_THAT(other.err, Contains(holder) && Contains("database/y"));
    CHECK_FALSE(w.has("other"));
  };
  refused();
  SECTION("it is waited for") {
    auto waiting = w.start({"run", "b.yaml", "--wait-lock", "1m"});
    wait_until([&] { return waiting.output().find("waiting for the lock") != std::string::npos; }, "the second run to wait");
    w.write("go", "");
    CHECK(engine.wait().code == 0);
    CHECK(waiting.wait().code == 0);
    CHECK(w.has("other"));
  }
  SECTION("the wait has an end") {
    CHECK(w.runbook({"run", "b.yaml", "--wait-lock", "300ms"}).code == 9);
    w.write("go", "");  // or its step would outlive this test
    CHECK(engine.wait().code == 0);
  }
  SECTION("a killed engine keeps it, `stop` gives it back") {
    engine.signal(SIGKILL);
    engine.wait();
    refused();
    w.write("go", "");
    wait_until([&] { return count(w.read("log"), "ended") == 1; }, "the step to end");
    CHECK(w.runbook({"stop", holder}).code == 0);
    CHECK(w.runbook({"run", "b.yaml"}).code == 0);
  }
}

TEST_CASE("a second engine on one run is refused and names the first: exit 9") {
  const Workplace w;
  w.write("a.yaml", runbook_of(std::string("steps:") + patient));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return w.read("log") == "begun\n"; }, "the step to begin");
  const std::string id = w.run_id();
  const auto second = w.runbook({"resume", id});
  CHECK(second.code == 9);
  CHECK_THAT(second.err, Contains(id) && Contains(std::to_string(engine.pid())));
  const auto undo = w.runbook({"undo", id});
  CHECK(undo.code == 9);
  w.write("go", "");
  CHECK(engine.wait().code == 0);
  CHECK(w.read("log") == "begun\nended\n");
}

TEST_CASE("`stop` of a run whose engine was killed cancels the step that still runs") {
  const Workplace w;
  w.write("a.yaml", runbook_of(std::string("steps:") + patient));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return w.read("log") == "begun\n"; }, "the step to begin");
  engine.signal(SIGKILL);
  engine.wait();
  const auto stopped = w.runbook({"stop", "@last", "--reason", "enough"});
  INFO(stopped.err);
  CHECK(stopped.code == 0);
  CHECK(w.read("log") == "begun\nasked\n");
  CHECK(ShownRun(w).status() == "cancelled");
}

TEST_CASE("a step in doubt: its probe decides what it can") {
  const std::string probed = R"(
steps:
  - id: long
    shell: 'echo $$ > pid; [ ! -e early ] || touch effect; exec sleep 1000'
    changes: effect
    timeout: TIME
    probe: { shell: test -e effect, expect: exit == 0 }
  - { id: last, shell: touch last, changes: last }
)";
  const Workplace w;
  const auto with = [&](const std::string& time) {
    std::string text = probed;
    text.replace(text.find("TIME"), 4, time);
    return text;
  };
  const auto lost = [&](const std::string& text) {
    w.write("a.yaml", runbook_of(text));
    auto engine = w.start({"run", "a.yaml"});
    wait_until([&] { return w.read("pid").ends_with('\n'); }, "the step to begin");
    ::kill(std::stoi(w.shell("ps -o ppid= -p " + w.read("pid")).out), SIGKILL);
    engine.signal(SIGKILL);
    engine.wait();
  };
  SECTION("the effect is there: adopted as done") {
    w.write("early", "");
    lost(with("1h"));
    const auto resumed = w.runbook({"resume", "@last"});
    INFO(resumed.err);
    CHECK(resumed.code == 0);
    CHECK(w.has("last"));
  }
  SECTION("it is not: asked, after the attempt's own time is over") {
    lost(with("4s"));
    const auto resumed = w.runbook({"resume", "@last"});
    INFO(resumed.err);
    CHECK(resumed.code == 7);
    CHECK_FALSE(w.has("last"));
    CHECK_THAT(resumed.err, Contains("--as not-done"));
  }
}

TEST_CASE("a cancellation that was recorded and never reached the step is given to it by the next engine") {
  const Workplace w;
  if (w.shell("strace -o /dev/null -e trace=write true").code != 0) {
    WARN("not allowed to trace: nothing was tested");
    return;
  }
  w.write("a.yaml", runbook_of("steps:\n  - { id: one, shell: touch begun; sleep 20, changes: a file }\n"));
  // Killed as it is about to signal the supervisor, with the intent on record.
  const auto killed = w.shell(
      "export ASAN_OPTIONS=detect_leaks=0; strace -qq -o /dev/null -e trace=pidfd_send_signal "
      "-e inject=pidfd_send_signal:signal=KILL:when=1 '" +
      program() +
      "' run a.yaml & tracer=$!; until [ -e begun ]; do sleep 0.02; done; pkill -TERM -P $tracer -x runbook; wait $tracer");
  REQUIRE(killed.code == 128 + SIGKILL);
  REQUIRE(ShownRun(w).events("attempt_cancelling").size() == 1);
  const auto before = std::chrono::steady_clock::now();
  w.runbook({"resume", "@last"});
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(10));
  const auto finished = ShownRun(w).events("attempt_finished");
  REQUIRE_FALSE(finished.empty());
  CHECK(member(finished[0], "outcome") == "cancelled");
}

TEST_CASE("`pause`: what runs ends, nothing more starts, `resume` goes on") {
  const Workplace w;
  w.write("a.yaml", runbook_of(std::string("steps:") + patient + "  - { id: last, shell: touch last, changes: last }\n"));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return w.read("log") == "begun\n"; }, "the step to begin");
  const auto paused = w.runbook({"pause", "@last", "--reason", "lunch"});
  INFO(paused.err);
  CHECK(paused.code == 0);
  w.write("go", "");
  const auto ended = engine.wait();
  INFO(ended.err);
  CHECK(ended.code == 8);
  CHECK_THAT(ended.err, Contains("paused by") && Contains("lunch"));
  CHECK_THAT(ended.err, !Contains("possibly changed"));
  CHECK(w.read("log") == "begun\nended\n");
  CHECK_FALSE(w.has("last"));
  CHECK(w.runbook({"pause", "@last"}).code == 2);
  CHECK(w.runbook({"resume", "@last"}).code == 0);
  CHECK(w.read("log") == "begun\nended\n");
  CHECK(w.has("last"));
}

TEST_CASE("after a precondition that does not hold the proposed command runs the same again, and holds no secret") {
  const Workplace w;
  w.write("given.yaml", "zone: a\n");
  w.write("token", "hunter2\n");
  w.write("a b.yaml", runbook_of(R"(
vars:
  host: { type: string, required: true }
  zone: { type: string, required: true }
  key: { type: string, default: none }
secrets: { token: { file: token } }
preconditions:
  - { id: ready, shell: 'test "$host" = there', env: { host: "${vars.host}" } }
steps:
  - { id: go, shell: 'true', env: { key: "${secrets.token}" }, changes: none }
)"));
  const auto refused = w.runbook(
      {"run", "a b.yaml", "--var", "host=it's x", "--vars", "given.yaml", "--var", "key=hunter2", "--reason", "disk full"});
  INFO(refused.err);
  REQUIRE(refused.code == 4);
  CHECK_THAT(refused.err, Contains(R"(runbook run 'a b.yaml' --var host='it'\''s x' --var key=)"));
  CHECK_THAT(refused.err, Contains(" --vars given.yaml --reason 'disk full'") && !Contains("hunter2"));
  // Whoever looks at it later has no file of variables: each is named.
  CHECK_THAT(w.runbook({"show", "@last"}).out,
             Contains(R"(a b.yaml' --var host='it'\''s x')") && Contains(" --var zone=a --reason"));
}

TEST_CASE("records that are damaged are named, with a remedy that works, and are left as they are") {
  const Workplace w;
  CHECK(run(w, "steps:\n  - { id: one, shell: echo one >> log, changes: log }\n").code == 0);
  const auto damage = GENERATE(as<std::string>{}, "printf garbage | dd of=state/state.db conv=notrunc status=none",
                               "rm -f state/state.db-wal state/state.db-shm; head -c 12288 /dev/zero | tr '\\0' z | "
                               "dd of=state/state.db bs=4096 seek=1 conv=notrunc status=none");
  INFO(damage);
  REQUIRE(w.shell(damage).code == 0);
  const auto before = w.read("state/state.db");
  const auto directory = w.path() + "/state";
  const std::string remedy = "mv " + directory + " " + directory + ".damaged";
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"runs"}, {"show", "@last"}, {"resume", "@last"}, {"run", "a.yaml"}, {"undo", "@last"}}) {
    const auto ended = w.runbook(command);
    INFO(command.front() << ": " << ended.err);
    CHECK(ended.code == 1);
    CHECK_THAT(ended.err, Contains("state.db is damaged: ") && Contains(remedy));
  }
  const auto doctor = w.runbook({"doctor"});
  CHECK(doctor.code == 1);
  CHECK_THAT(doctor.out, Contains("state.db is damaged: ") && Contains(remedy));
  CHECK(w.read("state/state.db") == before);
  CHECK(w.read("log") == "one\n");
  CHECK(w.shell(remedy).code == 0);
  CHECK(w.runbook({"run", "a.yaml"}).code == 0);
  CHECK(w.read("log") == "one\none\n");
}
