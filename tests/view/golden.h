// A screen compared as a whole with a file that people review; and the style that the goldens are drawn in.
#pragma once
#include <catch2/catch.hpp>

#include "staged_run.h"
#include "view/style.h"

namespace runbook::testing {

inline constexpr Style korean{Language::korean, false, false, 100};
inline constexpr Style english{Language::english, false, false, 100};

inline void check_golden(const std::string& name, const std::string& text) {
  INFO(golden_difference(name, text));
  CHECK(matches_golden(name, text));
}

}  // namespace runbook::testing
