// What becomes of a group by what became of its steps, and what a `for_each` runs for.
#pragma once
#include "run/state.h"

namespace runbook {

struct GroupOutcome {
  bool all_ended = true, all_skipped = true;
  StepStatus worst = StepStatus::succeeded;  // of those that have ended; succeeded: nothing went wrong
  std::string why;
};
// Of a `for_each` as many may fail as it says, once all have ended.
GroupOutcome outcome_of_group(const Plan& plan, const State& state, StepIndex group);

// It failed, and what it stands in has ended well in spite of it. Of a rescue that failed, too: its step is set back, and the
// rescue with it.
bool is_tolerated(const Plan& plan, const State& state, StepIndex step);

// Its list, evaluated; the error says why it cannot be run through.
Result<std::vector<Element>, std::string> elements_now(const Plan& plan, const State& state, StepIndex for_each);

}  // namespace runbook
