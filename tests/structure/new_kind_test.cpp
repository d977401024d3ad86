// A new kind of action touches four places: its own file, a line in kinds.cpp, its test, its example. Everything else follows.
#include <catch2/catch.hpp>

#include "tests/support/command.h"

using namespace runbook::tests;
using Catch::Contains;

TEST_CASE("a kind in a file of its own and a line in kinds.cpp is read, planned, run, shown and offered to editors") {
  const Workplace place;
  const std::string source = std::string(RUNBOOK_SOURCE_DIR) + "/tests/structure/new_kind/";
  const auto built = place.shell("bash " + source + "build.sh " RUNBOOK_BINARY_DIR " . 2>&1");
  INFO(built.out);
  REQUIRE(built.code == 0);
  const auto said = [&](const std::string& arguments) {
    const auto ran = place.shell("RUNBOOK_LANG=en ./runbook " + arguments + " 2>&1");
    return "exit " + std::to_string(ran.code) + "\n" + ran.out;
  };
  const std::string example = source + "echo.yaml";
  CHECK_THAT(said("lint " + example), Contains("exit 0") && Contains("0 errors, 0 warnings"));
  CHECK_THAT(said("run " + example + " --plan --no-checks"), Contains("exit 0") && Contains("greet *  echo"));
  CHECK_THAT(said("run " + example), Contains("exit 0") && Contains(R"("hello world!" == "hello world!")"));
  CHECK_THAT(said("report @last"), Contains("exit 0") && Contains("greet"));
  CHECK_THAT(said("show @last --output json"), Contains(R"("kind":"echo")") && Contains("hello world"));
  CHECK_THAT(said("schema"), Contains(R"("echo": {)") && Contains("#/definitions/echo"));
  CHECK_THAT(said("explain --keys echo"), Contains("Says a text.") && Contains("What is said.") && Contains("said"));
  CHECK_THAT(said("man 5"), Contains("Says a text."));
  CHECK_THAT(said("explain " + example), Contains("hello world"));
  place.write("wrong.yaml", "runbook: 1\nid: wrong\nsteps:\n  - { id: a, echo: { txt: x } }\n");
  CHECK_THAT(said("lint wrong.yaml"), Contains("exit 3") && Contains("wrong.yaml:4:22") && Contains("did you mean `text`?"));
}
