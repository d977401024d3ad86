// A text cut into its lines.
#pragma once
#include <string_view>
#include <vector>

namespace runbook::draft {

// Without their ends, `\n` or `\r\n`.
std::vector<std::string_view> lines_of(std::string_view text);
// Without blanks and tabs at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace runbook::draft
