// How every command ends: the table of the manual, in one place.
#pragma once
#include "run/event.h"

namespace runbook {

enum class ExitCode : int {
  done = 0,             // all steps and all success criteria
  broken = 1,           // the tool itself failed
  usage = 2,            // wrong usage; nothing was changed
  invalid = 3,          // invalid runbook, or the plan does not match; nothing was changed
  refused = 4,          // a precondition does not hold; nothing was changed
  failed = 5,           // a step failed; resumable
  criteria_failed = 6,  // all steps ran, a success criterion is not met or has no data
  waiting = 7,          // for a person; resumable
  stopped = 8,          // rejected, or stopped by request
  locked = 9,           // another run holds the lock, or another engine the run
  interrupted = 130,    // SIGINT; resumable
  terminated = 143,     // SIGTERM; resumable
};

ExitCode exit_code_of(RunStatus status);

}  // namespace runbook
