// The brain: pure, total functions. The live engine, the simulation and the crash tests call the same ones.
#pragma once
#include "run/state.h"

namespace runbook {

struct Decision {
  std::vector<Body> record;
  std::optional<Instant> wake_at;
};
// What happens next, as events to be committed; called again until it records nothing. Effects follow from the committed events.
Decision decide(const Plan& plan, const State& state, Instant now);

// Nothing runs, nothing will by itself: only people can move the run on.
bool only_people(const Plan& plan, const State& state);

}  // namespace runbook
