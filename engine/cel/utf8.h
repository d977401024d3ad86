// Texts as CEL counts them: in code points.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace runbook::cel {

// A code point that UTF-8 may encode: not a surrogate, at most U+10FFFF.
bool is_scalar(std::uint32_t code);
void append_utf8(std::string& text, std::uint32_t code);

std::size_t count_code_points(std::string_view text);
// Where the code point with this index begins; the text's size for index == count; npos beyond.
std::size_t byte_offset(std::string_view text, std::size_t index);
// Length of the sequence that begins here; an invalid byte counts as one.
std::size_t sequence_length(std::string_view text, std::size_t at);
// The code point that begins here; U+FFFD for an invalid one.
std::uint32_t code_point_at(std::string_view text, std::size_t at);

}  // namespace runbook::cel
