// What comes after a step, and what is in it.
#pragma once
#include <set>

#include "plan/plan.h"

namespace runbook {

// The step, and of a group all that it holds; without patterns.
std::set<StepIndex> with_children(const Plan& plan, StepIndex step);
// What needs the step or a group around it, and what needs that, with all that those hold.
std::set<StepIndex> what_needs(const Plan& plan, StepIndex step);

}  // namespace runbook
