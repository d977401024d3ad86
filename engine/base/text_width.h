// How much room a text takes on a terminal, independent of the process locale, and texts made safe to show.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace runbook {

// Columns: Hangul and other wide characters take 2, combining ones 0; a tab and an invalid byte take 1.
std::size_t display_width(std::string_view text);
// Padded with spaces on the right (left-aligned) or cut with "..." to exactly `columns`.
std::string fit(std::string_view text, std::size_t columns);
std::string pad_right(std::string_view text, std::size_t columns);  // never cuts
std::string pad_left(std::string_view text, std::size_t columns);

bool is_valid_utf8(std::string_view text);
std::string valid_utf8(std::string_view text);  // invalid bytes become U+FFFD
// For one line of a terminal: controls, C1, bidirectional overrides and invalid bytes are shown inert; a tab becomes a space.
std::string printable(std::string_view text);
// The same for several lines: newline and tab stay.
std::string printable_lines(std::string_view text);

}  // namespace runbook
