// A plan as a value: what `--plan --output json` prints, and what the digest is taken of.
#pragma once
#include "plan/plan.h"

namespace runbook {

Value plan_value(const Plan& plan);
// Everything about a step that changes what a run of it does.
Value::Map step_value(const Plan& plan, StepIndex step);
Value fields_value(const Fields& fields);
// sha256 of the normalized plan: the files' bytes, resolved variables and environment, the graph. Never a secret's value.
std::string plan_digest(const Plan& plan);

// The language's version, part of every digest: raised when the same text comes to mean something else.
inline constexpr int language_version = 1;

}  // namespace runbook
