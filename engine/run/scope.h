// The values that an expression of a step sees: vars, env, steps, checks, run, and the result of its own attempt.
#pragma once
#include "run/state.h"

namespace runbook {

// Only what `references` name is gathered. `own` may be null. The scope keeps references to all arguments.
cel::Scope scope_of(const Plan& plan, const State& state, std::optional<StepIndex> step, unsigned unit,
                    std::vector<cel::Reference> references, const AttemptResult* own);

// A step as other steps' expressions see it: state, outputs, exit status answer by ...
Value step_view(const Plan& plan, const State& state, StepIndex i);
// A text as far as it can be known in this state.
std::string shown_text(const Plan& plan, const State& state, std::optional<StepIndex> step, unsigned unit, const Text& text);
Result<std::string, std::string> expanded_text(const Plan& plan, const State& state, std::optional<StepIndex> step, unsigned unit,
                                               const Text& text);
Result<Value, std::string> resolved_field(const Plan& plan, const State& state, StepIndex step, const Field& field);
Result<Record, std::string> resolved_fields(const Plan& plan, const State& state, StepIndex step, const Fields& fields);

}  // namespace runbook
