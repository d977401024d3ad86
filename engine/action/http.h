// `http`: one request on one fresh connection. What only reads runs in the engine itself.
#pragma once
#include <memory>

#include "action/executor.h"
#include "runbook/action_kind.h"

namespace runbook {

extern const ActionKind http_kind;

// Of requests that read. One that changes something must outlive the engine in a process of its own, which this cannot do yet.
std::unique_ptr<Executor> make_http_executor();

}  // namespace runbook
