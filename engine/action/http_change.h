// Requests that change something: which command sends one, and what its end means.
#pragma once
#include <memory>

#include "action/executor.h"

namespace runbook {

// Facts: phase (not_sent, maybe_sent, answered).
std::unique_ptr<Executor> make_http_change_executor(int supervisor);

}  // namespace runbook
