#include "cli/script_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/json.h"

namespace runbook {
namespace {

std::optional<std::size_t> whole_number(std::string_view digits) {
  if (digits.empty() || digits.size() > 9) return {};
  std::size_t out = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return {};
    out = out * 10 + static_cast<std::size_t>(digit - '0');
  }
  return out;
}

// "a.bash: line 3: sentence" of bash, "a.sh: 3: sentence" of dash.
std::optional<ScriptFinding> read_line(std::string_view line) {
  ScriptFinding out;
  const auto file_end = line.find(": ");
  if (file_end == std::string_view::npos) return {};
  out.file = line.substr(0, file_end);
  line.remove_prefix(file_end + 2);
  if (line.starts_with("line ")) line.remove_prefix(5);
  const auto number_end = line.find(": ");
  const auto number = whole_number(line.substr(0, number_end));
  if (number_end == std::string_view::npos || !number) return {};
  out.line = *number;
  out.text = line.substr(number_end + 2);
  constexpr std::string_view warns = "warning: ";
  if (out.text.starts_with(warns)) {
    out.kind = ScriptFinding::Kind::warning;
    out.text.erase(0, warns.size());
  }
  // The line that it began in says more than the one where the file ends; and numbers of ours mean nothing in the YAML.
  for (const std::string_view began : {" at line ", " on line "}) {
    const auto at = out.text.find(began);
    if (at == std::string::npos) continue;
    const auto digits_end = std::min(out.text.find_first_not_of("0123456789", at + began.size()), out.text.size());
    const auto begin = whole_number(std::string_view(out.text).substr(at + began.size(), digits_end - at - began.size()));
    if (!begin) continue;
    out.line = *begin;
    out.text.erase(at, digits_end - at);
  }
  constexpr std::string_view token = "unexpected token `";
  if (const auto at = out.text.find(token); at != std::string::npos) {
    const auto token_at = at + token.size();
    out.near = out.text.substr(token_at, out.text.rfind('\'') - token_at);
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
