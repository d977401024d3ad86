// The step itself: the first process of its tree.
#pragma once
#include <sys/types.h>

#include "supervisor/order.h"
#include "supervisor/program/control_group.h"
#include "supervisor/program/pump.h"

namespace runbook {

struct StartFailure {
  StartStage stage = StartStage::none;
  int error = 0;
};

struct LeaderProcess {
  pid_t pid = -1;      // -1: not even the fork worked, see errno
  int complaint = -1;  // readable when the start failed in the child
};

// Own session and group, default signals, empty mask, its input (/dev/null) and the pipes, nothing else open; then cwd and exec.
LeaderProcess start_leader(const Order& order, const OutputPipes& pipes, const ControlGroup& group);
// After it has ended: whether it never became the step's program.
StartFailure start_failure(const LeaderProcess& leader);

}  // namespace runbook
