// The lines of a file that errors stand in. What is found by looking further at such a line may only follow from them.
#pragma once
#include <set>
#include <utility>

#include "base/diagnostic.h"

namespace runbook {

class WrongLines {
 public:
  explicit WrongLines(const Diagnostics& all) {
    for (const auto& one : all)
      if (one.severity == Severity::error) lines_.emplace(one.at.file, one.at.line);
  }
  bool has(Place at) const { return lines_.contains({at.file, at.line}); }

 private:
  std::set<std::pair<std::uint16_t, std::uint32_t>> lines_;
};

}  // namespace runbook
