// What an attempt's result means by the step's own criteria. The verdict is a fact: recorded, never computed again.
#pragma once
#include "run/state.h"

namespace runbook {

AttemptFinished judge(const Plan& plan, const State& state, StepIndex step, std::int64_t k, const AttemptResult& result);
// The same before the effect lasts: whatever is not met is taken back, so another try does no harm.
AttemptFinished judge_prepared(const Plan& plan, const State& state, StepIndex step, std::int64_t k, const AttemptResult& result);
// The end of an attempt that ended as it was judged before; of `end` only times, facts and remark are taken.
AttemptFinished end_as_prepared(const AttemptFinished& prepared, const AttemptResult& end);
// A check that is an expression alone: judged without an attempt of its own.
AttemptResult nothing_done(Instant now);

}  // namespace runbook
