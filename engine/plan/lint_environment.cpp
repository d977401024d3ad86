#include <algorithm>
#include <array>
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

// What every shell or login has, whatever a runbook says.
bool is_usual(std::string_view name) {
  constexpr std::array<std::string_view, 27> usual{"DIRSTACK", "DISPLAY",  "EDITOR", "EUID",   "FUNCNAME", "GROUPS",  "HOME",
                                                   "HOSTNAME", "HOSTTYPE", "IFS",    "LANG",   "LINENO",   "LOGNAME", "MACHTYPE",
                                                   "OLDPWD",   "OPTARG",   "OSTYPE", "PATH",   "PPID",     "PWD",     "RANDOM",
                                                   "REPLY",    "SECONDS",  "SHELL",  "TMPDIR", "UID",      "USER"};
  return name.starts_with("BASH") || name.starts_with("LC_") || name.starts_with("SSH_") || name.starts_with("RUNBOOK_") ||
         std::find(usual.begin(), usual.end(), name) != usual.end();
}

// The step that an undo or a rescue stands for, where that sets the name for itself.
const Text* set_for_the_step(const LintedCode& linted, const std::string& name) {
  const auto of = [&](const Step& step) -> const Text* {
    const auto found = step.env.find(name);
    return found != step.env.end() ? &found->second : nullptr;
  };
  if (linted.is_undo) return of(linted.plan.at(linted.step).step);
  for (auto around = linted.plan.at(linted.step).parent; around; around = linted.plan.at(*around).parent)
    if (linted.plan.at(*around).is_rescue && linted.plan.at(*around).parent)
      if (const auto* text = of(linted.plan.at(*linted.plan.at(*around).parent).step)) return text;
  return nullptr;
}

// `$TAG` of a variable `tag`: their names are lower-case.
const std::pair<const std::string, Variable>* in_other_letters(const Unit& unit, const std::string& name) {
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (unit.variables.empty() || std::none_of(name.begin(), name.end(), is_upper)) return nullptr;
  std::string lower = name;
  for (auto& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const auto found = unit.variables.find(lower);
  return found != unit.variables.end() ? &*found : nullptr;
}

// Other files and texts may set anything.
bool reads_other_code(const StepCode& code) {
  return std::any_of(code.commands.begin(), code.commands.end(), [](const ShellCommand& command) {
    const auto name = command.name();
    return name == "." || name == "source" || name == "eval";
  });
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

// `${name:-x}` and the like, wherever in the script.
bool is_optional_in(std::string_view script, const std::string& name) {
  const auto used = "${" + name;
  for (auto at = script.find(used); at != std::string_view::npos; at = script.find(used, at + 1))
    if (is_for_a_missing_one(script.substr(at), name)) return true;
  return false;
}

}  // namespace

void check_set_elsewhere(const LintedCode& linted, Diagnostics& advice) {
  std::vector<std::string_view> said;  // each name once
  const auto look = [&](const ShellWord& word) {
    for (const auto& [name, offset, length] : word.variables) {
      const auto* text = set_for_the_step(linted, name);
      const auto* other = text == nullptr ? in_other_letters(linted.plan.unit_of(linted.step), name) : nullptr;
      if (text == nullptr && other == nullptr) continue;
      const std::string_view script = linted.code.text;
      if (is_usual(name) || is_in_environment(linted, name) || std::find(said.begin(), said.end(), name) != said.end() ||
          !expression_for(linted.plan, linted.step, name).empty() || may_be_set_by(script, name) ||
          is_optional_in(script, name) || reads_other_code(linted.code))
        continue;
      said.emplace_back(name);
      auto complaint = diagnose(messages::set_elsewhere, linted.code.place(offset, length), name);
      if (other != nullptr)
        complaint.help =
            phrase("did you mean `${0}`? What the caller's environment brings is named: requires: {{ env: [{1}] }}",
                   "`${0}` 을(를) 쓰려고 하셨습니까? 호출한 환경에서 오는 것이면 requires: {{ env: [{1}] }} 에 쓰십시오",
                   other->first, name);
      else if (linted.is_undo)
        complaint.help = phrase("it is set for the step, not for its undo: repeat it in the undo's `env`",
                                "단계에만 있고 undo 에는 없습니다: undo 의 `env` 에 다시 쓰십시오");
      else
        complaint.help = phrase("it is set for the step that failed, not for its rescue: repeat it in the `env` of this step",
                                "실패한 단계에만 있고 rescue 에는 없습니다: 이 단계의 `env` 에 다시 쓰십시오");
      advice.push_back(std::move(complaint));
    }
  };
  for (const auto& command : linted.code.commands) {
    for (const auto& word : command.assignments) look(word);
    for (const auto& word : command.words) look(word);
  }
}

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
