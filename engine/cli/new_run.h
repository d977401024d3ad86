// What `run` and `undo` have in common: a run is made, by somebody who can be asked what it needs.
#pragma once
#include "cli/context.h"
#include "run/event.h"

namespace runbook {

RunCreated created_by(const Context& context, const Plan& plan, Record answers);
// Makes the run with its locks; waits for them as long as --wait-lock says.
Result<void, ExitCode> create(const Context& context, Store& store, const NewRun& run, const RunCreated& created);
// The error, already said: --step without a terminal.
Result<void, ExitCode> somebody_to_ask(const Context& context);

}  // namespace runbook
