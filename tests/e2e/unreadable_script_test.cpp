// A script that no shell can read is found before the run, and not when the steps above it have changed something.
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/e2e/shown_run.h"

using namespace runbook::tests;
using Catch::Contains;

namespace {

const std::string unreadable = R"(
vars: { word: { type: string, ask: which word } }
lock: everything
preconditions: [{ id: looked, shell: touch looked }]
steps:
  - { id: first, shell: touch changed, changes: a file }
  - id: second
    shell: |
      for word in a b; do
        echo "$word"
      fi
    changes: none
)";

std::string runs(const Workplace& w) { return w.runbook({"runs"}).out; }

}  // namespace

TEST_CASE("a runbook with a script that no shell can read does not start: nothing is changed, recorded or locked",
          "[unreadable]") {
  const Workplace w;
  w.write("a.yaml", runbook_of(unreadable));
  const auto before = runs(w);
  CHECK(w.runbook({"run", "a.yaml"}).code == 3);  // nobody is asked for a word first
  const auto refused = w.runbook({"run", "a.yaml", "--var", "word=x"});
  INFO(refused.err);
  CHECK(refused.code == 3);
  CHECK_THAT(refused.err,
             Contains("error[RB505]: the shell cannot read this script") && Contains("--> a.yaml:17:7") && !Contains("RB507"));
  CHECK(runs(w) == before);
  CHECK_FALSE(std::filesystem::exists(w.path() + "/changed"));
  CHECK_FALSE(std::filesystem::exists(w.path() + "/looked"));
  CHECK(w.runbook({"check", "a.yaml", "--var", "word=x"}).code == 3);

  const auto planned = w.runbook({"run", "a.yaml", "--plan", "--var", "word=x"});
  CHECK(planned.code == 3);
  CHECK(planned.err == refused.err);
  CHECK(w.runbook({"run", "a.yaml", "--plan", "--var", "word=x", "--no-checks"}).code == 0);  // starts no shell
}

TEST_CASE("where no shell is installed nothing is refused for what it would say", "[unreadable]") {
  Workplace w;
  w.write("a.yaml", runbook_of("\nsteps:\n  - { id: one, shell: 'if', changes: none }\n"));
  CHECK(w.runbook({"run", "a.yaml", "--plan"}).code == 3);
  w.environment["PATH"] = w.path() + "/nothing";
  const auto planned = w.runbook({"run", "a.yaml", "--plan"});
  INFO(planned.err);
  CHECK(planned.code == 0);
}

TEST_CASE("what the reader, the plan and the shells find wrong is told in one pass, by lint and by run", "[unreadable]") {
  const Workplace w;
  w.write("a.yaml", runbook_of(R"(
steps:
  - { id: one, shell: 'true', chnages: none }
  - { id: two, needs: [noe], shell: 'true', changes: none }
  - { id: three, shell: 'echo )', changes: none }
)"));
  for (const auto& result : {w.runbook({"run", "a.yaml"}), w.runbook({"lint", "a.yaml"})}) {
    CHECK(result.code == 3);
    const auto said = result.out + result.err;
    const auto reader = said.find("error[RB201]"), plan = said.find("error[RB401]"), shell = said.find("error[RB505]");
    CHECK(shell != std::string::npos);
    CHECK((reader < plan && plan < shell));
  }
}

TEST_CASE("a run is not amended to such a runbook, and an own run that is only gone on with is not looked at again",
          "[unreadable]") {
  const Workplace w;
  const std::string broken = "\nsteps:\n  - { id: one, shell: 'test -e there', changes: none }\n";
  w.write("a.yaml", runbook_of(broken));
  w.write("b.yaml", runbook_of("\nsteps:\n  - { id: one, shell: 'if', changes: none }\n"));
  REQUIRE(w.runbook({"run", "a.yaml"}).code == 5);
  const auto refused = w.runbook({"resume", "@last", "--amend", "b.yaml", "--yes"});
  CHECK(refused.code == 3);
  CHECK_THAT(refused.err, Contains("error[RB505]"));
  CHECK(ShownRun(w).events("run_amended").empty());
  w.write("there", "");
  w.write("a.yaml", runbook_of("\nsteps:\n  - { id: one, shell: 'if', changes: none }\n"));
  CHECK(w.runbook({"resume", "@last"}).code == 0);
}
