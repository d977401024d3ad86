// `rerun`: a step that has ended runs again because somebody wants it, alone or with everything that needs it.
#include <catch2/catch.hpp>

#include "tests/e2e/shown_run.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

TEST_CASE("a criterion that is not met leaves more than undo: the step runs again, and the run succeeds") {
  Workplace w;
  const bool with_all = GENERATE(false, true);
  w.write("a.yaml", runbook_of(R"(
steps:
  - { id: one, shell: echo one >> log, changes: log }
  - { id: two, shell: echo two >> log, changes: log }
success:
  - { id: twice, shell: grep -c one log, expect: 'lines[0] == "2"', retry: { every: 10ms, for: 10ms } }
)"));
  CHECK(w.runbook({"run", "a.yaml"}).code == 6);
  CHECK(w.runbook({"rerun", "@last", "one"}).code != 0);  // without a reason
  CHECK_THAT(w.runbook({"rerun", "@last", "on", "--reason", "x"}).err, Contains("has no step `on`"));
  std::vector<std::string> command{"rerun", "@last", "one", "--reason", "the first was not enough"};
  if (with_all) command.emplace_back("--downstream");
  const auto recorded = w.runbook(command);
  INFO(recorded.err);
  CHECK(recorded.code == 0);
  CHECK(w.read("log") == "one\ntwo\n");
  const auto resumed = w.runbook({"resume", "@last"});
  INFO(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(w.read("log") == (with_all ? "one\ntwo\none\ntwo\n" : "one\ntwo\none\n"));
  CHECK_THAT(w.runbook({"report", "@last"}).out, Contains("is to run again") && Contains("the first was not enough"));
  CHECK_THAT(w.runbook({"rerun", "@last", "one", "--reason", "x"}).err, Contains("the run has ended"));
}
