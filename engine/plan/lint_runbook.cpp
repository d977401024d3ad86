#include <algorithm>
#include <cctype>

#include "plan/lint_rules.h"
#include "plan/messages.h"
#include "plan/shell_script.h"
#include "plan/step_code.h"

namespace runbook {
namespace {

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// As a word of its own: `$tag`, `${tag}`, os.environ["tag"].
bool holds_word(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_name(text[at - 1])) && (end == text.size() || !is_name(text[end]))) return true;
  }
  return false;
}

// A file of the author's own sees every variable in its environment: what it uses is not known here.
bool runs_a_file(const StepCode& code) {
  const auto is_file = [](const ShellWord& word) { return word.text.find('/') != std::string::npos && word.text[0] != '-'; };
  return std::any_of(code.commands.begin(), code.commands.end(), [&](const ShellCommand& command) {
    if (command.words.empty()) return false;
    const auto name = command.name();
    const bool reads_script = name == "bash" || name == "sh" || name == "source" || name == "." || name.starts_with("python");
    return reads_script || is_file(command.words[command.name_at()]);
  });
}

bool is_rescue(const Plan& plan, const PlannedStep& planned) {
  for (auto around = planned.parent; around; around = plan.at(*around).parent)
    if (plan.at(*around).is_rescue) return true;
  return false;
}

}  // namespace

void check_people(const Plan& plan, Diagnostics& advice) {
  if (plan.runbook.is_part) return;
  const Place top{0, 1, 1, 1};
  if (plan.runbook.owner.text.text().empty()) advice.push_back(diagnose(messages::no_owner, top, "owner"));
  if (plan.runbook.contact.text.text().empty()) advice.push_back(diagnose(messages::no_owner, top, "contact"));
}

void check_undo(const Plan& plan, Diagnostics& advice) {
  for (const auto& planned : plan.steps) {
    const Step& step = planned.step;
    if (is_rescue(plan, planned)) continue;  // it is the way back
    if (planned.role != Role::step || step.is_group || planned.reads || planned.has_undo || step.confirm) continue;
    advice.push_back(
        diagnose(messages::no_undo, step.at, planned.path)
            .helped(phrase("add `undo`; where there is no way back, `confirm: WORD` makes the operator say so",
                           "`undo` 를 추가하십시오. 되돌릴 수 없으면 `confirm: 단어` 로 운영자가 확인하게 하십시오")));
  }
}

void check_unused_variables(const Plan& plan, Diagnostics& advice) {
  std::vector<StepCode> all;
  for (StepIndex i = 0; i < plan.steps.size(); ++i) all.push_back(code_of(plan.at(i).step.action));
  if (std::any_of(all.begin(), all.end(), runs_a_file)) return;
  const auto& units = plan.runbook.units;
  for (std::size_t u = 0; u < units.size(); ++u)
    for (const auto& [name, variable] : units[u].variables) {
      const bool is_own = variable.at.file == units[u].file;
      if (!is_own) continue;  // adopted from a file that is used
      const bool is_shared = std::any_of(units.begin(), units.end(), [&](const Unit& other) {
        return &other != &units[u] && other.file != units[u].file && other.variables.count(name) != 0;
      });
      const auto& text = plan.runbook.sources[units[u].file].text;
      const bool is_named = holds_word(text, "vars." + name) || text.find("vars[\"" + name + "\"]") != std::string::npos;
      if (is_shared || is_named) continue;
      if (std::any_of(all.begin(), all.end(), [&](const StepCode& code) { return holds_word(code.text, name); })) continue;
      advice.push_back(
          diagnose(messages::unused_variable, variable.at, name)
              .helped(phrase("use it as vars.{0} in texts and expressions, as \"${0}\" in scripts; or delete it",
                             "글과 식에서는 vars.{0}, 스크립트에서는 \"${0}\" 로 씁니다. 필요 없으면 지우십시오", name)));
    }
}

}  // namespace runbook
