#include "action/kinds.h"

#include <catch2/catch.hpp>

#include "supervisor/evidence.h"

using namespace runbook;

TEST_CASE("what a kind says of its machine's death is what the evidence then says") {
  // It had begun, the machine came up again: no record of its end, another world.
  const Evidence after_boot{Lock::free, BlockState::valid, BlockState::none, Output::matches, Files::ours, false};
  REQUIRE(verdict(after_boot) == Verdict::restarted);  // in doubt
  // On a host that went on, the record is there or comes.
  const Evidence elsewhere{Lock::free, BlockState::valid, BlockState::valid, Output::matches, Files::ours, true};
  REQUIRE(verdict(elsewhere) == Verdict::adopt);
  struct Case {
    const char* kind;
    Fields fields;
    Aftermaths expected;
  };
  const Field none{{}, Value("none")};
  const std::vector<Case> cases{
      {"shell", {}, {Aftermath::effects, Aftermath::effects, Aftermath::doubt}},
      {"ssh", {}, {Aftermath::effects, Aftermath::effects, Aftermath::goes_on}},
      {"http", {}, {Aftermath::effects, Aftermath::doubt, Aftermath::doubt}},
      {"sql", {}, {Aftermath::nothing, Aftermath::nothing, Aftermath::known}},
      {"sql", {{"transaction", none}}, {Aftermath::effects, Aftermath::effects, Aftermath::doubt}},
  };
  for (const auto& c : cases)
    for (const auto* kind : all_kinds()) {
      if (kind->name != c.kind) continue;
      INFO(c.kind);
      const auto found = kind->aftermaths ? kind->aftermaths(c.fields) : Aftermaths();
      CHECK(found.failed == c.expected.failed);
      CHECK(found.timed_out == c.expected.timed_out);
      CHECK(found.machine_died == c.expected.machine_died);
    }
}
