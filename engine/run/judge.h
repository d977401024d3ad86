// What an attempt's result means by the step's own criteria. The verdict is a fact: recorded, never computed again.
#pragma once
#include "run/state.h"

namespace runbook {

AttemptFinished judge(const Plan& plan, const State& state, StepIndex step, std::int64_t k, const AttemptResult& result);
// A check that is an expression alone: judged without an attempt of its own.
AttemptResult nothing_done(Instant now);

}  // namespace runbook
