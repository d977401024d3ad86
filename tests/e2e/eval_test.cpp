// `eval`: an expression tried on real data.
#include <catch2/catch.hpp>

#include "tests/e2e/shown_run.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

TEST_CASE("eval tries an expression on a file or on what a step of a run said, and explains it") {
  Workplace w;
  w.write("d.json", R"({"p95": 0.4, "items": [{"ok": true}, {"ok": false}]})");
  const auto of_file = w.runbook({"eval", "json.items.all(i, i.ok)", "--on", "d.json"});
  CHECK(of_file.code == 0);
  CHECK_THAT(of_file.out, Catch::StartsWith("false\n") && Contains("i = json.items[1]"));
  w.write("torn.json", "{\"p95\": 0.4,");
  const auto torn = w.runbook({"eval", "json.p95 < 0.5", "--on", "torn.json"});
  CHECK(torn.code == 2);
  CHECK_THAT(torn.err, Contains("torn.json: not JSON at byte"));
  CHECK(w.runbook({"eval", "stdout.contains('p95')", "--on", "torn.json"}).code == 0);
  CHECK(w.runbook({"eval", "1 + 2 * 3"}).out.starts_with("7\n"));
  w.write("a.yaml", runbook_of(R"(
baseline:
  - { id: rows, shell: echo 40, outputs: { n: 'int(lines[0])' } }
steps:
  - { id: look, shell: 'echo 41; echo two', changes: log }
)"));
  REQUIRE(w.runbook({"run", "a.yaml"}).code == 0);
  const auto of_step = w.runbook({"eval", "int(lines[0]) - was.rows.n", "--run", "@last", "--step", "look"});
  INFO(of_step.err);
  CHECK(of_step.code == 0);
  CHECK(of_step.out.starts_with("1\n"));
  CHECK_THAT(w.runbook({"eval", "steps.look.state", "--run", "@last"}).out, Catch::StartsWith("\"succeeded\"\n"));
  SECTION("a secret that a step printed stays masked") {
    w.environment["TOKEN"] = "canary-77aa01";
    w.write("b.yaml", runbook_of(R"(
secrets: { token: { env: TOKEN } }
steps:
  - { id: tell, shell: 'echo "$token"', env: { token: "${secrets.token}" }, changes: log }
)"));
    REQUIRE(w.runbook({"run", "b.yaml"}).code == 0);
    const auto told = w.runbook({"eval", "lines", "--run", "@last", "--step", "tell"});
    INFO(told.err);
    CHECK(told.code == 0);
    CHECK((told.out + told.err).find("canary") == std::string::npos);
  }
  SECTION("no data, no expression, no such step") {
    const auto no_data = w.runbook({"eval", "json.nope > 1", "--on", "d.json"});
    CHECK(no_data.code == 6);
    CHECK_THAT(no_data.err, Contains("no such key: nope"));
    const auto wrong = w.runbook({"eval", "1 +"});
    CHECK(wrong.code == 3);
    CHECK_THAT(wrong.err, Contains("RB301") && Contains("  1 +\n    ^"));
    CHECK(w.runbook({"eval", "1", "--run", "@last", "--step", "lock"}).code == 2);
    CHECK(w.runbook({"eval", "1", "--on", "missing"}).code == 2);
  }
}
