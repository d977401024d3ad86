// Links that are cut and engines that are killed while a command runs on another host: it runs once, and its record is read.
#include <signal.h>

#include <catch2/catch.hpp>

#include "tests/e2e/shown_run.h"
#include "tests/support/ssh_hosts.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

namespace {

bool can_be_made() {
  if (!SshHosts::impossible().empty()) WARN("skipped: " << SshHosts::impossible());
  return SshHosts::impossible().empty();
}

// Runs until `go` is there; every line of its log is an effect.
std::string patient(const std::string& more = {}) {
  return runbook_of(R"yaml(
steps:
  - id: long
    ssh:
      host: h0
      script: |
        echo begun >> "$XDG_STATE_HOME/log"
        until [ -e "$XDG_STATE_HOME/go" ]; do sleep 0.02; done
        echo ended >> "$XDG_STATE_HOME/log"
        echo said
)yaml" + more + R"yaml(
    changes: a file there
    expect: stdout == "said\n"
)yaml");
}

constexpr const char* once = "begun\nended\n";

std::string status_of(const Workplace& w) { return w.run_id().empty() ? "" : ShownRun(w).status_of("long"); }
bool has_begun(const Workplace& w) { return w.read("h0/log") == "begun\n"; }

}  // namespace

TEST_CASE("an engine killed while the command runs: the next one adopts its end") {
  if (!can_be_made()) return;
  const bool ends_before = GENERATE(true, false);
  Workplace w;
  const SshHosts hosts(w, 1);
  w.write("a.yaml", patient());
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return has_begun(w); }, "the command runs");
  engine.signal(SIGKILL);
  engine.wait();
  if (ends_before) {
    w.write("h0/go", "");
    wait_until([&] { return w.read("h0/log") == once; }, "the command has ended");
  }
  auto next = w.start({"resume", "@last"});
  if (!ends_before) {
    wait_until([&] { return ShownRun(w).events("engine_attached").size() == 2; }, "the next engine is there");
    w.write("h0/go", "");
  }
  const auto ended = next.wait();
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(w.read("h0/log") == once);
}

TEST_CASE("an engine killed at any moment: nothing runs twice, nothing is lost") {
  if (!can_be_made()) return;
  Workplace w;
  const SshHosts hosts(w, 1);
  std::string text = "steps:\n";
  for (int step = 0; step < 6; ++step)
    text += "  - { id: s" + std::to_string(step) + ", ssh: { host: h0, script: 'echo " + std::to_string(step) +
            " >> \"$XDG_STATE_HOME/log\"; sleep 0.02; echo done' }, changes: a file there, expect: stdout == \"done\\n\" }\n";
  w.write("a.yaml", runbook_of(text));
  for (int round = 0; round < 12; ++round) {
    INFO("round " << round);
    w.shell("rm -f h0/log");
    const auto before = w.run_id();
    auto engine = w.start({"run", "a.yaml"});
    // Killed after a growing number of events, each at another place of a step's life.
    const auto enough = static_cast<std::size_t>(2 + round * 2);
    wait_until(
        [&] {
          const auto newest = w.run_id();
          return !is_alive(engine.pid()) || (newest != before && count(ShownRun(w).json(), "\"seq\"") > enough);
        },
        "events");
    engine.signal(SIGKILL);
    engine.wait();
    Outcome ended;
    for (int tries = 0; tries < 3 && ended.code != 0; ++tries) ended = w.runbook({"resume", "@last"});
    const ShownRun shown(w);
    INFO(ended.out << ended.err << shown.json());
    CHECK(shown.status() == "succeeded");
    CHECK(w.read("h0/log") == "0\n1\n2\n3\n4\n5\n");
    CHECK(shown.events("in_doubt").empty());
  }
}

TEST_CASE("a host that cannot be reached is waited for, and the step then runs with all its time") {
  if (!can_be_made()) return;
  Workplace w;
  const SshHosts hosts(w, 1);
  hosts.stop_sshd(0);
  w.write("a.yaml", patient("    timeout: 2s"));
  auto engine = w.start({"run", "a.yaml", "--progress", "plain"});
  wait_until([&] { return status_of(w) == "waiting"; }, "the step waits");
  CHECK_THAT(engine.output(), Contains("waits for its host, h0: "));
  w.shell("sleep 3");  // past the step's own limit, which does not count here
  hosts.start_sshd(0);
  w.write("h0/go", "");
  const auto ended = engine.wait();
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(w.read("h0/log") == once);
  CHECK(ShownRun(w).events("attempt_starting").size() == 1);
}

TEST_CASE("a connection that is lost while the command runs changes nothing") {
  if (!can_be_made()) return;
  const bool ends_meanwhile = GENERATE(true, false);
  Workplace w;
  const SshHosts hosts(w, 1);
  w.write("a.yaml", patient());
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return has_begun(w); }, "the command runs");
  hosts.stop_sshd(0);
  wait_until([&] { return status_of(w) == "waiting"; }, "the engine knows");
  if (ends_meanwhile) {
    w.write("h0/go", "");
    wait_until([&] { return w.read("h0/log") == once; }, "the command has ended");
  }
  hosts.start_sshd(0);
  if (!ends_meanwhile) {
    wait_until([&] { return status_of(w) == "running"; }, "the engine is back");
    w.write("h0/go", "");
  }
  const auto ended = engine.wait();
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(w.read("h0/log") == once);
}

