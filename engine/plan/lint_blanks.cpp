#include <algorithm>

#include "base/odd_blank.h"
#include "plan/lint_rules.h"
#include "plan/messages.h"

namespace runbook {
namespace {

// Nearly no code holds one.
bool may_hold_odd_blanks(std::string_view code) {
  for (const std::string_view begin : {"\xC2\xA0", "\xE3\x80\x80", "\xE2\x80"})
    if (code.find(begin) != std::string_view::npos) return true;
  return false;
}

bool is_ascii(std::string_view code, std::size_t at) {
  return at >= code.size() || (static_cast<unsigned char>(code[at]) & 0x80U) == 0;
}

// The one at `at` if it stands between words of code: within a sentence there are letters of other scripts beside it.
bool between_words(std::string_view code, std::size_t at) {
  const auto found = odd_blank(code.substr(at));
  const auto end = at + found.length;
  return found.length > 0 && (at == 0 || is_ascii(code, at - 1)) &&
         (is_ascii(code, end) || odd_blank(code.substr(end)).length > 0);
}

// Outside quotes. No program's name holds one, whatever stands beside it.
std::size_t odd_blank_in_word(std::string_view word, bool is_name) {
  char quote = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (quote != 0 && word[i] == quote) quote = 0;
    else if (quote == 0 && (word[i] == '\'' || word[i] == '"')) quote = word[i];
    else if (quote == 0 && (is_name ? odd_blank(word.substr(i)).length > 0 : between_words(word, i))) return i;
    else if (word[i] == '\\' && quote != '\'' && is_ascii(word, i + 1)) ++i;
  }
  return std::string_view::npos;
}

// Outside of quotes and comments.
std::size_t odd_blank_in_sql(std::string_view sql) {
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const auto skip = [&](std::string_view end) { i = std::min(sql.find(end, i + 1), sql.size()); };
    if (sql[i] == '$') return std::string_view::npos;  // of a body in dollar quotes
    if (sql[i] == '\'') skip("'");
    else if (sql[i] == '"') skip("\"");
    else if (sql.substr(i, 2) == "--") skip("\n");
    else if (sql.substr(i, 2) == "/*") skip("*/");
    else if (between_words(sql, i)) return i;
  }
  return std::string_view::npos;
}

std::size_t first_odd_blank(const LintedCode& linted) {
  const std::string_view code = linted.code.text;
  for (const auto& command : linted.code.commands)
    for (const auto* words : {&command.assignments, &command.words})
      for (const auto& word : *words)
        if (const auto at = odd_blank_in_word(code.substr(word.offset, word.length), &word == command.words.data());
            at != std::string_view::npos)
          return word.offset + at;
  const bool is_sql = linted.action.kind != nullptr && linted.action.kind->name == "sql";
  return is_sql ? odd_blank_in_sql(code) : std::string_view::npos;
}

}  // namespace

void check_odd_blanks(const LintedCode& linted, Diagnostics& advice) {
  if (!may_hold_odd_blanks(linted.code.text)) return;
  const auto at = first_odd_blank(linted);
  if (at == std::string_view::npos) return;
  const auto blank = odd_blank(std::string_view(linted.code.text).substr(at));
  const auto name = name_of_blank(blank.code);
  auto found = diagnose(messages::blank_in_code, linted.code.place(at, blank.length), static_cast<unsigned>(blank.code), name.en);
  found.text.ko = phrase("", messages::blank_in_code.ko, static_cast<unsigned>(blank.code), name.ko).ko;
  advice.push_back(std::move(found).helped(phrase("type it again with the space bar; in a text, quote it",
                                                  "스페이스 바로 다시 치십시오. 글의 일부이면 따옴표로 싸십시오")));
}

}  // namespace runbook
