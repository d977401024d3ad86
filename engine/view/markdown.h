// Texts made safe for Markdown (CommonMark): what somebody wrote must not become markup.
#pragma once
#include <string>
#include <string_view>

namespace runbook {

std::string markdown_text(std::string_view text);  // escapes what would be markup in running text
std::string markdown_code(std::string_view text);  // `text`, with a longer fence where it holds backticks; empty stays empty
std::string markdown_cell(std::string_view text);  // of a table: one line, its bars escaped

}  // namespace runbook
