#include "view/markdown.h"

#include <algorithm>

namespace runbook {
namespace {

std::size_t longest_ticks(std::string_view text) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

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
  const std::string fence(longest_ticks(text) + 1, '`');
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

void MarkdownPage::line(std::string_view text) {
  out_ += text;
  out_ += '\n';
}

void MarkdownPage::heading(std::string_view words) {
  line("");
  line("## " + std::string(words));
  line("");
}

void MarkdownPage::row(std::vector<std::string> cells) {
  std::string text = "|";
  for (const auto& cell : cells) text += " " + markdown_cell(cell) + " |";
  line(text);
}

void MarkdownPage::code(std::string_view indentation, std::string_view language, const std::vector<std::string>& lines) {
  std::size_t ticks = 2;
  for (const auto& one : lines) ticks = std::max(ticks, longest_ticks(one));
  const std::string pad(indentation), fence(ticks + 1, '`');
  line(pad + fence + std::string(language));
  for (const auto& one : lines) line(pad + one);
  line(pad + fence);
}

}  // namespace runbook
