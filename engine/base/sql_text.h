// SQL text as far as the engine must understand it: where a statement ends, and whether it would end our transaction.
// The server has the last word: every statement is sent alone, by the extended protocol, which refuses two at once.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace runbook {

// Without the semicolons; those that hold only space and comments are left out. Knows quotes, E'', dollar quotes, nested
// comments, parentheses and the body of CREATE FUNCTION ... BEGIN ATOMIC ... END.
std::vector<std::string> split_statements(std::string_view script);

// "DELETE" of "/* all */ delete from t", and where it stands; empty where something else than a word stands first.
struct SqlWord {
  std::string text;  // in capitals
  std::size_t offset = 0;
};
SqlWord first_word(std::string_view statement);

// "COMMIT", "SET TRANSACTION": how the statement begins, when that controls transactions; empty: it does not.
std::string transaction_control(std::string_view statement);

// Each `-- comment` of it, without the end of its line.
std::vector<std::string_view> line_comments(std::string_view script);

// 2 of "... WHERE a = $2": the highest of the parameters in it, 0 where it has none. It may come to less than what is written
// where nobody could have so many.
std::size_t highest_parameter(std::string_view statement);

}  // namespace runbook
