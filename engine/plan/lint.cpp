#include "plan/lint.h"

#include <array>

#include "plan/lint_rules.h"
#include "plan/messages.h"

namespace runbook {
namespace {

constexpr auto basic = Profile::basic;
constexpr auto production = Profile::production;

constexpr std::array<LintRule, 12> rules{{
    {&messages::unreachable_when, basic, check_constant_when},
    {&messages::undo_twice, basic, check_rollout_undo_probe},
    {&messages::undo_safe, basic, check_rollout_undo_rerun},
    {&messages::all_of_empty, basic, check_all_of_empty},
    {&messages::unused_variable, basic, check_unused_variables},
    {&messages::ssh_code, basic, check_ssh_words},
    {&messages::changes_unawares, basic, check_changes_unawares},
    {&messages::literal_secret, basic, check_literal_secrets},
    {&messages::no_owner, production, check_people},
    {&messages::no_undo, production, check_undo},
    {&messages::only_rollout_status, production, check_rollout_status},
    {&messages::no_verify_full, production, check_server_identity},
}};

}  // namespace

std::span<const LintRule> lint_rules() { return rules; }

void lint(const Plan& plan, Profile profile, Diagnostics& advice) {
  if (plan.is_undo) return;  // its runbook has been read already
  for (const auto& rule : rules)
    if (rule.profile == profile) rule.check(plan, advice);
}

}  // namespace runbook
