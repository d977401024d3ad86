// What follows when one step does not go well, for each step of a plan: found out by going through the run itself, with that
// outcome injected (run/rehearsal.h), and read from what it did.
#pragma once
#include "run/effects.h"
#include "run/rehearsal.h"

namespace runbook {

// Steps by their places in the plan as it is written.
struct Consequence {
  StepIndex step = 0;
  Mishap mishap{};
  Aftermath aftermath{};
  bool retried = false;
  bool probed = false;                 // what follows is told for a probe that does not find the effect
  std::optional<StepIndex> rescued;    // the step, or the group around it, whose `rescue` begins
  std::vector<StepIndex> rescue;       // what that runs
  std::vector<StepIndex> beside;       // was under way then, and is left to end
  std::vector<StepIndex> begun;        // starts afterwards
  std::vector<StepIndex> not_started;  // never starts, before somebody goes on with the run
  std::vector<StepIndex> asked;        // people are asked about these, and the run waits for them
  RunStatus end{};
  bool is_open = false;                           // it can be resumed
  std::vector<StepIndex> cleanup;                 // `finally`, when the run closes
  Handling handling{};                            // of the step, by the next engine or by `resume`
  std::vector<StepIndex> changed, possibly;       // by then
  std::vector<StepIndex> undoable, not_undoable;  // of these; undoable: last first, as `undo` takes them
  bool is_past_return = false;
  bool operator==(const Consequence&) const = default;
};

struct WhatIf {
  std::vector<Consequence> consequences;  // in the order of the plan; of a step those of its mishaps together
  // The first step to start that changes something and has neither `undo` nor `rerun: safe`.
  std::optional<StepIndex> no_return;
  std::vector<StepIndex> conditions, one_for_many;  // as in AssumedPlan
  std::vector<StepIndex> unreached;                 // steps that do not run with these values, whatever fails
};
// `created` says how the run would be made: how many at once, whether it closes at a failure, which optional steps are wanted.
WhatIf what_if(const Plan& plan, RunCreated created);

}  // namespace runbook
