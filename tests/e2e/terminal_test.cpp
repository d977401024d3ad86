// Somebody sits at a real terminal: prompts, Ctrl-C, a terminal that goes away, the block that is redrawn.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/e2e/shown_run.h"
#include "tests/support/pty.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

namespace {

// Ends only when `go` is there, or at the first SIGTERM, which it writes down.
constexpr const char* patient_step = R"(
steps:
  - id: long
    shell: |
      trap 'echo asked >> log; exit 3' TERM
      echo $$ > pid
      until [ -e go ]; do sleep 0.01; done
      echo ended >> log
    changes: log
  - { id: last, shell: echo last >> log, changes: log }
)";
// Does not end at SIGTERM, and has a child in a session of its own.
constexpr const char* stubborn_step = R"(
steps:
  - id: long
    shell: |
      trap '' TERM
      setsid sleep 1000 &
      echo $! > child
      echo $$ > pid
      while :; do sleep 0.05; done
    changes: who knows
  - { id: last, shell: echo last >> log, changes: log }
)";

pid_t pid_in(const Workplace& w, const std::string& file) {
  wait_until([&] { return w.read(file).ends_with('\n'); }, "the step to write " + file);
  return std::stoi(w.read(file));
}

}  // namespace

TEST_CASE("on a terminal variables are asked with their candidates, then the plan is agreed to") {
  const Workplace w;
  w.write("a.yaml", runbook_of(R"(
vars:
  tag: { type: string, ask: "Which tag?", pattern: "v[0-9]+", choices: { shell: 'printf "v1\nv2\n"' } }
  data: { type: bool, ask: "Data, too?" }
  size: { type: int, ask: "How many?" }
steps:
  - { id: one, shell: 'echo "$tag $data $size" > out', changes: out }
)"));
  Pty t(w, {"run", "a.yaml"});
  // In any order: each variable is asked once.
  for (int asked = 0; asked < 3; ++asked) {
    t.until(
        [&] { return count(t.output(), ")> ") == static_cast<std::size_t>(asked) + count(t.output(), "one of the list") + 1; },
        "a prompt");
    const auto prompt = t.output().substr(t.output().rfind('\n') + 1);
    if (prompt.starts_with("data")) t.type("ㅛ\n");
    if (prompt.starts_with("size")) t.type("12\n");
    if (prompt.starts_with("tag")) {
      CHECK_THAT(t.output(), Contains("Which tag?") && Contains("1) v1") && Contains("2) v2"));
      t.type("v3\n");
      t.expect("one of the list");
      t.expect("> ");
      t.type("2\n");
    }
  }
  t.expect("[y/n] ");
  CHECK_FALSE(w.has("out"));
  SECTION("yes") {
    t.type("y\n");
    CHECK(t.wait().code == 0);
    CHECK(w.read("out") == "v2 true 12\n");
  }
  SECTION("no, in Korean, changes nothing") {
    t.type("ㅜ\n");
    CHECK(t.wait().code == 8);
    CHECK_FALSE(w.has("out"));
    CHECK(w.runbook({"runs"}).out.find("example") == std::string::npos);
  }
  SECTION("Ctrl-D is no agreement") {
    t.type("\x04");
    CHECK(t.wait().code == 8);
    CHECK_FALSE(w.has("out"));
  }
}

TEST_CASE("on a terminal every kind of question is asked and answered") {
  const Workplace w;
  w.write("a.yaml", runbook_of(R"(
steps:
  - { id: look, manual: Look at it, timeout: 1h }
  - { id: list, manual: { ask: Check these, items: [valves, { text: pressure, input: int }, { text: lights, optional: true }] }, timeout: 1h }
  - { id: colour, manual: { ask: Which colour, choose: [red, blue] }, timeout: 1h }
  - { id: go, approve: { ask: "Go ahead?" }, timeout: 1h }
  - { id: extra, optional: "Is it needed?", shell: touch extra, changes: extra }
  - { id: drop, confirm: prod, shell: touch drop, changes: drop }
  - { id: told, shell: 'echo "$colour" > out', env: { colour: "${steps.colour.answer}" }, changes: out }
)"));
  Pty t(w, {"run", "a.yaml", "--yes"});
  t.expect("Look at it");
  t.expect("y/n> ");
  t.type("perhaps\n");
  t.expect("y or n");
  t.expect("y/n> ");
  t.type("ㅛ\n");
  t.expect("1. valves (y/n)> ");
  t.type("y\n");
  t.expect("3. lights (y/n/-)> ");  // before the last that is required
  t.type("-\n");
  t.expect("2. pressure (int)> ");
  t.type("high\n");
  t.expect("no whole number");
  t.expect("2. pressure (int)> ");
  t.type("5\n");
  t.expect("Which colour");
  t.expect("> ");
  t.type("green\n");
  t.expect("one of: red, blue");
  t.expect("> ");
  t.type("2\n");
  t.expect("Go ahead?");
  t.expect("y/n> ");
  t.type("y\n");
  t.expect("Is it needed?");
  t.expect("y/n> ");
  t.type("y\n");
  t.expect("type `prod` to start it> ");
  t.type("test\n");
  t.expect("not the one");
  t.expect("type `prod` to start it> ");
  CHECK_FALSE(w.has("drop"));
  t.type("prod\n");
  const auto ended = t.wait();
  INFO(ended.out);
  CHECK(ended.code == 0);
  CHECK(w.read("out") == "blue\n");
  CHECK((w.has("extra") && w.has("drop")));
  const auto shown = w.runbook({"show", "@last"}).out;
  CHECK_THAT(shown, Contains("at the terminal"));
  CHECK_THAT(shown, Contains("answered: blue"));
}

TEST_CASE("on a terminal an approval is refused with its reason, and that closes the run") {
  const Workplace w;
  w.write(
      "a.yaml",
      runbook_of(
          "steps:\n  - { id: go, approve: { ask: \"Go ahead?\" }, timeout: 1h }\n  - { id: one, shell: touch one, changes: one }\n"));
  Pty t(w, {"run", "a.yaml", "--yes"});
  t.expect("y/n> ");
  t.type("n too early\n");
  const auto ended = t.wait();
  INFO(ended.out);
  CHECK(ended.code == 8);
  CHECK(ShownRun(w).why("go") == "too early");
  CHECK_FALSE(w.has("one"));
}

TEST_CASE("on a terminal an in-doubt step is explained and settled") {
  const Workplace w;
  w.write("a.yaml", runbook_of(R"(
steps:
  - { id: long, shell: 'echo $$ > pid; exec sleep 1000', changes: who knows }
  - { id: last, shell: touch last, changes: last }
)"));
  auto engine = w.start({"run", "a.yaml"});
  const pid_t step = pid_in(w, "pid");
  ::kill(std::stoi(w.shell("ps -o ppid= -p " + std::to_string(step)).out), SIGKILL);
  engine.signal(SIGKILL);
  engine.wait();
  Pty t(w, {"resume", "@last"});
  t.expect("in doubt");
  t.expect("and a reason> ");
  t.type("done\n");
  t.expect("a reason is needed");
  t.expect("> ");
  t.type("done looked at it\n");
  const auto ended = t.wait();
  INFO(ended.out);
  CHECK(ended.code == 0);
  CHECK(w.has("last"));
  CHECK_THAT(w.runbook({"report", "@last"}).out, Contains("looked at it"));
}

TEST_CASE("while a question is open, what other steps say begins on lines of its own, and the question comes again") {
  const Workplace w;
  w.write("a.yaml", runbook_of(R"(
steps:
  - { id: look, manual: Look at it, timeout: 1h, needs: [] }
  - { id: other, shell: 'until [ -e go ]; do sleep 0.01; done', changes: none, needs: [] }
  - { id: last, shell: "true", changes: none, needs: [other] }
)"));
  Pty t(w, {"run", "a.yaml", "--yes"});
  t.expect("y/n> ");
  w.write("go", "");
  t.expect("last  succeeded");
  t.expect("y/n> ");
  t.type("y\n");
  const auto ended = t.wait();
  INFO(ended.out);
  CHECK(ended.code == 0);
  for (const auto& line : t.screen().lines())
    if (line.find("last  succeeded") != std::string::npos) CHECK_THAT(line, !Contains("y/n>"));
}

TEST_CASE("an answer from another process takes the prompt away") {
  const Workplace w;
  w.write("a.yaml", runbook_of("steps:\n  - { id: look, manual: Look at it, timeout: 1h }\n"));
  Pty t(w, {"run", "a.yaml", "--yes"});
  t.expect("y/n> ");
  CHECK(w.runbook({"confirm", "@last", "look"}).code == 0);
  CHECK(t.wait().code == 0);
}

TEST_CASE("Ctrl-C once: what runs is asked to end, nothing more starts, the run can go on") {
  const Workplace w;
  w.write("a.yaml", runbook_of(patient_step));
  Pty t(w, {"run", "a.yaml", "--yes"});
  pid_in(w, "pid");
  t.expect("Ctrl-C");  // the footer says what it does
  t.type("\x03");
  t.expect("once more");
  const auto ended = t.wait();
  INFO(ended.out);
  CHECK(ended.code == 130);
  CHECK_THAT(ended.out, Contains("runbook resume"));
  CHECK(w.read("log") == "asked\n");
  const ShownRun run(w);
  CHECK(run.is_open());
  CHECK(run.status() == "interrupted");
  CHECK(run.status_of("last") == "pending");
  w.write("go", "");
  CHECK(w.runbook({"resume", "@last", "--answer", "long=again"}).code == 0);
  CHECK(w.read("log") == "asked\nended\nlast\n");
}

TEST_CASE("Ctrl-C at a question ends the engine, and the question is asked again by the next one") {
  const Workplace w;
  w.write("a.yaml", runbook_of("steps:\n  - { id: look, manual: Look at it, timeout: 1h }\n"));
  Pty first(w, {"run", "a.yaml", "--yes"});
  first.expect("y/n> ");
  first.type("\x03");
  CHECK(first.wait().code == 130);
  Pty second(w, {"resume", "@last"});
  second.expect("y/n> ");
  second.type("y\n");
  CHECK(second.wait().code == 0);
}

TEST_CASE("Ctrl-C twice kills the whole tree at once") {
  const Workplace w;
  w.write("a.yaml", runbook_of(stubborn_step));
  Pty t(w, {"run", "a.yaml", "--yes"});
  const pid_t step = pid_in(w, "pid"), child = pid_in(w, "child");
  t.type("\x03");
  t.expect("once more");
  CHECK(is_alive(step));
  const auto asked = std::chrono::steady_clock::now();
  t.type("\x03");
  const auto ended = t.wait();
  INFO(ended.out);
  CHECK(ended.code == 130);
  CHECK(std::chrono::steady_clock::now() - asked < std::chrono::seconds(8));  // the grace would be 10
  CHECK_FALSE(is_alive(step));
  CHECK_FALSE(is_alive(child));
  const ShownRun run(w);
  CHECK(run.status_of("long") == "cancelled");
  CHECK_FALSE(w.has("log"));
  CHECK(w.runbook({"resume", "@last"}).code == 7);  // it may have changed something: asked first
}

TEST_CASE("SIGTERM ends a run as Ctrl-C does: 143") {
  const Workplace w;
  w.write("a.yaml", runbook_of(patient_step));
  auto engine = w.start({"run", "a.yaml"});
  pid_in(w, "pid");
  engine.signal(SIGTERM);
  const auto ended = engine.wait();
  INFO(ended.err);
  CHECK(ended.code == 143);
  CHECK(w.read("log") == "asked\n");
  CHECK(ShownRun(w).status() == "interrupted");
}

TEST_CASE("the terminal goes away: the run goes on and finishes") {
  const Workplace w;
  w.write("a.yaml", runbook_of(patient_step));
  Pty t(w, {"run", "a.yaml", "--yes"});
  pid_in(w, "pid");
  t.hang_up();
  w.write("go", "");
  CHECK(t.wait().code == 0);
  CHECK(w.read("log") == "ended\nlast\n");
  CHECK(ShownRun(w).status() == "succeeded");
}

TEST_CASE("the terminal goes away before a question: the run waits for the next engine") {
  const Workplace w;
  w.write("a.yaml", runbook_of(std::string(patient_step) + "  - { id: look, manual: Look, timeout: 1h }\n"));
  Pty t(w, {"run", "a.yaml", "--yes"});
  pid_in(w, "pid");
  t.hang_up();
  w.write("go", "");
  CHECK(t.wait().code == 7);
  CHECK(ShownRun(w).status_of("look") == "waiting");
}

TEST_CASE("the terminal goes away while a question is open: the run waits for the next engine") {
  const Workplace w;
  w.write("a.yaml", runbook_of("steps:\n  - { id: look, manual: Look, timeout: 1h }\n"));
  Pty t(w, {"run", "a.yaml", "--yes"});
  t.expect("y/n> ");
  t.hang_up();
  CHECK(t.wait().code == 7);
  CHECK(ShownRun(w).status() == "waiting");
}

TEST_CASE("SIGHUP and a reader of stderr that died do not stop a run") {
  const Workplace w;
  w.write("a.yaml", runbook_of(patient_step));
  SECTION("SIGHUP") {
    auto engine = w.start({"run", "a.yaml"});
    pid_in(w, "pid");
    engine.signal(SIGHUP);
    w.write("go", "");
    CHECK(engine.wait().code == 0);
  }
  SECTION("stderr is a pipe without a reader") {
    w.write("go", "");
    const auto ran = w.shell("{ '" + program() +
                             "' run a.yaml; echo $? > code; } 2> >(exec 0<&-; exit 0); until [ -s code ]; do sleep 0.01; done");
    CHECK(w.read("code") == "0\n");
  }
  SECTION("stdout with JSON is a pipe without a reader") {
    w.write("go", "");
    w.shell("{ '" + program() + "' run a.yaml --progress json; echo $? > code; } | true; until [ -s code ]; do sleep 0.01; done");
    CHECK(w.read("code") == "0\n");
  }
  CHECK(w.read("log") == "ended\nlast\n");
}

TEST_CASE("the block is redrawn in place: each finished line stays once, nothing of the block is left") {
  const Workplace w;
  w.write("a.yaml", runbook_of(R"(
steps:
  - { id: long, title: takes a while, shell: 'until [ -e go ]; do sleep 0.01; done', changes: none, needs: [] }
  - { id: s1, shell: "true", changes: none, needs: [] }
  - { id: s2, shell: sleep 0.3, changes: none, needs: [s1] }
  - { id: s3, shell: sleep 0.3, changes: none, needs: [s2] }
  - { id: s4, shell: touch last, changes: last, needs: [s3] }
)"));
  Pty t(w, {"run", "a.yaml", "--yes"});
  t.expect("s4  succeeded");
  t.until([&] { return t.screen().has_line("elapsed |"); }, "the footer");
  w.write("go", "");
  const auto ended = t.wait();
  INFO(ended.out);
  CHECK(ended.code == 0);
  for (const auto* step : {"long", "s1", "s2", "s3", "s4"}) {
    CAPTURE(step);
    CHECK(t.screen().count_lines(std::string(step) + "  succeeded") == 1);
  }
  CHECK_FALSE(t.screen().has_line("elapsed |"));
  CHECK_FALSE(t.screen().has_line("takes a while"));
  CHECK(t.screen().count_lines("succeeded: 5 of 5 steps") == 1);
}

TEST_CASE("a question's lines are on the terminal once") {
  const Workplace w;
  w.write("a.yaml", runbook_of(R"(
steps:
  - { id: look, manual: { ask: Check these, items: [valves, pressure] }, timeout: 1h }
  - { id: go, approve: { ask: "Go ahead?" }, timeout: 1h }
)"));
  Pty t(w, {"run", "a.yaml", "--yes"});
  t.expect("1. valves (y/n)> ");
  t.type("y\n");
  t.expect("2. pressure (y/n)> ");
  t.type("y\n");
  t.expect("y/n> ");
  t.type("y\n");
  const auto ended = t.wait();
  INFO(ended.out);
  CHECK(ended.code == 0);
  CHECK(count(ended.out, "Check these") == 1);
  CHECK(count(ended.out, "Go ahead?") == 1);
}

namespace {

constexpr const char* three_changes = R"(
steps:
  - { id: look, shell: echo look >> log, changes: none }
  - { id: one, title: the first, shell: echo one >> log, changes: a line in the log }
  - { id: two, shell: echo two >> log, changes: log }
  - { id: three, shell: echo three >> log, changes: log }
)";

}  // namespace

TEST_CASE("--step asks before each step that changes something") {
  const Workplace w;
  w.write("a.yaml", runbook_of(three_changes));
  Pty t(w, {"run", "a.yaml", "--yes", "--step"});
  t.expect("a line in the log");
  t.expect("start it?");
  CHECK(w.read("log") == "look\n");
  t.type("perhaps\n");
  t.expect("y, n, s REASON or all");
  t.expect("start it?");
  t.type("y\n");
  t.expect("echo two");
  t.expect("start it?");
  CHECK(w.read("log") == "look\none\n");
  SECTION("no stops the run, which stays open") {
    t.type("n\n");
    const auto ended = t.wait();
    INFO(ended.out);
    CHECK(ended.code == 8);
    CHECK(w.read("log") == "look\none\n");
    CHECK(ShownRun(w).is_open());
    CHECK(w.runbook({"resume", "@last"}).code == 0);
    CHECK(w.read("log") == "look\none\ntwo\nthree\n");
  }
  SECTION("one is skipped, with a reason") {
    t.type("s\n");
    t.expect("a reason is needed");
    t.expect("start it?");
    t.type("s done already\n");
    t.expect("echo three");
    t.expect("start it?");
    t.type("y\n");
    CHECK(t.wait().code == 0);
    CHECK(w.read("log") == "look\none\nthree\n");
    CHECK(ShownRun(w).status_of("two") == "skipped");
    CHECK_THAT(w.runbook({"show", "@last"}).out, Contains("done already"));
  }
  SECTION("all starts what follows without asking") {
    t.type("all\n");
    CHECK(t.wait().code == 0);
    CHECK(w.read("log") == "look\none\ntwo\nthree\n");
    CHECK(count(t.output(), "echo three") == 0);
  }
  SECTION("nobody is there any more: the run waits for the next engine") {
    t.hang_up();
    CHECK(t.wait().code == 7);
    CHECK(w.read("log") == "look\none\n");
    CHECK(ShownRun(w).is_open());
  }
}

TEST_CASE("--step without a terminal is wrong usage, and starts nothing") {
  const Workplace w;
  w.write("a.yaml", runbook_of(three_changes));
  for (const auto* command : {"run", "resume"}) {
    const auto ran = w.runbook({command, "a.yaml", "--step"});
    CHECK(ran.code == 2);
    CHECK_THAT(ran.err, Contains("--step") && Contains("terminal"));
  }
  CHECK_FALSE(w.has("log"));
}

TEST_CASE("SIGHUP right after the run was made does not end its engine") {
  const Workplace w;
  w.write("a.yaml", runbook_of("steps:\n  - { id: one, shell: sleep 0.05, changes: time }\n"));
  const auto runs = [&] {
    std::error_code none_yet;
    const std::filesystem::directory_iterator found(w.path() + "/state/runs", none_yet);
    return none_yet ? 0 : std::distance(begin(found), end(found));
  };
  for (int round = 0; round < 15; ++round) {
    auto engine = w.start({"run", "a.yaml"});
    wait_until([&] { return runs() > round; }, "the run's directory");
    engine.signal(SIGHUP);
    const auto ended = engine.wait();
    INFO(ended.err);
    REQUIRE(ended.code == 0);
  }
}
