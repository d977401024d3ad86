// The longest chain of expected durations through a plan: what an operator waits for.
#pragma once
#include "plan/plan.h"

namespace runbook {

// Steps on the critical path, in order, groups left out. A step counts with what its author says it takes; without that,
// one that waits for a person with its limit, every other with a typical second, or its `hold`.
std::vector<StepIndex> critical_path(const Plan& plan);
// Along the critical path by expectations, and along the longest path by limits.
Estimate estimate(const Plan& plan);
// What one step is expected to take, and takes at most: all its attempts together.
Duration expected_duration(const PlannedStep& step);
Duration longest_duration(const PlannedStep& step);

}  // namespace runbook
