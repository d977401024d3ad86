// `run --plan --what-if`: what is said, and that nothing is touched for it.
#include <catch2/catch.hpp>

#include "tests/e2e/shown_run.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

TEST_CASE("what-if tells what follows, contacts nothing, and is right about the run that then fails") {
  Workplace w;
  w.write("a.yaml", runbook_of(R"(
preconditions:
  - { id: there, shell: 'echo > looked' }
steps:
  - { id: first, shell: 'echo > first', changes: a file, undo: { shell: rm first } }
  - { id: second, shell: 'exit 1', changes: nothing that lasts }
  - { id: extra, shell: 'true', changes: none, optional: "Is it needed?" }
finally:
  - { id: tidy, shell: 'echo > tidied', changes: none }
)"));
  const auto told = w.runbook({"run", "a.yaml", "--plan", "--what-if"});
  INFO(told.out << told.err);
  CHECK(told.code == 0);
  CHECK_THAT(told.out, Contains("POINT OF NO RETURN  second") && Contains("2  second  [past the point of no return]") &&
                           Contains("fails, times out  the run stops and stays open, exit 5") &&
                           Contains("changed by then   first; perhaps this step") &&
                           Contains("undo covers       first; not this step"));
  CHECK(w.read("looked").empty());
  CHECK(w.runbook({"run", "a.yaml"}).code == 5);
  CHECK_FALSE(w.read("first").empty());
  CHECK(w.read("tidied").empty());
  SECTION("the flags of the run count") {
    const auto closing = w.runbook({"run", "a.yaml", "--plan", "--what-if", "--close", "--without", "extra"});
    INFO(closing.out);
    CHECK_THAT(closing.out, Contains("the run closes, exit 5, after `finally`: finally:tidy") &&
                                Contains("not reached with these values, whichever step fails: extra"));
  }
  SECTION("for programs") {
    const auto json = w.runbook({"run", "a.yaml", "--plan", "--what-if", "--output", "json"});
    CHECK_THAT(json.out, Contains(R"("point_of_no_return":"second")"));
  }
  SECTION("in Korean") {
    w.environment["RUNBOOK_LANG"] = "ko";
    CHECK_THAT(w.runbook({"run", "a.yaml", "--plan", "--what-if", "--no-checks"}).out, Contains("되돌릴 수 없는 지점  second"));
  }
  SECTION("without --plan it is refused: nobody means to run it") {
    const auto refused = w.runbook({"run", "a.yaml", "--what-if"});
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Contains("--what-if") && Contains("--plan"));
  }
}
