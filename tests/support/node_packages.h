// Whether the packages of tests/editor/package.json are there. Where npm's registry cannot be reached they are not, and what needs
// them is skipped with a word; CI demands them (RUNBOOK_NEEDS_NODE).
#pragma once
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

namespace runbook::tests {

inline bool has_node_packages() {
  if (std::filesystem::exists(RUNBOOK_BINARY_DIR "/../node/node_modules/.installed")) return true;
  WARN("skipped: the packages of npm are not there (tests/install.sh)");
  CHECK(std::getenv("RUNBOOK_NEEDS_NODE") == nullptr);
  return false;
}

}  // namespace runbook::tests
