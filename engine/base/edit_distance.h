// "Did you mean": the known name nearest to a mistyped one.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runbook {

// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b);
// The nearest of `known` within a third of the name's length (at least 1, at most 3), or nothing.
std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& known);

}  // namespace runbook
