#include "base/diagnostic.h"

#include <catch2/catch.hpp>

using namespace runbook;

TEST_CASE("a place in a long line of bytes that are no characters is shown") {
  constexpr Message message{"RB1", Severity::error, "wrong", "틀림"};
  for (const char byte : {'\x95', '\xe0', 'x'}) {
    const Sources sources{{"file", "/file", std::string(2000, byte) + "\n"}};
    for (const std::uint32_t column : {1U, 60U, 400U, 1990U, 2001U}) {
      INFO(column);
      CHECK(render(diagnose(message, {0, 1, column, 1}), sources, {}).find('^') != std::string::npos);
    }
  }
}
