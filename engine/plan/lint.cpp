#include "plan/lint.h"

#include <array>

#include "plan/lint_rules.h"
#include "plan/messages.h"
#include "plan/step_code.h"

namespace runbook {
namespace {

constexpr auto basic = Profile::basic;
constexpr auto production = Profile::production;

constexpr std::array<LintRule, 13> rules{{
    {&messages::unreachable_when, basic, check_constant_when},
    {&messages::undo_twice, basic, check_rollout_undo_probe},
    {&messages::undo_safe, basic, check_rollout_undo_rerun},
    {&messages::all_of_empty, basic, check_all_of_empty},
    {&messages::unused_variable, basic, check_unused_variables},
    {&messages::ssh_code, basic, check_ssh_words},
    {&messages::changes_unawares, basic, check_changes_unawares},
    {&messages::literal_secret, basic, check_literal_secrets},
    {&messages::literal_secret, basic, check_secrets_in_code},
    {&messages::no_owner, production, check_people},
    {&messages::no_undo, production, check_undo},
    {&messages::only_rollout_status, production, check_rollout_status},
    {&messages::no_verify_full, production, check_server_identity},
}};

}  // namespace

std::span<const LintRule> lint_rules() { return rules; }

void lint(const Plan& plan, Profile profile, Diagnostics& advice) {
  if (plan.is_undo) return;  // its runbook has been read already
  std::vector<CodeCheck> of_code;
  for (const auto& rule : rules) {
    if (rule.profile != profile) continue;
    if (const auto* check = std::get_if<PlanCheck>(&rule.check)) (*check)(plan, advice);
    else of_code.push_back(std::get<CodeCheck>(rule.check));
  }
  if (of_code.empty()) return;
  for (StepIndex i = 0; i < plan.steps.size(); ++i) {
    const Step& step = plan.at(i).step;
    for (const Step* one : {&step, step.undo.get()}) {
      if (one == nullptr || one->action.kind == nullptr) continue;
      const auto code = code_of(one->action);
      for (const auto check : of_code) check({plan, i, one->action, code, one != &step}, advice);
    }
  }
}

}  // namespace runbook
