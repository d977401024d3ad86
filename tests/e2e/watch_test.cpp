// `baseline` and `watch`: what is measured before the first step, and what is looked at while the steps run.
#include <signal.h>

#include <catch2/catch.hpp>

#include "tests/e2e/shown_run.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

TEST_CASE("a value from before step 1 outlives an engine, and stands beside the one at the end") {
  Workplace w;
  w.write("p95", "100\n");
  w.write("a.yaml", runbook_of(R"(
baseline:
  - { id: latency, title: p95 before, shell: cat p95, outputs: { p95: 'double(lines[0])' } }
steps:
  - { id: slower, shell: 'echo 130 > p95; touch begun; until [ -e go ]; do sleep 0.01; done', changes: p95 }
success:
  - { id: as_before, shell: cat p95, expect: 'double(lines[0]) <= 1.2 * was.latency.p95', retry: { every: 100ms, for: 100ms } }
)"));
  CHECK_THAT(w.runbook({"run", "a.yaml", "--plan"}).out, Contains("BASELINE") && Contains("p95 before  (p95=100"));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return w.has("begun"); }, "the step to begin");
  engine.signal(SIGKILL);
  engine.wait();
  w.write("go", "");
  const auto resumed = w.runbook({"resume", "@last"});
  INFO(resumed.err);
  CHECK(resumed.code == 6);
  CHECK_THAT(resumed.err, Contains("130.0 <= 120.0"));
  CHECK(*ShownRun(w).step("baseline:latency").find("attempts")->integer() == 1);
  CHECK_THAT(w.runbook({"report", "@last"}).out, Contains("| p95 before | `p95=100") && Contains("`130.0 <= 120.0`"));
}

TEST_CASE("a watch ends what runs, or lets it end; the run stays open and goes on when its cause is gone") {
  Workplace w;
  const bool pauses = GENERATE(false, true);
  w.write("a.yaml", runbook_of(std::string(R"(
watch:
  - { id: errors, title: 오류율, shell: 'cat errors 2>/dev/null || true', expect: 'stdout == ""', every: 50ms)") +
                               (pauses ? ", then: pause" : "") + R"( }
steps:
  - { id: one, shell: 'echo 7 > errors; until [ -e go ]; do sleep 0.01; done; echo one >> log', changes: log }
  - { id: two, shell: echo two >> log, changes: log }
)"));
  auto engine = w.start({"run", "a.yaml", "--parallel", "1"});
  const auto tripped = [&] { return w.runbook({"show", "@last"}).out.find("errors  failed") != std::string::npos; };
  wait_until(tripped, "the watch to trip");
  if (pauses) w.write("go", "");
  const auto ran = engine.wait();
  INFO(ran.err);
  CHECK(ran.code == 5);
  CHECK_THAT(ran.err, Contains("watch:errors") && Contains(R"("7\n" == "")") && Contains("stays open"));
  CHECK(w.read("log") == (pauses ? "one\n" : ""));
  w.shell("rm errors; touch go");
  if (!pauses) {
    CHECK(w.runbook({"resume", "@last"}).code == 7);
    CHECK(w.runbook({"resolve", "@last", "one", "--as", "done", "--reason", "seen"}).code == 0);
  }
  const auto resumed = w.runbook({"resume", "@last"});
  INFO(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(w.read("log") == (pauses ? "one\ntwo\n" : "two\n"));
  const ShownRun shown(w);
  const auto looks = shown.step("watch:errors").find("attempts");
  REQUIRE(looks);
  CHECK(*looks->integer() > 1);
}
