// The command that starts a run like one that was made: the same file, what was given to it, and why.
#pragma once
#include "cli/context.h"

namespace runbook {

// As the flags of this command say it.
std::string command_for(const Context& context);
// As it is recorded with the run; where this command made it, files of variables are named as it named them. A value that holds a
// secret is masked. Empty: nothing was recorded of it, or it is an undo.
std::string command_for(const Context& context, const Store& store, const RunRow& row, const State& state);

}  // namespace runbook
