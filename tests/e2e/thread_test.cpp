// The thinnest thread: a runbook of shell steps from its text to a finished run, and what a killed engine leaves.
#include <signal.h>

#include <catch2/catch.hpp>

#include "tests/support/command.h"

using namespace runbook::tests;
using Catch::Contains;

namespace {

constexpr const char* head = "runbook: 1\nid: thread\ntitle: thread\nowner: ops\ncontact: \"010\"\n";

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

}  // namespace

TEST_CASE("a run goes through preconditions, steps and criteria and succeeds") {
  const Workplace w;
  w.write("a.yaml", std::string(head) + R"(
vars:
  name: { type: string, default: world }
preconditions:
  - { id: here, shell: test -d . }
steps:
  - id: hello
    shell: echo "hello $name"
    changes: none
    outputs: { greeting: stdout.trim() }
  - id: write
    shell: echo "$text" > out.txt
    env: { text: "${steps.hello.greeting}" }
    changes: out.txt
success:
  - { id: written, shell: cat out.txt, expect: 'stdout == "hello you\n"' }
)");
  const auto ran = w.runbook({"run", "a.yaml", "--var", "name=you"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(w.read("out.txt") == "hello you\n");
  const auto shown = w.runbook({"show", "@last"});
  CHECK(shown.code == 0);
  CHECK_THAT(shown.out, Contains("greeting=hello you"));
  CHECK_THAT(w.runbook({"runs"}).out, Contains("succeeded"));
}

TEST_CASE("a precondition that does not hold changes nothing and exits 4") {
  const Workplace w;
  w.write("a.yaml", std::string(head) + R"(
preconditions:
  - { id: never, shell: "false" }
steps:
  - { id: write, shell: touch touched, changes: touched }
)");
  const auto ran = w.runbook({"run", "a.yaml"});
  INFO(ran.err);
  CHECK(ran.code == 4);
  CHECK_FALSE(w.has("touched"));
}

TEST_CASE("an engine that is killed in the middle of a step finds it done when it resumes, and runs it once") {
  const Workplace w;
  w.write("a.yaml", std::string(head) + R"(
steps:
  - id: long
    shell: |
      echo begun >> log
      until [ -e go ]; do sleep 0.01; done
      echo ended >> log
    changes: log
  - { id: last, shell: echo last >> log, changes: log }
)");
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return w.read("log") == "begun\n"; }, "the step to begin");
  engine.signal(SIGKILL);
  CHECK(engine.wait().code == 128 + SIGKILL);
  SECTION("while it goes on: the new engine waits for its end") {
    auto resumed = w.start({"resume", "@last"});
    wait_until([&] { return resumed.output().find("engine attached") != std::string::npos; }, "the engine to attach");
    w.write("go", "");
    const auto ended = resumed.wait();
    INFO(ended.err);
    CHECK(ended.code == 0);
  }
  SECTION("after its end: the record is adopted") {
    w.write("go", "");
    wait_until([&] { return count(w.read("log"), "ended") == 1; }, "the step to end");
    const auto resumed = w.runbook({"resume", "@last"});
    INFO(resumed.err);
    CHECK(resumed.code == 0);
  }
  CHECK(w.read("log") == "begun\nended\nlast\n");
}

TEST_CASE("when nobody can know, the run says so and waits for a person") {
  const Workplace w;
  w.write("a.yaml", std::string(head) + R"(
steps:
  - id: long
    shell: |
      echo $$ > pid
      sleep 1000
    changes: who knows
  - { id: last, shell: touch last, changes: last }
)");
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return !w.read("pid").empty(); }, "the step to begin");
  const pid_t step = std::stoi(w.read("pid"));
  const auto supervisor = w.shell("ps -o ppid= -p " + std::to_string(step)).out;
  ::kill(std::stoi(supervisor), SIGKILL);
  engine.signal(SIGKILL);
  engine.wait();
  const auto resumed = w.runbook({"resume", "@last"});
  INFO(resumed.err);
  CHECK(resumed.code == 7);
  CHECK_THAT(resumed.err, Contains("in doubt"));
  CHECK_FALSE(w.has("last"));
  wait_until([&] { return !is_alive(step); }, "what the step left running to be gone");
  CHECK(w.runbook({"resolve", "@last", "long", "--as", "done", "--reason", "looked"}).code == 0);
  const auto again = w.runbook({"resume", "@last"});
  INFO(again.err);
  CHECK(again.code == 0);
  CHECK(w.has("last"));
}
