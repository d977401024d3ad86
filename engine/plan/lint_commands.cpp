#include <algorithm>

#include "plan/changing_commands.h"
#include "plan/lint_rules.h"
#include "plan/messages.h"
#include "plan/step_code.h"

namespace runbook {
namespace {

bool is_flag(const ShellWord& word) { return word.text.starts_with("-"); }

// `kubectl rollout undo`, also when it is handed on: `ssh HOST "kubectl rollout undo ..."`.
bool calls_rollout(const ShellCommand& command, std::string_view verb) {
  const auto is_rollout = [](const ShellWord& word) { return word.text.find("rollout") != std::string::npos; };
  if (std::none_of(command.words.begin(), command.words.end(), is_rollout)) return false;
  const auto name = command.name();
  if (name == "echo" || name == "printf") return false;
  const auto words = command.operands();
  if (name == "kubectl") return words.size() > 1 && words[0] == "rollout" && words[1] == verb;
  const std::string handed_on = "kubectl rollout " + std::string(verb);
  std::string line;
  for (const auto& word : command.words) line += word.text + " ";
  return line.find(handed_on) != std::string::npos;
}

bool calls_rollout(const StepCode& code, std::string_view verb) {
  return std::any_of(code.commands.begin(), code.commands.end(),
                     [&](const ShellCommand& command) { return calls_rollout(command, verb); });
}

// Where the command for the other host begins: behind the flags and the host.
std::size_t remote_words(const ShellCommand& ssh) {
  constexpr std::string_view flags_with_value = "BbcDEeFIiJLlmOopQRSWw";
  std::size_t i = ssh.name_at() + 1;
  for (; i < ssh.words.size() && is_flag(ssh.words[i]); ++i)
    if (ssh.words[i].text.size() == 2 && flags_with_value.find(ssh.words[i].text[1]) != std::string_view::npos) ++i;
  return i + 1;
}

// Values that cannot be code, whoever gives them.
bool is_harmless(const Unit& unit, const std::string& name) {
  const auto found = unit.variables.find(name);
  if (found == unit.variables.end()) return false;
  if (found->second.source == Variable::Source::unread) return true;  // nobody knows yet
  switch (found->second.type) {
    case VariableType::integer:
    case VariableType::number:
    case VariableType::boolean:
    case VariableType::duration:
    case VariableType::enumeration: return true;
    default: return !found->second.pattern.empty();
  }
}

}  // namespace

void check_ssh_words(const LintedCode& linted, Diagnostics& advice) {
  if (linted.action.kind->name != "shell") return;
  for (const auto& command : linted.code.commands) {
    if (command.name() != "ssh") continue;
    for (std::size_t w = remote_words(command); w < command.words.size(); ++w)
      for (const auto& variable : command.words[w].variables) {
        if (is_harmless(linted.plan.unit_of(linted.step), variable.name)) continue;
        advice.push_back(
            diagnose(messages::ssh_code, linted.code.place(variable.offset, variable.length), variable.name)
                .helped(phrase("use an `ssh` step: there values arrive as environment variables; or quote it: ${{{0}@Q}}",
                               "`ssh` 단계를 쓰십시오: 값이 환경 변수로 전달됩니다. 또는 ${{{0}@Q}} 로 쓰십시오",
                               variable.name)));
      }
  }
}

void check_rollout_undo_probe(const LintedCode& linted, Diagnostics& advice) {
  const auto& planned = linted.plan.at(linted.step);
  if (linted.is_undo || planned.role != Role::step || planned.probe || !calls_rollout(linted.code, "undo")) return;
  advice.push_back(diagnose(messages::undo_twice, planned.step.at, planned.path)
                       .helped(phrase("add a probe that compares the revision with the one before",
                                      "이전 리비전과 비교하는 probe 를 추가하십시오")));
}

void check_rollout_undo_rerun(const LintedCode& linted, Diagnostics& advice) {
  const auto& planned = linted.plan.at(linted.step);
  if (!linted.is_undo && planned.role == Role::step && planned.step.rerun_safe && calls_rollout(linted.code, "undo"))
    advice.push_back(diagnose(messages::undo_safe, planned.step.at));
}

// It says that the new pods have started, not that they do what they should.
void check_rollout_status(const Plan& plan, Diagnostics& advice) {
  std::optional<StepIndex> last;
  for (StepIndex i = 0; i < plan.steps.size(); ++i) {
    const auto& planned = plan.at(i);
    const bool is_listed = planned.role == Role::step || planned.role == Role::criterion;
    if (!is_listed) continue;
    if (calls_rollout(code_of(planned.step.action), "status")) last = i;
    else if (planned.role == Role::criterion) return;
    else if (last && planned.reads && (planned.step.expect || planned.kind == "http" || planned.kind == "manual")) return;
  }
  if (last)
    advice.push_back(diagnose(messages::only_rollout_status, plan.at(*last).step.at)
                         .helped(phrase("add a criterion under `success` that asks the service itself: a health check, its data",
                                        "서비스에 직접 묻는 기준을 `success` 에 추가하십시오: 헬스 체크, 데이터")));
}

void check_changes_unawares(const LintedCode& linted, Diagnostics& advice) {
  if (linted.is_undo || !linted.plan.at(linted.step).reads) return;
  for (const auto& command : linted.code.commands) {
    const auto change = change_by(command, linted.code.text);
    if (!change) continue;
    advice.push_back(
        diagnose(messages::changes_unawares, linted.code.place(change->offset, change->length), change->shown)
            .helped(phrase("it is run again after a crash, and by `retry`: make it a step that says what it `changes`",
                           "중단된 뒤에, 또 `retry` 로 다시 실행됩니다: 무엇이 바뀌는지 `changes` 에 적은 단계로 만드십시오")));
  }
}

}  // namespace runbook
