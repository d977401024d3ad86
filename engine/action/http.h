// `http`: one request on one fresh connection. What only reads runs in the engine itself; what changes something in a
// supervised process of its own, so that an answer outlives the engine.
#pragma once
#include <memory>

#include "action/executor.h"
#include "runbook/action_kind.h"

namespace runbook {

extern const ActionKind http_kind;

std::unique_ptr<Executor> make_http_executor(int supervisor);

}  // namespace runbook
