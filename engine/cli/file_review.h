// A runbook's file with all that can be said of it before it is used: by the reader, by the plan, and by looking beyond it.
#pragma once
#include "cli/context.h"

namespace runbook {

// What the scripts are put before: nothing, or the shells that would read them, or, where it is installed, also shellcheck.
enum class ScriptReaders { none, shells, shells_and_shellcheck };

Reviewed review_file(const Context& context, const Inputs& inputs, ScriptReaders readers, Digest digest = Digest::made);

}  // namespace runbook
