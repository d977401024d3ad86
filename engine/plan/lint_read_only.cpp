#include <algorithm>
#include <array>
#include <cctype>

#include "base/sql_text.h"
#include "plan/lint_rules.h"
#include "plan/messages.h"

namespace runbook {
namespace {

// What PostgreSQL refuses in a read-only transaction, whatever it is done to.
constexpr std::array<std::string_view, 12> refused{"ALTER",  "COMMENT", "CREATE",  "DELETE", "DROP",     "GRANT",
                                                   "INSERT", "MERGE",   "REFRESH", "REVOKE", "TRUNCATE", "UPDATE"};

// Where the statement's first word begins: behind blanks and comments.
std::size_t first_word(std::string_view statement) {
  std::size_t i = 0;
  while (i < statement.size()) {
    if (std::isspace(static_cast<unsigned char>(statement[i])) != 0) ++i;
    else if (statement.substr(i, 2) == "--") i = std::min(statement.find('\n', i), statement.size());
    else if (statement.substr(i, 2) == "/*") i = std::min(statement.find("*/", i), statement.size() - 2) + 2;
    else break;
  }
  return i;
}

// In capitals; empty where something else than a word stands there.
std::string word_at(std::string_view statement, std::size_t begin) {
  std::string out;
  for (std::size_t i = begin; i < statement.size() && std::isalpha(static_cast<unsigned char>(statement[i])) != 0; ++i)
    out += static_cast<char>(std::toupper(static_cast<unsigned char>(statement[i])));
  return out;
}

}  // namespace

void check_read_only_sql(const LintedCode& linted, Diagnostics& advice) {
  if (linted.is_undo || linted.action.kind->name != "sql" || !linted.plan.at(linted.step).reads) return;
  const std::string_view text = linted.code.text;
  std::size_t behind = 0;  // the statements before
  for (const auto& statement : split_statements(text)) {
    const auto begin = text.find(statement, behind);
    if (begin == std::string_view::npos) return;
    behind = begin + statement.size();
    const auto at = first_word(statement);
    const auto word = word_at(statement, at);
    if (std::find(refused.begin(), refused.end(), word) == refused.end()) continue;
    advice.push_back(
        diagnose(messages::refused_in_reading, linted.code.place(begin + at, word.size()), word)
            .helped(phrase("make it a step that says what it `changes`", "무엇이 바뀌는지 `changes` 에 적은 단계로 만드십시오")));
  }
}

}  // namespace runbook
