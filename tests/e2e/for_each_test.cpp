// What runs once for every element, and what is done about a failure: with the whole program, and with an engine that dies.
#include <signal.h>

#include <catch2/catch.hpp>

#include "tests/e2e/shown_run.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

namespace {

// The second element waits for `go`; what the list is made of is gone by then.
constexpr const char* rolling = R"(
steps:
  - { id: list, shell: cat hosts, changes: none, outputs: { hosts: lines } }
  - id: each
    for_each: steps.list.hosts
    steps:
      - id: drain
        shell: |
          echo "drain $host" >> log
          [ "$host" != b ] || until [ -e go ]; do sleep 0.01; done
        env: { host: "${item}" }
        changes: log
        undo: { shell: 'echo "back $host" >> log', env: { host: "${item}" } }
      - { id: up, shell: 'echo "up $host $n" >> log', env: { host: "${item}", n: "${index}" }, changes: log }
success:
  - 'steps.each.items.map(i, i.key) == ["a", "b", "c"]'
)";

}  // namespace

TEST_CASE("an engine killed in the middle of a for_each: the next one goes on with the same elements, each of them once") {
  const Workplace w;
  w.write("hosts", "a\nb\nc\n");
  w.write("a.yaml", runbook_of(rolling));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return count(w.read("log"), "drain b") == 1; }, "the second element to begin");
  engine.signal(SIGKILL);
  engine.wait();
  w.write("hosts", "x\ny\n");
  w.write("go", "");
  const auto resumed = w.runbook({"resume", "@last"});
  INFO(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(w.read("log") == "drain a\nup a 0\ndrain b\nup b 1\ndrain c\nup c 2\n");
  const ShownRun run(w);
  CHECK(run.events("expanded").size() == 1);
  CHECK(run.status_of("each[b]/drain") == "succeeded");
  CHECK_THAT(w.runbook({"show", "@last"}).out, Contains("each[b]") && Contains("3 of 3 ended"));
  CHECK(w.runbook({"undo", "@last", "--yes"}).code == 0);
  CHECK_THAT(w.read("log"), Catch::EndsWith("back c\nback b\nback a\n"));
}

