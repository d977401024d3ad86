// What the reader says about what is wrong, as a whole and to the letter.
#include <catch2/catch.hpp>

#include "golden_cases.h"
#include "runbook/messages.h"

namespace runbook::testing {

TEST_CASE("every complaint of the reader names the place, and the remedy where there is one") {
  auto said = check_golden_cases("runbook", [](const GoldenCase& one) {
    auto reading = read_runbook(one.inputs(), one.memory(), all_kinds());
    CHECK(reading.runbook.has_value() != has_errors(reading.diagnostics));
    return Said{std::move(reading.sources), std::move(reading.diagnostics)};
  });
  for (const auto* large : {&messages::too_many_files, &messages::too_many_values})
    ++said[std::string(large->code)];  // hostile_test.cpp
  for (const auto* message : messages::all_of_reader) {
    INFO(message->code << " is said by no case: " << message->en);
    CHECK(said.contains(std::string(message->code)));
  }
}

TEST_CASE("codes of the reader are unique") {
  std::map<std::string_view, int> seen;
  for (const auto* message : messages::all_of_reader) CHECK(++seen[message->code] == 1);
}

}  // namespace runbook::testing
