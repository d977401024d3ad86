#include "cli/same_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/quoted_word.h"
#include "drive/secrets.h"

namespace runbook {
namespace {

std::string flag(std::string_view name, std::string_view value) { return fmt::format(" {} {}", name, quoted_word(value)); }
// NAME=VALUE is one word, of which only the value may need quotes: names are plain.
std::string pair_flag(std::string_view name, std::string_view left, std::string_view right) {
  return fmt::format(" {} {}={}", name, quoted_word(left), quoted_word(right));
}
std::string pair_flag(std::string_view name, const std::string& text) {
  const auto pair = split_pair(text);
  return pair ? pair_flag(name, pair->first, pair->second) : flag(name, text);
}

// `--with --answer --confirm`, as `answers_in_advance` made them.
std::string answer_flag(const std::string& name, const Value& given) {
  const auto colon = name.find(':');
  const std::string kind = name.substr(0, colon), step = name.substr(colon + 1);
  if (kind == "with") return flag(given == Value(true) ? "--with" : "--without", step);
  return pair_flag("--" + kind, step, to_text(given));
}

// Of those that can be read without running anything.
std::string without_secrets(const State& state, const std::string& command) {
  Secrets secrets;
  for (const auto& unit : state.written().runbook.units)
    for (const auto& [name, secret] : unit.secrets)
      if (secret.from != Secret::From::command) (void)secrets.read(secret);
  return secrets.masker().text(command);
}

}  // namespace

std::string command_for(const Context& context) {
  const auto& a = context.arguments;
  std::string out = "runbook run " + quoted_word(a.files.front());
  for (const auto& text : a.variables) out += pair_flag("--var", text);
  for (const auto& file : a.variable_files) out += flag("--vars", file);
  return out;
}

std::string command_for(const Context& context, const Store& store, const RunRow& row, const State& state) {
  const auto kept = store.snapshots(row.id);
  if (!kept || kept->empty()) return "";
  const auto snapshot = decode_snapshot(kept->front());
  if (!snapshot || !snapshot->undoes.empty()) return "";
  const auto& a = context.arguments;
  const bool made_here = a.command == "run";
  std::string out = "runbook run " + quoted_word(made_here ? a.files.front() : row.file);
  const auto is_flag = [&](const std::string& name) {
    return std::any_of(a.variables.begin(), a.variables.end(),
                       [&](const std::string& text) { return text.starts_with(name + "="); });
  };
  const bool has_files = made_here && !a.variable_files.empty();
  for (const auto& [name, value] : snapshot->inputs.variables)
    if (!has_files || is_flag(name)) out += pair_flag("--var", name, value);
  if (has_files)
    for (const auto& file : a.variable_files) out += flag("--vars", file);
  for (const auto& [name, given] : state.created.answers) out += answer_flag(name, given);
  if (!state.created.reason.empty()) out += flag("--reason", state.created.reason);
  if (!state.created.ticket.empty()) out += flag("--ticket", state.created.ticket);
  return without_secrets(state, out);
}

}  // namespace runbook
