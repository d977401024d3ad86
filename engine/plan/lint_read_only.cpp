#include <algorithm>
#include <array>

#include "base/sql_text.h"
#include "plan/lint_rules.h"
#include "plan/messages.h"

namespace runbook {
namespace {

// What PostgreSQL refuses in a read-only transaction, whatever it is done to.
constexpr std::array<std::string_view, 12> refused{"ALTER",  "COMMENT", "CREATE",  "DELETE", "DROP",     "GRANT",
                                                   "INSERT", "MERGE",   "REFRESH", "REVOKE", "TRUNCATE", "UPDATE"};

}  // namespace

void check_read_only_sql(const LintedCode& linted, Diagnostics& advice) {
  if (linted.is_undo || linted.action.kind->name != "sql" || !linted.plan.at(linted.step).reads) return;
  const std::string_view text = linted.code.text;
  std::size_t behind = 0;  // the statements before
  for (const auto& statement : split_statements(text)) {
    const auto begin = text.find(statement, behind);
    if (begin == std::string_view::npos) return;
    behind = begin + statement.size();
    const auto [word, at] = first_word(statement);
    if (std::find(refused.begin(), refused.end(), word) == refused.end()) continue;
    advice.push_back(
        diagnose(messages::refused_in_reading, linted.code.place(begin + at, word.size()), word)
            .helped(phrase("make it a step that says what it `changes`", "무엇이 바뀌는지 `changes` 에 적은 단계로 만드십시오")));
  }
}

}  // namespace runbook
