// An engine on a run, from attach to the end: signals, progress, prompts, and what is said at the end.
#pragma once
#include "cli/context.h"
#include "run/accept.h"

namespace runbook {

struct SessionPlan {
  const Plan& plan;
  Store& store;
  RunRow row;
  std::vector<Request> first;  // taken before anything else: `resume`, `stop`
  bool may_ask = true;         // as far as somebody can be asked
};

// Takes the engine's lock first; another engine there is exit 9.
ExitCode run_session(const Context& context, const SessionPlan& session);

}  // namespace runbook
