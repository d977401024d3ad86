#include "plan/lint.h"

#include <algorithm>
#include <array>

#include "plan/lint_rules.h"
#include "plan/messages.h"
#include "plan/step_code.h"
#include "plan/wrong_lines.h"

namespace runbook {
namespace {

constexpr auto basic = Profile::basic;
constexpr auto production = Profile::production;
constexpr auto steps = LooksAt::steps;
constexpr auto whole_file = LooksAt::whole;

constexpr std::array<LintRule, 22> rules{{
    {&messages::unreachable_when, basic, steps, check_constant_when},
    {&messages::undo_twice, basic, steps, check_rollout_undo_probe},
    {&messages::undo_safe, basic, steps, check_rollout_undo_rerun},
    {&messages::all_of_empty, basic, steps, check_all_of_empty},
    {&messages::unused_variable, basic, whole_file, check_unused_variables},
    {&messages::ssh_code, basic, steps, check_ssh_words},
    {&messages::changes_unawares, basic, steps, check_changes_unawares},
    {&messages::not_passed, basic, steps, check_not_passed},
    {&messages::set_elsewhere, basic, steps, check_set_elsewhere},
    {&messages::joined_lines, basic, steps, check_joined_lines},
    {&messages::not_replaced, basic, steps, check_references},
    {&messages::not_replaced, basic, steps, check_references_of_file},
    {&messages::parameters_differ, basic, steps, check_parameters},
    {&messages::refused_by_libpq, basic, steps, check_connections},
    {&messages::refused_in_reading, basic, steps, check_read_only_sql},
    {&messages::blank_in_code, basic, steps, check_odd_blanks},
    {&messages::literal_secret, basic, steps, check_literal_secrets},
    {&messages::literal_secret, basic, steps, check_secrets_in_code},
    {&messages::no_owner, production, whole_file, check_people},
    {&messages::no_undo, production, steps, check_undo},
    {&messages::only_rollout_status, production, whole_file, check_rollout_status},
    {&messages::no_verify_full, production, whole_file, check_server_identity},
}};

// What the steps do of which something could not be read, taken out of the plan meanwhile: a copy of the plan without them would
// be as large again.
class SetAside {
 public:
  explicit SetAside(Plan& plan) : plan_(plan) {
    const auto is_unsound = [](const PlannedStep& planned) { return !planned.step.unread.empty(); };
    parts_.reserve(static_cast<std::size_t>(std::count_if(plan.steps.begin(), plan.steps.end(), is_unsound)));
    for (StepIndex i = 0; i < plan.steps.size(); ++i) {
      Step& step = plan.steps[i].step;
      if (!is_unsound(plan.steps[i])) continue;
      parts_.push_back({i, std::exchange(step.action, {}), std::exchange(step.when, {}), std::exchange(step.expect, {}),
                        std::exchange(step.undo, {})});
    }
  }
  ~SetAside() {
    for (auto& [i, action, when, expect, undo] : parts_) {
      Step& step = plan_.steps[i].step;
      step.action = std::move(action);
      step.when = std::move(when);
      step.expect = std::move(expect);
      step.undo = std::move(undo);
    }
  }
  SetAside(const SetAside&) = delete;
  SetAside& operator=(const SetAside&) = delete;

 private:
  struct Parts {
    StepIndex step;
    Action action;
    Boxed<Condition> when, expect;
    std::shared_ptr<const Step> undo;
  };
  Plan& plan_;
  std::vector<Parts> parts_;
};

template <class Wanted>
void apply(const Plan& plan, const Wanted& is_wanted, Diagnostics& advice) {
  std::vector<CodeCheck> of_code;
  for (const auto& rule : rules) {
    if (!is_wanted(rule)) continue;
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

}  // namespace

std::span<const LintRule> lint_rules() { return rules; }

void lint(const Plan& plan, Profile profile, Diagnostics& advice) {
  if (plan.is_undo) return;  // its runbook has been read already
  apply(
      plan, [&](const LintRule& rule) { return rule.profile == profile; }, advice);
}

void lint_readable(Plan& plan, Diagnostics& advice) {
  if (plan.is_undo) return;
  Diagnostics found;
  {
    const SetAside unsound(plan);
    apply(
        plan, [](const LintRule& rule) { return rule.profile == basic && rule.looks_at == LooksAt::steps; }, found);
  }
  std::erase_if(found, [wrong = WrongLines(advice)](const Diagnostic& d) { return wrong.has(d.at); });
  advice.insert(advice.end(), found.begin(), found.end());
}

}  // namespace runbook
