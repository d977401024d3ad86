// The command line itself, by the program.
#include <catch2/catch.hpp>

#include "tests/support/command.h"

namespace runbook::tests {

TEST_CASE("a command that is not there is named, with the one that was meant") {
  const auto [word, says] = GENERATE(table<std::string, std::string>(
      {{"runn", "runbook: there is no command `runn`\ndid you mean `runbook run`?\n"},
       {"zzzzzz", "runbook: there is no command `zzzzzz`\n`runbook --help` lists the commands\n"}}));
  const Workplace place;
  const auto got = place.runbook({word, "a.yaml"});
  CHECK(got.code == 2);
  CHECK(got.err == says);
}

}  // namespace runbook::tests