TEST_CASE("of many elements the counts are shown and the failures, never a line for each") {
  const Workplace w;
  w.write("a.yaml", runbook_of(R"(
steps:
  - { id: list, shell: seq 100, changes: none, outputs: { all: lines } }
  - { id: each, for_each: steps.list.all, max_failures: 1, at_once: 4, shell: 'echo "at $n"; [ "$n" != 7 ]', env: { n: "${item}" }, changes: none }
)"));
  const auto ran = w.runbook({"run", "a.yaml"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.err, Contains("each[7]") && Contains("100 of 100 ended, 1 failed"));
  CHECK(count(ran.err, "\n") < 60);
  const auto shown = w.runbook({"show", "@last"});
  CHECK_THAT(shown.out, Contains("each[7]") && Contains("100 of 100 ended, 1 failed") && !Contains("each[8]"));
  const auto report = w.runbook({"report", "@last"});
  CHECK_THAT(report.out, Contains("each[7]") && !Contains("each[8]"));
  CHECK_THAT(w.runbook({"logs", "@last", "each[8]"}).out, Contains("at 8"));
}

TEST_CASE("the undos of many elements are counted, too, from what is agreed to until it is reported") {
  const Workplace w;
  w.write("a.yaml", runbook_of(R"(
steps:
  - { id: list, shell: seq 100 150, changes: none, outputs: { hosts: lines } }
  - id: each
    for_each: steps.list.hosts
    steps:
      - { id: drain, shell: "true", changes: it, undo: { shell: 'test -e mended' } }
      - { id: up, shell: "true", changes: it }
)"));
  REQUIRE(w.runbook({"run", "a.yaml"}).code == 0);
  CHECK_THAT(w.runbook({"show", "@last"}).out, Contains("hosts=[\"100\"") && Contains("...") && !Contains("149"));
  const auto failed = w.runbook({"undo", "@last"});
  INFO(failed.err);
  CHECK(failed.code == 5);
  CHECK_THAT(failed.err, Contains("each[...]/up (51) cannot be undone") && Contains("31 more of `undo:each`") &&
                             Contains("undo:each[150]/drain  failed") && Contains("undo:each[...]/drain (50)"));
  w.write("mended", "");
  const auto undone = w.runbook({"resume", "@last", "--answer", "undo:each[150]/drain=again"});
  INFO(undone.err);
  CHECK(undone.code == 0);
  CHECK_THAT(undone.err, Contains("undo:each  50 of 51 ended") && Contains("undo:each[...]/drain (51)"));
  CHECK(count(undone.err, "\n") < 25);
  const auto shown = w.runbook({"show", "@last"});
  INFO(shown.out);
  CHECK_THAT(shown.out, Contains("51 of 51 ended"));
  CHECK(count(shown.out, "\n") < 25);
  CHECK(count(w.runbook({"report", "@last"}).out, "\n") < 120);
}

TEST_CASE("an amended for_each: which elements begin anew, and that those that have ended do not") {
  const Workplace w;
  const std::string text =
      "steps:\n  - { id: each, for_each: [a, b, c], shell: '[ \"$h\" != b ]', env: { h: '${item}' }, changes: none }\n";
  w.write("a.yaml", runbook_of(text));
  w.write("b.yaml", runbook_of(std::string(text).replace(text.find("!= b"), 4, "!= x")));
  REQUIRE(w.runbook({"run", "a.yaml"}).code == 5);
  const auto amended = w.runbook({"resume", "@last", "--amend", "b.yaml", "--yes"});
  INFO(amended.err);
  CHECK(amended.code == 0);
  CHECK_THAT(amended.err,
             Contains("AS THEY ARE NOW\n  each[b]\n  each[c]\n") && Contains("\n  each[...], of the elements that have ended\n"));
}

TEST_CASE("each element has its own time: for its step, for its undo, and by an amendment", "[amend]") {
  const Workplace w;
  const std::string text = R"(
steps:
  - { id: list, shell: 'echo "[{\"name\": \"a\", \"t\": \"50ms\"}, {\"name\": \"b\", \"t\": \"1m\"}]"', changes: none, outputs: { all: json } }
  - id: each
    for_each: steps.list.all
    max_failures: 1
    shell: echo "$h" >> log; sleep 1
    env: { h: "${item.name}" }
    changes: log
    timeout: ${item.t}
    undo: { shell: 'true', timeout: "${item.t}" }
  - { id: last, shell: "false", changes: none }
)";
  w.write("a.yaml", runbook_of(text));
  const auto plan = w.runbook({"run", "a.yaml", "--plan"});
  CHECK_THAT(plan.out, Contains("${item.t}"));
  CHECK(w.runbook({"run", "a.yaml", "--plan", "--what-if"}).code == 0);
  const auto ran = w.runbook({"run", "a.yaml"});
  INFO(ran.err);
  CHECK(ran.code == 5);
  CHECK_THAT(ran.err, Contains("each[a]  failed: timed out") && Contains("each[b]  succeeded"));
  const auto at = text.find("timeout: ${item.t}");
  w.write("b.yaml", runbook_of(std::string(text).replace(at, 18, "timeout: ${item.x}")));
  const auto refused = w.runbook({"resume", "@last", "--amend", "b.yaml", "--yes"});
  CHECK(refused.code == 3);
  CHECK_THAT(refused.err, Contains("step `each`: element `a`: its `timeout`: ${item.x}: no such key: x"));
  const auto undone = w.runbook({"undo", "@last", "--with", "each[a]"});
  INFO(undone.err);
  CHECK_THAT(undone.err, Contains("undo:each[b]  started, limit 1m"));
}

TEST_CASE("a list that cannot be run through is told at the end, too, where the failures stand") {
  const Workplace w;
  w.write(
      "a.yaml",
      runbook_of("steps:\n  - { id: list, shell: echo 'a a', changes: none, outputs: { all: 'stdout.trim().split(\" \")' } }\n"
                 "  - { id: each, for_each: steps.list.all, shell: \"true\", changes: it }\n"));
  const auto ran = w.runbook({"run", "a.yaml"});
  CHECK(ran.code == 5);
  for (const auto& screen : {ran.err, w.runbook({"show", "@last"}).out}) {
    INFO(screen);
    CHECK_THAT(screen, Contains("FAILED\n") && Contains("each") && Contains("\n  for_each: elements 0 and 1 are both `a`\n"));
  }
}

TEST_CASE("a failure that its rescue handles is no failure of the run, and stands in the report") {
  const Workplace w;
  w.write("a.yaml", runbook_of(R"(
steps:
  - id: deploy
    shell: 'echo deploy >> log; exit 3'
    changes: log
    rescue:
      - { id: back, shell: 'echo "back after $code" >> log', env: { code: "${steps.deploy.exit}" }, changes: log }
  - { id: after, shell: echo after >> log, changes: log }
)"));
  const auto ran = w.runbook({"run", "a.yaml"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(w.read("log") == "deploy\nback after 3\nafter\n");
  CHECK(ShownRun(w).status_of("deploy") == "rescued");
  CHECK_THAT(w.runbook({"report", "@last"}).out, Contains("handled by its rescue"));
}

TEST_CASE("an engine killed in the middle of a rescue: the next one ends it, once") {
  const Workplace w;
  w.write("a.yaml", runbook_of(R"(
steps:
  - id: deploy
    shell: 'echo deploy >> log; exit 3'
    changes: log
    rescue:
      - { id: back, shell: 'echo back >> log; until [ -e go ]; do sleep 0.01; done', changes: log }
      - { id: tell, shell: echo tell >> log, changes: log }
)"));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return count(w.read("log"), "back") == 1; }, "the rescue to begin");
  engine.signal(SIGKILL);
  engine.wait();
  w.write("go", "");
  const auto resumed = w.runbook({"resume", "@last"});
  INFO(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(w.read("log") == "deploy\nback\ntell\n");
}
