// The longest chain of expected durations through a plan: what an operator waits for.
#pragma once
#include "plan/plan.h"

namespace runbook {

// Steps on the critical path, in order, groups left out. A step counts with what its author says it takes; without that,
// one that waits for a person with nothing, as nobody knows, every other with a typical second, or its `hold`.
std::vector<StepIndex> critical_path(const Plan& plan);
// Along the critical path by expectations, and along the longest path by limits; there every step that has a rescue needs it.
// A `for_each` whose list is not known counts one element.
Estimate estimate(const Plan& plan);
// What both leave open: that people take their time, and lists of which nobody knows yet how long they are.
// Of a rescue nobody is expected to be asked anything.
enum class People { none, within_limits, without_limit };  // the last: an answer that is waited for as long as it takes
People waits_for_people(const Plan& plan);
std::vector<StepIndex> unknown_lists(const Plan& plan);
// What one step is expected to take, and takes at most: all its attempts together.
Duration expected_duration(const PlannedStep& step);
Duration longest_duration(const PlannedStep& step);

}  // namespace runbook
