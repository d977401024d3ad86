// `shell`: a script in a file, run by bash or another interpreter, or a program without a shell.
#pragma once
#include <memory>

#include "action/executor.h"
#include "runbook/action_kind.h"

namespace runbook {

extern const ActionKind shell_kind;

// `supervisor`: the open program (open_supervisor() in supervised.h); the caller's, for as long as the executor lives.
std::unique_ptr<Executor> make_shell_executor(int supervisor);

}  // namespace runbook
