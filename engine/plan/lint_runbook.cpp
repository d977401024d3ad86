#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "plan/lint_rules.h"
#include "plan/messages.h"
#include "plan/shell_script.h"
#include "plan/step_code.h"

namespace runbook {
namespace {

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

using Words = std::set<std::string_view>;

// Every name in a script, wherever it stands: `$tag`, `${tag%x}`, os.environ["tag"].
void add_words(std::string_view text, Words& words) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t begin = at;
    while (at < text.size() && is_name(text[at])) ++at;
    if (at > begin) words.insert(text.substr(begin, at - begin));
  }
}

// What stands behind `vars.` or in `vars["..."]`, also in comments.
Words named_variables(std::string_view text) {
  constexpr std::string_view root = "vars";
  Words out;
  for (auto at = text.find(root); at != std::string_view::npos; at = text.find(root, at + 1)) {
    const auto behind = text.substr(at + root.size());
    const std::size_t begin = behind.starts_with(".") ? 1 : behind.starts_with("[\"") || behind.starts_with("['") ? 2 : 0;
    if (begin == 0) continue;
    const auto name = behind.substr(begin);
    out.insert(name.substr(0, static_cast<std::size_t>(std::find_if_not(name.begin(), name.end(), is_name) - name.begin())));
  }
  return out;
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
  const auto declares_none = [](const Unit& unit) { return unit.variables.empty(); };
  if (std::all_of(plan.runbook.units.begin(), plan.runbook.units.end(), declares_none)) return;
  std::vector<StepCode> all;
  for (const auto& planned : plan.steps)
    for (const Step* step : {&planned.step, planned.step.undo.get()})
      if (step != nullptr) all.push_back(code_of(step->action));
  const auto& units = plan.runbook.units;
  for (const auto& unit : units)
    for (const auto& [name, variable] : unit.variables)
      if (variable.candidates) all.push_back(code_of(*variable.candidates));
  if (std::any_of(all.begin(), all.end(), runs_a_file)) return;
  Words in_code;
  for (const auto& code : all) add_words(code.text, in_code);
  std::map<std::string_view, std::set<std::uint16_t>> declared;  // a `use` passes what is called the same
  for (const auto& unit : units)
    for (const auto& [name, variable] : unit.variables) declared[name].insert(unit.file);
  for (const auto& unit : units) {
    const auto named = named_variables(plan.runbook.sources[unit.file].text);
    for (const auto& [name, variable] : unit.variables) {
      const bool is_adopted = variable.at.file != unit.file;  // from a file that is used
      if (is_adopted || declared[name].size() > 1 || named.count(name) != 0 || in_code.count(name) != 0) continue;
      advice.push_back(
          diagnose(messages::unused_variable, variable.at, name)
              .helped(phrase("use it as vars.{0} in texts and expressions, as \"${0}\" in scripts; or delete it",
                             "글과 식에서는 vars.{0}, 스크립트에서는 \"${0}\" 로 씁니다. 필요 없으면 지우십시오", name)));
    }
  }
}

}  // namespace runbook
