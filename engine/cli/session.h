// An engine on a run, from attach to the end: signals, progress, prompts, and what is said at the end.
#pragma once
#include "cli/context.h"
#include "run/accept.h"

namespace runbook {

struct SessionPlan {
  const Plan& plan;
  Store& store;
  RunRow row;
  std::vector<Request> first;                            // taken before anything else: `resume`, `stop`
  bool may_ask = true;                                   // as far as somebody can be asked
  enum class End { told, passed_over } end = End::told;  // passed over, once it is closed: the command goes on with another run
};

// SIGINT, SIGTERM and SIGHUP wait until a session takes them: from the moment in which a run is on record, none ends the process
// without a word.
void hold_signals();
void release_signals();

// Takes the engine's lock first; another engine there is exit 9.
ExitCode run_session(const Context& context, const SessionPlan& session);

}  // namespace runbook
