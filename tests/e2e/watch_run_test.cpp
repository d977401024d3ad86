// `runbook watch RUN`: a second person sees the run live, and changes nothing.
#include <signal.h>

#include <catch2/catch.hpp>

#include "tests/e2e/shown_run.h"
#include "tests/support/pty.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

namespace {

const char* steps = R"(
steps:
  - { id: one, shell: 'touch begun; until [ -e go ]; do sleep 0.01; done', changes: a file }
  - { id: two, shell: exit 3, changes: a file }
)";

}  // namespace

TEST_CASE("what has happened is told, then each event as it comes, and the end with its exit code") {
  Workplace w;
  w.write("a.yaml", runbook_of(steps));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return w.has("begun"); }, "the step to begin");
  auto plain = w.start({"watch", "@last"});
  auto json = w.start({"watch", "@last", "--progress", "json"});
  wait_until([&] { return plain.output().find("one  started") != std::string::npos; }, "the past to be told");
  CHECK_THAT(plain.output(), !Contains("two"));
  w.write("go", "");
  const auto ran = engine.wait(), seen = plain.wait(), lines = json.wait();
  INFO(seen.err);
  CHECK(ran.code == 5);
  CHECK(seen.code == 5);
  CHECK_THAT(seen.err, Contains("two  failed: exit == 0: 3 == 0") && Contains("runbook resume"));
  CHECK(lines.code == 5);
  CHECK_THAT(lines.out, Contains(R"("type":"run_created")") && Contains(R"("type":"run_settled")"));
}

TEST_CASE("on a terminal the block is drawn, Ctrl-C ends the watching alone, and a run without an engine is said to be so") {
  Workplace w;
  w.write("a.yaml", runbook_of(steps));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return w.has("begun"); }, "the step to begin");
  {
    Pty watching(w, {"watch", "@last"});
    watching.expect("Ctrl-C: watch no more");
    watching.type("\x03");
    CHECK(watching.wait().code == 128 + SIGINT);
  }
  CHECK(ShownRun(w).status() == "running");
  engine.signal(SIGKILL);
  engine.wait();
  auto alone = w.start({"watch", "@last"});
  wait_until([&] { return alone.output().find("no engine works on run") != std::string::npos; }, "it to be said");
  w.write("go", "");
  CHECK(w.runbook({"resume", "@last"}).code == 5);
  CHECK(alone.wait().code == 5);
}
