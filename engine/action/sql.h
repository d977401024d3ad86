// `sql`: statements in one transaction of a PostgreSQL session. What only reads runs in a read-only transaction.
#pragma once
#include <memory>

#include "action/executor.h"
#include "runbook/action_kind.h"

namespace runbook {

extern const ActionKind sql_kind;

// Of statements that read. Exactly once for those that change something is not there yet.
std::unique_ptr<Executor> make_sql_executor();

}  // namespace runbook
