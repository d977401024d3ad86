#include <algorithm>
#include <cctype>

#include "plan/lint_rules.h"
#include "plan/messages.h"
#include "plan/step_code.h"

namespace runbook {
namespace {

// What expressions call it, where a script's `$name` is such a name; empty: it is not, or comes from anywhere.
std::string expression_for(const Plan& plan, StepIndex step, const std::string& name) {
  const auto& planned = plan.at(step);
  const bool sees_element = planned.element && planned.element->unit == planned.step.unit;  // a used file does not
  if (sees_element && (name == "item" || name == "index")) return name;
  if (plan.unit_of(step).secrets.contains(name)) return "secrets." + name;
  return {};
}

bool is_in_environment(const LintedCode& linted, const std::string& name) {
  const Unit& unit = linted.plan.unit_of(linted.step);
  const Step& step = linted.plan.at(linted.step).step;
  const Step& itself = linted.is_undo ? *step.undo : step;
  if (itself.env.contains(name) || unit.variables.contains(name) || unit.env.contains(name)) return true;
  return std::any_of(unit.requires_.env.begin(), unit.requires_.env.end(), [&](const auto& one) { return one.first == name; });
}

// `name=`, `for name in`, `read name`: wherever it stands without a `$` the script may set it itself.
bool may_be_set_by(std::string_view script, std::string_view name) {
  const auto is_word = [&](std::size_t i) {
    return i < script.size() && (std::isalnum(static_cast<unsigned char>(script[i])) != 0 || script[i] == '_');
  };
  for (auto at = script.find(name); at != std::string_view::npos; at = script.find(name, at + 1)) {
    const bool is_whole = (at == 0 || !is_word(at - 1)) && !is_word(at + name.size());
    const bool is_used = at > 0 && (script[at - 1] == '$' || (script[at - 1] == '{' && at > 1 && script[at - 2] == '$'));
    if (is_whole && !is_used) return true;
  }
  return false;
}

// `${name:-x}`, `${name+x}`: the script knows that it may be missing.
bool is_for_a_missing_one(std::string_view used, const std::string& name) {
  auto rest = used.substr(std::min(used.size(), used.find(name) + name.size()));
  if (rest.starts_with(':')) rest.remove_prefix(1);
  return rest.starts_with('-') || rest.starts_with('=') || rest.starts_with('+') || rest.starts_with('?');
}

}  // namespace

void check_not_passed(const LintedCode& linted, Diagnostics& advice) {
  const auto look = [&](const ShellWord& word) {
    for (const auto& [name, offset, length] : word.variables) {
      const auto expression = expression_for(linted.plan, linted.step, name);
      if (expression.empty() || is_in_environment(linted, name) || may_be_set_by(linted.code.text, name) ||
          is_for_a_missing_one(std::string_view(linted.code.text).substr(offset, length), name))
        continue;
      advice.push_back(diagnose(messages::not_passed, linted.code.place(offset, length), name)
                           .helped(phrase("pass it to the step: env: {{ {}: \"${{{}}}\" }}",
                                          "단계에 전달하십시오: env: {{ {}: \"${{{}}}\" }}", name, expression)));
    }
  };
  for (const auto& command : linted.code.commands) {
    for (const auto& word : command.assignments) look(word);
    for (const auto& word : command.words) look(word);
  }
}

}  // namespace runbook
