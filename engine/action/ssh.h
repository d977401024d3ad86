// `ssh`: a script on another host, through the user's OpenSSH, under a supervisor of ours there.
#pragma once
#include <memory>

#include "action/executor.h"
#include "runbook/action_kind.h"

namespace runbook {

extern const ActionKind ssh_kind;

// `supervisor`: the open program, which is also what is put on the hosts.
std::unique_ptr<Executor> make_ssh_executor(int supervisor);

}  // namespace runbook
