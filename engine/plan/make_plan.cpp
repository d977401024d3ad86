#include <algorithm>

#include "plan/critical_path.h"
#include "plan/graph.h"
#include "plan/lint.h"
#include "plan/messages.h"
#include "plan/names.h"
#include "plan/plan_value.h"
#include "plan/times.h"
#include "plan/wrong_lines.h"
#include "runbook/read_runbook.h"
#include "runbook/unit_scope.h"

namespace runbook {
namespace {

bool is_complete(const Plan& plan) {
  const auto& needed = plan.runbook.units[0].requires_.env;
  return plan.runbook.unanswered.empty() &&
         std::all_of(needed.begin(), needed.end(), [&](const auto& one) { return plan.environment.count(one.first) != 0; });
}

Diagnostic no_lock(const Text& lock, const Phrase& why) {
  auto d = diagnose(messages::bad_lock, lock.map.at(0), why.en);
  d.text.ko = fmt::format(fmt::runtime(messages::bad_lock.ko), why.ko);
  return d;
}

void resolve_locks(Plan& plan, Diagnostics& wrong) {
  const auto scope = unit_scope(plan.runbook.units[0], plan.environment);
  const WrongLines wrong_lines(wrong);
  for (const auto& lock : plan.runbook.locks) {
    if (wrong_lines.has(lock.map.at(0)) || reads_unread(lock.text.references(), plan.runbook.units[0])) continue;
    const auto name = cel::expand(lock.text, scope);
    if (name && to_text(*name).empty()) wrong.push_back(no_lock(lock, phrase("it is empty", "비어 있습니다")));
    else if (name) plan.locks.push_back(to_text(*name));
    else if (is_complete(plan)) wrong.push_back(no_lock(lock, {name.error(), name.error()}));
  }
  std::sort(plan.locks.begin(), plan.locks.end());
  plan.locks.erase(std::unique(plan.locks.begin(), plan.locks.end()), plan.locks.end());
}

void check_elements(Plan& plan, Diagnostics& wrong) {
  const WrongLines wrong_lines(wrong);
  for (StepIndex i = 0; i < plan.steps.size(); ++i) {
    if (!plan.at(i).step.for_each || wrong_lines.has(plan.at(i).step.for_each->list.at)) continue;
    const auto list = known_list(plan, i);
    if (!list) continue;
    const auto elements = elements_of(*list);
    const auto timed = elements ? times_of_elements(plan, i, *elements) : failure(elements.error());
    if (timed) {
      take_longest_times(plan, i, *elements);
      continue;
    }
    auto d = diagnose(messages::bad_elements, plan.at(i).step.for_each->list.at, timed.error().en);
    d.text.ko = fmt::format(fmt::runtime(messages::bad_elements.ko), timed.error().ko);
    wrong.push_back(std::move(d));
  }
}

Planning finish(Plan plan, Digest digest, Diagnostics wrong) {
  for (auto& step : plan.steps) step.number = plan.numbers++;
  find_cycles(plan, wrong);
  check_names(plan, wrong);
  resolve_locks(plan, wrong);
  check_elements(plan, wrong);
  const bool is_sound = plan.runbook.is_sound && !has_errors(wrong);
  if (is_sound) lint(plan, Profile::basic, wrong);
  else lint_readable(plan, wrong);
  in_order(wrong);
  if (!is_sound) return {{}, std::move(plan), std::move(wrong)};
  if (digest == Digest::left_out) return {std::move(plan), {}, std::move(wrong)};
  plan.critical_path = critical_path(plan);
  plan.estimate = estimate(plan);
  if (plan.runbook.unanswered.empty()) plan.digest = plan_digest(plan);
  return {std::move(plan), {}, std::move(wrong)};
}

// The lists that a step's expressions see, as the beginnings of their paths: its own and those around it, up to the file's border.
std::vector<std::string> visible_lists(const Plan& plan, std::string_view path) {
  const auto step = plan.find(path);
  if (!step) return {};
  std::vector<std::string> lists;
  for (std::optional<StepIndex> around = plan.at(*step).parent; around; around = plan.at(*around).parent) {
    lists.push_back(plan.at(*around).path + "/");
    if (plan.at(*around).step.is_use) return lists;
    if (plan.at(*around).is_rescue) around = plan.at(*around).parent;
  }
  if (plan.at(*step).role == Role::cleanup) lists.emplace_back(path_prefix(Role::cleanup));
  lists.emplace_back();
  return lists;
}

std::optional<StepIndex> for_each_around(const Plan& plan, StepIndex step) {
  for (std::optional<StepIndex> at = step; at; at = plan.at(*at).parent)
    if (plan.is_element(*at)) return plan.at(*at).parent;
  return {};
}

Plan begin(Runbook runbook, std::map<std::string, std::string, std::less<>> environment) {
  Plan plan;
  plan.runbook = std::move(runbook);
  plan.environment = std::move(environment);
  plan.by_path.reserve(plan.runbook.steps.size());
  return plan;
}

}  // namespace

Planning make_plan(Runbook runbook, std::map<std::string, std::string, std::less<>> environment, Digest digest) {
  Plan plan = begin(std::move(runbook), std::move(environment));
  Diagnostics wrong;
  lay_list(plan, std::exchange(plan.runbook.preconditions, {}), Role::precondition, "preconditions:", {}, wrong);
  lay_list(plan, std::exchange(plan.runbook.baseline, {}), Role::baseline, "baseline:", {}, wrong);
  lay_list(plan, std::exchange(plan.runbook.watch, {}), Role::watch, "watch:", {}, wrong);
  lay_list(plan, std::exchange(plan.runbook.steps, {}), Role::step, "", {}, wrong);
  lay_list(plan, std::exchange(plan.runbook.success, {}), Role::criterion, "success:", {}, wrong);
  lay_list(plan, std::exchange(plan.runbook.finally, {}), Role::cleanup, "finally:", {}, wrong);
  return finish(std::move(plan), digest, std::move(wrong));
}

Planning make_undo_plan(Runbook runbook, std::map<std::string, std::string, std::less<>> environment,
                        const std::vector<std::string>& started, std::map<std::string, Value, std::less<>> recorded,
                        const Expansions& expanded) {
  // The original's graph tells where each undo stands; its steps are then replaced by the undos.
  Planning original = make_plan(runbook, environment);
  if (!original.plan) return original;
  for (const auto& [path, elements] : expanded)
    if (const auto step = original.plan->find(path)) add_elements(*original.plan, *step, elements);
  Plan plan = begin(std::move(runbook), std::move(environment));
  plan.is_undo = true;
  plan.recorded = std::move(recorded);
  plan.runbook.preconditions.clear();
  plan.runbook.baseline.clear();
  plan.runbook.watch.clear();
  plan.runbook.steps.clear();
  plan.runbook.success.clear();
  plan.runbook.finally.clear();
  plan.runbook.after.clear();
  plan.runbook.outputs.clear();
  std::vector<Step> undos;
  for (auto path = started.rbegin(); path != started.rend(); ++path) {
    const auto index = original.plan->find(*path);
    if (!index || !original.plan->at(*index).has_undo) continue;
    const PlannedStep& undone = original.plan->at(*index);
    Step undo = *undone.step.undo;
    undo.id = *path;  // unique, and what `undo:` paths end with
    undo.at = undone.step.at;
    undo.unit = undone.step.unit;
    if (undo.title.text.text().empty()) undo.title = undone.step.title;
    undos.push_back(std::move(undo));
  }
  Diagnostics wrong;
  lay_list(plan, std::move(undos), Role::step, "undo:", {}, wrong);
  std::map<StepIndex, StepIndex> first_of;  // by the `for_each`
  for (StepIndex i = 0; i < plan.steps.size(); ++i) {
    auto& planned = plan.steps[i];
    const auto undone = original.plan->find(plan.at(planned.owner.value_or(i)).step.id);
    planned.element = original.plan->at(*undone).element;
    (void)set_times_of_element(plan, i);  // they were looked at when its list was expanded
    planned.description = described(plan, i);
    if (planned.owner) continue;
    planned.undone_lists = visible_lists(*original.plan, planned.step.id);
    if (const auto each = for_each_around(*original.plan, *undone)) {
      planned.first_of_many = first_of.emplace(*each, i).first->second;
      ++plan.steps[*planned.first_of_many].many;
    }
  }
  return finish(std::move(plan), Digest::made, std::move(wrong));
}

std::string_view role_name(Role role) {
  switch (role) {
    case Role::precondition: return "precondition";
    case Role::baseline: return "baseline";
    case Role::watch: return "watch";
    case Role::step: return "step";
    case Role::criterion: return "criterion";
    case Role::cleanup: return "finally";
    case Role::guard: return "guard";
    case Role::probe: return "probe";
  }
  return "";
}

std::string_view path_prefix(Role role) {
  switch (role) {
    case Role::precondition: return "preconditions:";
    case Role::baseline: return "baseline:";
    case Role::watch: return "watch:";
    case Role::criterion: return "success:";
    case Role::cleanup: return "finally:";
    default: return "";
  }
}

}  // namespace runbook
