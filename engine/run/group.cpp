#include "run/group.h"

#include <fmt/format.h>

#include <set>

#include "plan/times.h"
#include "run/scope.h"
#include "runbook/element_values.h"

namespace runbook {
namespace {

Result<Value, std::string> list_of(const Plan& plan, const State& state, StepIndex i) {
  const auto& written = plan.at(i).step.for_each->list;
  const auto* expression = std::get_if<Condition>(&written.is);
  if (expression == nullptr) return resolved_field(plan, state, i, written);
  const auto& references = expression->expression.references();
  return cel::compute(expression->expression, scope_of(plan, state, i, plan.at(i).step.unit, references, nullptr));
}

}  // namespace

GroupOutcome outcome_of_group(const Plan& plan, const State& state, StepIndex group) {
  const auto& whole = plan.at(group);
  GroupOutcome out;
  std::int64_t failures = 0;
  for (const auto c : whole.children) {
    const auto& s = state.steps[c];
    out.all_ended = out.all_ended && is_ended(s.status);
    if (!is_ended(s.status)) continue;
    out.all_skipped = out.all_skipped && s.status == StepStatus::skipped;
    if (is_good(plan.at(c), s)) continue;
    ++failures;
    if (out.worst != StepStatus::failed) out.worst = s.status;
    if (out.why.empty()) out.why = plan.at(c).path + ": " + s.why;
  }
  if (!whole.step.for_each) return out;
  if (failures > 1) out.why = fmt::format("{} of {} failed, first {}", failures, whole.children.size(), out.why);
  if (out.all_ended && failures <= whole.step.for_each->max_failures) out.worst = StepStatus::succeeded;
  return out;
}

bool is_tolerated(const Plan& plan, const State& state, StepIndex step) {
  for (std::optional<StepIndex> at = step; at; at = plan.at(*at).parent) {
    if (is_ended(state.steps[*at].status) && is_good(plan.at(*at), state.steps[*at])) return true;
    if (plan.at(*at).is_rescue && is_ended(state.steps[*plan.at(*at).parent].status)) return true;
  }
  return false;
}

namespace {

// What the files get that are used for every element: all of it must be right before the first begins.
std::optional<std::string> wrong_value(const Plan& plan, StepIndex for_each, const std::vector<Element>& elements) {
  std::set<unsigned> units;
  for (StepIndex i = plan.at(for_each).children[0]; i < plan.steps.size() && plan.at(i).is_pattern; ++i)
    units.insert(plan.at(i).step.unit);
  for (const auto unit : units)
    for (const auto& [name, variable] : plan.runbook.units[unit].variables)
      for (std::size_t n = 0; variable.each && n < elements.size(); ++n) {
        const auto place = std::make_shared<const ElementPlace>(
            ElementPlace{elements[n], static_cast<std::int64_t>(n), plan.at(for_each).step.unit});
        const auto value = value_for(variable, plan.runbook.units, plan.environment, place);
        if (!value) return fmt::format("element `{}`: {}", elements[n].key, value.error().en);
      }
  return {};
}

}  // namespace

Result<std::vector<Element>, std::string> elements_now(const Plan& plan, const State& state, StepIndex for_each) {
  const auto list = list_of(plan, state, for_each);
  if (!list) return failure(list.error());
  auto elements = elements_of(*list);
  if (!elements) return failure(elements.error().en);
  if (const auto wrong = wrong_value(plan, for_each, *elements)) return failure(*wrong);
  if (const auto timed = times_of_elements(plan, for_each, *elements); !timed) return failure(timed.error().en);
  return *std::move(elements);
}

}  // namespace runbook
