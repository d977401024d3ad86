// What shells and shellcheck print about a script, as findings with a line and a column of that script: pure.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace runbook {

struct ScriptFinding {
  enum class Kind { syntax, warning, shellcheck } kind = Kind::syntax;
  std::string file;      // as it was given to them
  std::size_t line = 0;  // from 1
  // Of shellcheck, in characters from 1; the end is behind the last one, 0 when it lies in another line.
  std::size_t column = 0, end_column = 0;
  std::string code;  // "SC2086"
  std::string text;  // "syntax error near unexpected token `fi'"
  std::string near;  // the token in it: "fi"
  bool operator==(const ScriptFinding&) const = default;
};

// What `bash -n` or another sh writes to stderr; of each file only the first error, the others follow from it.
std::vector<ScriptFinding> read_syntax_errors(std::string_view text);
// What `shellcheck -f json1` writes.
std::vector<ScriptFinding> read_shellcheck(std::string_view json);

}  // namespace runbook
