#include "view/effects.h"

#include "run/decide.h"
#include "view/step_words.h"

namespace runbook {

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
