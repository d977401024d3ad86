#include "cli/script_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/json.h"

namespace runbook {
namespace {

// "a.bash: line 3: sentence" of bash, "a.sh: 3: sentence" of dash.
std::optional<ScriptFinding> read_line(std::string_view line) {
  ScriptFinding out;
  const auto file_end = line.find(": ");
  if (file_end == std::string_view::npos) return {};
  out.file = line.substr(0, file_end);
  line.remove_prefix(file_end + 2);
  if (line.starts_with("line ")) line.remove_prefix(5);
  const auto number_end = line.find(": ");
  if (number_end == std::string_view::npos || number_end == 0 || number_end > 9) return {};
  for (const char digit : line.substr(0, number_end)) {
    if (digit < '0' || digit > '9') return {};
    out.line = out.line * 10 + static_cast<std::size_t>(digit - '0');
  }
  out.text = line.substr(number_end + 2);
  constexpr std::string_view warns = "warning: ";
  if (out.text.starts_with(warns)) {
    out.kind = ScriptFinding::Kind::warning;
    out.text.erase(0, warns.size());
  }
  constexpr std::string_view token = "unexpected token `";
  if (const auto at = out.text.find(token); at != std::string::npos) {
    const auto begin = at + token.size();
    out.near = out.text.substr(begin, out.text.rfind('\'') - begin);
  }
  return out;
}

std::int64_t integer(const Value& from, std::string_view name) {
  const auto* found = from.find(name);
  return found != nullptr && found->integer() != nullptr ? *found->integer() : 0;
}

std::string text(const Value& from, std::string_view name) {
  const auto* found = from.find(name);
  return found != nullptr && found->string() != nullptr ? *found->string() : "";
}

}  // namespace

std::vector<ScriptFinding> read_syntax_errors(std::string_view text) {
  std::vector<ScriptFinding> out;
  std::set<std::string> wrong;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    auto found = read_line(line);
    if (!found || found->text.starts_with('`')) continue;  // bash repeats the line
    if (found->kind == ScriptFinding::Kind::syntax && !wrong.insert(found->file).second) continue;
    out.push_back(std::move(*found));
  }
  return out;
}

std::vector<ScriptFinding> read_shellcheck(std::string_view json) {
  std::vector<ScriptFinding> out;
  const auto value = parse_json(json);
  const auto* comments = value ? value->find("comments") : nullptr;
  if (comments == nullptr || comments->list() == nullptr) return out;
  for (const auto& comment : *comments->list()) {
    ScriptFinding found;
    found.kind = ScriptFinding::Kind::shellcheck;
    found.file = text(comment, "file");
    found.line = static_cast<std::size_t>(integer(comment, "line"));
    found.column = static_cast<std::size_t>(integer(comment, "column"));
    const bool is_one_line = integer(comment, "endLine") == integer(comment, "line");
    if (is_one_line) found.end_column = static_cast<std::size_t>(integer(comment, "endColumn"));
    found.code = fmt::format("SC{}", integer(comment, "code"));
    found.text = text(comment, "message");
    out.push_back(std::move(found));
  }
  return out;
}

}  // namespace runbook
