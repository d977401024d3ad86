// A plan as it can be gone through without any result: what only a run can know is taken for granted.
#pragma once
#include "run/state.h"

namespace runbook {

struct AssumedPlan {
  Plan plan;                            // with the same steps at the same places
  std::vector<StepIndex> conditions;    // whose `when` only a run can tell: taken to hold
  std::vector<StepIndex> one_for_many;  // a `for_each`: one element stands for all
};
// `when`, and a check that is an expression alone, stay where they need only variables, the environment, and how steps and the
// run ended. Questions ask for a plain yes; what an action gives is not looked at; nothing is held for a time; nobody
// is notified.
AssumedPlan assume(const Plan& plan);

}  // namespace runbook
