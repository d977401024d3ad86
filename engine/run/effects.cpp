#include "run/effects.h"

#include <algorithm>
#include <set>

namespace runbook {

Effected effect_of(const Plan& plan, const State& state, StepIndex step) {
  const auto& planned = plan.at(step);
  const auto& s = state.steps[step];
  if (planned.reads || planned.step.is_group || planned.owner) return Effected::nothing;
  if (s.status == StepStatus::succeeded || lacks_only_outputs(s)) return Effected::changed;
  return s.open || s.left_traces ? Effected::possibly : Effected::unchanged;
}

Effects effects_of(const Plan& plan, const State& state) {
  Effects out;
  const auto sort_in = [&](StepIndex i) {
    switch (effect_of(plan, state, i)) {
      case Effected::nothing: return;
      case Effected::changed: out.changed.push_back(i); return;
      case Effected::possibly: out.possibly.push_back(i); return;
      case Effected::unchanged: out.not_changed.push_back(i); return;
    }
  };
  for (const auto i : state.started) sort_in(i);
  const std::set<StepIndex> started(state.started.begin(), state.started.end());
  for (StepIndex i = 0; i < plan.steps.size(); ++i)
    if (!started.contains(i) && !plan.at(i).is_replaced) sort_in(i);
  std::sort(out.not_changed.begin(), out.not_changed.end());
  return out;
}

}  // namespace runbook
