// What a run changed, what it did not, and what nobody can say: the first question after every run.
#pragma once
#include "run/state.h"

namespace runbook {

enum class Effected { nothing, changed, possibly, unchanged };
// nothing: it only reads. possibly: it was started and did not succeed, or is in doubt. unchanged: it was not started, or each
// of its attempts was certainly without effect.
Effected effect_of(const Plan& plan, const State& state, StepIndex step);

// in the order of start; not_changed in the plan's
struct Effects {
  std::vector<StepIndex> changed, possibly, not_changed;
};
Effects effects_of(const Plan& plan, const State& state);

// How many of the steps that are no groups have ended, and ended well, of how many.
struct Count {
  std::size_t ended = 0, good = 0, all = 0;
};
Count count_steps(const Plan& plan, const State& state);
// How long it took: its attempt alone where there was one, so that waiting for a person before it does not count.
std::optional<Duration> time_of(const StepState& state);
// The run's status as it stands: finished, settled, waiting for people, or running.
RunStatus status_of(const Plan& plan, const State& state);

}  // namespace runbook
