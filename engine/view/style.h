// How screens are drawn: language, width, colour or not. Structure is ASCII, verdicts are ✓ ✗ ? -, because box-drawing
// characters have an ambiguous width and break tables in Korean terminals; `ascii` replaces the verdicts too.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/value.h"

namespace runbook {

struct Style {
  Language language = Language::english;
  bool color = false;
  bool ascii = false;
  int width = 100;  // columns of the terminal
};

// good: it holds, it succeeded. bad: it does not. unknown: no data, in doubt. none: not looked at, not started.
// busy: runs. asks: waits for a person.
enum class Mark { good, bad, unknown, none, busy, asks };
std::string mark(Mark mark, const Style& style);

enum class Ink { plain, strong, faint, good, bad, warn };
// Without colour the text as it is.
std::string ink(std::string_view text, Ink ink, const Style& style);
Ink ink_of(Mark mark);

// Cut at spaces into lines of at most `columns`; a word that is longer is cut where it must.
std::vector<std::string> wrap(std::string_view text, std::size_t columns);
// "label     text", going on below itself; `label` takes `indent` columns.
std::vector<std::string> labelled(std::string_view label, std::string_view text, std::size_t indent, const Style& style);
std::string join_lines(const std::vector<std::string>& lines);  // each ends with a newline
std::string join(const std::vector<std::string>& parts, std::string_view between);

// What somebody wrote or a program printed, on one line and inert; marks of secrets become "<secret NAME>".
std::string shown(std::string_view text);
// The same of a value; in lists and maps too a secret is "<secret NAME>".
std::string shown_value(const Value& value);
// Lines of cel::explain_lines in this style.
std::string explained_line(std::string_view line, const Style& style);

}  // namespace runbook
