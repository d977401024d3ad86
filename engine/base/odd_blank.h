// Blanks that an eye takes for the one of the space bar, and that YAML, shells and SQL take for a letter.
#pragma once
#include <cstddef>
#include <string_view>

#include "base/diagnostic.h"

namespace runbook {

struct OddBlank {
  char32_t code = 0;
  std::size_t length = 0;  // in bytes; 0: none
};

// At the beginning of `text`.
constexpr OddBlank odd_blank(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  if (byte(0) < 0xC2) return {};
  if (byte(0) == 0xC2) return byte(1) == 0xA0 ? OddBlank{0xA0, 2} : OddBlank{};
  if (byte(0) < 0xE1 || byte(0) > 0xE3 || (byte(1) & 0xC0U) != 0x80U || (byte(2) & 0xC0U) != 0x80U) return {};
  const char32_t code = (byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
  const bool is_blank =
      code == 0x3000 || (code >= 0x2000 && code <= 0x200A) || code == 0x202F || code == 0x205F || code == 0x1680;
  return is_blank ? OddBlank{code, 3} : OddBlank{};
}
// At the end of `text`.
constexpr OddBlank odd_blank_at_end(std::string_view text) {
  for (const std::size_t length : {2U, 3U})
    if (text.size() >= length)
      if (const auto found = odd_blank(text.substr(text.size() - length)); found.length == length) return found;
  return {};
}

// "no-break space"
inline Phrase name_of_blank(char32_t code) {
  if (code == 0xA0) return phrase("no-break space", "줄을 바꾸지 않는 공백");
  if (code == 0x3000) return phrase("the wide blank of an input method", "입력기의 전각 공백");
  return phrase("a blank of typesetting", "조판용 공백");
}

}  // namespace runbook
