// Texts made safe for Markdown (CommonMark): what somebody wrote must not become markup.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace runbook {

std::string markdown_text(std::string_view text);  // escapes what would be markup in running text
std::string markdown_code(std::string_view text);  // `text`, with a longer fence where it holds backticks; empty stays empty
std::string markdown_cell(std::string_view text);  // of a table: one line, its bars escaped

// A page in the making. What is handed in is Markdown already; only `row` makes cells of it.
class MarkdownPage {
 public:
  void line(std::string_view text);
  void heading(std::string_view words);  // of the second level, with its blank lines
  void row(std::vector<std::string> cells);
  void code(std::string_view indentation, std::string_view language, const std::vector<std::string>& lines);
  std::string text() && { return std::move(out_); }

 private:
  std::string out_;
};

}  // namespace runbook
