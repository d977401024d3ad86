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
  bool operator==(const Effects&) const = default;
};
Effects effects_of(const Plan& plan, const State& state);

}  // namespace runbook
