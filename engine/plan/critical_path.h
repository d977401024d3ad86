// The longest chain of expected durations through a plan: what an operator waits for.
#pragma once
#include "plan/plan.h"

namespace runbook {

// Steps on the critical path, in order, groups left out. Steps without `expected` count with a typical second, those that
// wait for a person or poll with their limit; a step's share of an estimate is what its author says it takes.
std::vector<StepIndex> critical_path(const Plan& plan);
// Along the critical path by expectations, and along the longest path by limits.
Estimate estimate(const Plan& plan);
// What one step is expected to take, and takes at most: all its attempts together.
Duration expected_duration(const PlannedStep& step);
Duration longest_duration(const PlannedStep& step);

}  // namespace runbook
