// The run that an undo undoes.
#pragma once
#include "cli/context.h"

namespace runbook {

// It ends first, its `finally` before the first undo: also where an engine died in between. `by`: the run that undoes it. The
// error: it is still open, and why.
Result<void, ExitCode> close_undone(const Context& context, Store& store, const std::string& undone, const RunId& by);

// What a run is called that undoes another one.
std::string undo_title(const RunId& undone);

}  // namespace runbook
