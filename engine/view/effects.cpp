#include "view/effects.h"

#include <algorithm>
#include <set>

#include "run/decide.h"
#include "view/step_words.h"

namespace runbook {

Effected effect_of(const Plan& plan, const State& state, StepIndex step) {
  const auto& planned = plan.at(step);
  const auto& s = state.steps[step];
  if (planned.reads || planned.step.is_group || planned.owner) return Effected::nothing;
  if (s.status == StepStatus::succeeded) return Effected::changed;
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

Count count_steps(const Plan& plan, const State& state) {
  Count out;
  for (const auto i : steps_of(plan, Role::step)) {
    if (plan.at(i).step.is_group) continue;
    ++out.all;
    if (!is_ended(state.steps[i].status)) continue;
    ++out.ended;
    out.good += is_good(plan.at(i), state.steps[i]) ? 1 : 0;
  }
  return out;
}

std::optional<Duration> time_of(const StepState& state) {
  if (!is_ended(state.status) || !state.first_started || !state.ended) return {};
  if (state.last && state.tries == 1) return state.last->ended - state.last->started;
  return *state.ended - *state.first_started;
}

RunStatus status_of(const Plan& plan, const State& state) {
  if (state.finished) return *state.finished;
  if (state.settled) return *state.settled;
  return only_people(plan, state) ? RunStatus::waiting : RunStatus::running;
}

}  // namespace runbook
