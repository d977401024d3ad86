// What a run changed (run/effects.h), how far it came and how long that took.
#pragma once
#include "run/effects.h"

namespace runbook {

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
