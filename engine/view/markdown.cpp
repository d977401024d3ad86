#include "view/markdown.h"

#include <algorithm>

namespace runbook {

std::string markdown_text(std::string_view text) {
  static constexpr std::string_view markup = "\\`*_[]<>#~";
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // Inside a word an underscore is no markup: names stay readable.
    const bool inside_word = text[i] == '_' && i > 0 && i + 1 < text.size() && text[i - 1] != ' ' && text[i + 1] != ' ';
    if (markup.find(text[i]) != std::string_view::npos && !inside_word) out += '\\';
    out += text[i];
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  if (text.empty()) return {};
  std::size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  const std::string pad = text.front() == '`' || text.back() == '`' ? " " : "";
  return fence + pad + std::string(text) + pad + fence;
}

std::string markdown_cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += "\\|";
    else out += c == '\n' ? ' ' : c;
  }
  return out;
}

}  // namespace runbook