TEST_CASE("packets that vanish: noticed within the quarter of a minute, and read when they come again") {
  if (!can_be_made()) return;
  Workplace w;
  const SshHosts hosts(w, 1);
  w.write("a.yaml", patient());
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return has_begun(w); }, "the command runs");
  hosts.cut(0);
  w.write("h0/go", "");
  wait_until([&] { return w.read("h0/log") == once; }, "the command has ended");
  wait_until([&] { return status_of(w) == "waiting"; }, "the engine knows");
  hosts.mend(0);
  const auto ended = engine.wait();
  INFO(ended.out << ended.err);
  CHECK(ended.code == 0);
  CHECK(w.read("h0/log") == once);
}

TEST_CASE("past `unreachable` a step that had begun is in doubt, and one that had not has done nothing") {
  if (!can_be_made()) return;
  const bool begun = GENERATE(true, false);
  Workplace w;
  const SshHosts hosts(w, 1);
  auto text = patient();
  text.replace(text.find("host: h0"), 8, "host: h0\n      unreachable: 2s");
  // A connection that is there already: how long the first one takes on a busy machine is not what is tested.
  if (begun) text.replace(text.find("  - id: long"), 0, "  - { id: reach, ssh: { host: h0, script: 'true' }, changes: none }\n");
  w.write("a.yaml", text);
  if (!begun) hosts.stop_sshd(0);
  auto engine = w.start({"run", "a.yaml"});
  if (begun) {
    wait_until([&] { return has_begun(w); }, "the command runs");
    hosts.stop_sshd(0);
  }
  const auto ended = engine.wait();
  INFO(ended.out << ended.err);
  const ShownRun shown(w);
  if (!begun) {
    CHECK(ended.code == 5);
    CHECK_THAT(shown.why("long"), Contains("h0 could not be reached for 2s") && Contains("refused"));
    hosts.start_sshd(0);
    w.write("h0/go", "");
    int code = 5;  // nothing is asked: nothing was done; a busy machine may need more than its time for the first connection
    for (int tries = 0; tries < 30 && code == 5; ++tries) code = w.runbook({"resume", "@last"}).code;
    CHECK(code == 0);
    return;
  }
  CHECK(shown.status_of("long") == "in_doubt");
  CHECK_THAT(shown.why("long"), Contains("link to h0 was lost"));
  CHECK(w.read("h0/log") == "begun\n");
}

TEST_CASE("what never reached its host within its time is not said to have been ended there") {
  if (!can_be_made()) return;
  Workplace w;
  const SshHosts hosts(w, 1);
  hosts.stop_sshd(0);
  const std::string text = R"(
steps:
  - { id: look, ssh: { host: h0, script: 'true' }, changes: none, timeout: 1s }
)";
  w.write("a.yaml", runbook_of(text));
  const auto ended = w.runbook({"run", "a.yaml"});
  INFO(ended.err);
  CHECK(ended.code == 5);
  CHECK_THAT(ended.err, Contains("timed out") && Contains("h0: ") && !Contains("everything it had started"));
}

TEST_CASE("a stop across a lost link is passed on when the host is reached again") {
  if (!can_be_made()) return;
  Workplace w;
  const SshHosts hosts(w, 1);
  w.write("a.yaml", patient());
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return has_begun(w); }, "the command runs");
  hosts.stop_sshd(0);
  wait_until([&] { return status_of(w) == "waiting"; }, "the engine knows");
  engine.signal(SIGINT);
  wait_until([&] { return ShownRun(w).events("attempt_cancelling").size() == 1; }, "the stop is recorded");
  hosts.start_sshd(0);
  const auto ended = engine.wait();
  INFO(ended.out << ended.err);
  CHECK(ended.code == 130);
  CHECK(ShownRun(w).status_of("long") == "cancelled");
  CHECK(w.read("h0/log") == "begun\n");
}

TEST_CASE("a supervisor killed there, files gone or copied there: in doubt, never started again") {
  if (!can_be_made()) return;
  struct Case {
    const char *damage, *says, *log;
  };
  const auto c = GENERATE(values<Case>({
      {"for p in /proc/[0-9]*; do if [ \"$(cat $p/comm 2>/dev/null)\" = runbook-supervi ] && tr '\\0' ' ' < $p/cmdline | grep "
       "-q \"$RUN/\"; then kill -9 ${p#/proc/}; fi; done",
       "supervisor died", "begun\n"},
      {"touch h0/go; until grep -q RBEXIT01 h0/runbook-host/attempts/*/attempts; do sleep 0.02; done; rm -rf "
       "h0/runbook-host/attempts",
       "files are missing", once},
      {"touch h0/go; until grep -q RBEXIT01 h0/runbook-host/attempts/*/attempts; do sleep 0.02; done; cd h0/runbook-host; cp -a "
       "attempts copy; rm -rf attempts; mv copy attempts",
       "copied from another place", once},
  }));
  Workplace w;
  const SshHosts hosts(w, 1);
  w.write("a.yaml", patient());
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return has_begun(w); }, "the command runs");
  engine.signal(SIGKILL);
  engine.wait();
  hosts.own("RUN=" + w.run_id() + "\n" + c.damage);
  const auto ended = w.runbook({"resume", "@last"});
  INFO(ended.out << ended.err);
  const ShownRun shown(w);
  CHECK(shown.status_of("long") == "in_doubt");
  CHECK_THAT(shown.why("long"), Contains(c.says));
  CHECK(w.read("h0/log") == c.log);
}
