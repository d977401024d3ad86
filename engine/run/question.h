// What a person is asked, with everything in it as it is now: the `waiting` event.
#pragma once
#include "run/attempt.h"
#include "run/state.h"

namespace runbook {

// The error is a sentence: something that the question names cannot be had.
Result<Waiting, std::string> question_of(const Plan& plan, const State& state, StepIndex step, Ask what, Instant now);

// What was said to a question that has been answered, by the names that the step's own `expect` and `outputs` give it.
AttemptResult answer_given(const StepState& state, Instant now);

}  // namespace runbook
