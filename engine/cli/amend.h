// `resume RUN --amend FILE`, before the run goes on: shows what differs, asks, and records it.
#pragma once
#include "cli/context.h"

namespace runbook {

// `run` is what it is afterwards. The error was said, and then nothing was changed.
Result<void, ExitCode> amend_run(const Context& context, Store& store, StoredRun& run);
ExitCode closed_for_amending(const Context& context, const StoredRun& run);

}  // namespace runbook
