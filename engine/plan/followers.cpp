#include "plan/followers.h"

namespace runbook {
namespace {

void add_with_children(const Plan& plan, StepIndex step, std::set<StepIndex>& to) {
  if (plan.at(step).is_pattern || !to.insert(step).second) return;
  for (const auto child : plan.at(step).children) add_with_children(plan, child, to);
}

void add_what_needs(const Plan& plan, StepIndex step, std::set<StepIndex>& to) {
  for (std::optional<StepIndex> at = step; at; at = plan.at(*at).parent)
    for (const auto next : plan.at(*at).dependents) {
      if (to.contains(next)) continue;
      add_with_children(plan, next, to);
      add_what_needs(plan, next, to);
    }
}

}  // namespace

std::set<StepIndex> with_children(const Plan& plan, StepIndex step) {
  std::set<StepIndex> out;
  add_with_children(plan, step, out);
  return out;
}

std::set<StepIndex> what_needs(const Plan& plan, StepIndex step) {
  std::set<StepIndex> out;
  add_what_needs(plan, step, out);
  return out;
}

}  // namespace runbook
