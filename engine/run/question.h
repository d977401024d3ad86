// What a person is asked, with everything in it as it is now: the `waiting` event.
#pragma once
#include "run/state.h"

namespace runbook {

// The error is a sentence: something that the question names cannot be had.
Result<Waiting, std::string> question_of(const Plan& plan, const State& state, StepIndex step, Ask what, Instant now);

}  // namespace runbook
