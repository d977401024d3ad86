// `sql`: statements in one transaction of a PostgreSQL session. What only reads runs in a read-only transaction; what changes
// something does so exactly once: its verdict is on record before its COMMIT, and the server tells afterwards what became of it.
#pragma once
#include <memory>

#include "action/executor.h"
#include "runbook/action_kind.h"

namespace runbook {

extern const ActionKind sql_kind;

std::unique_ptr<Executor> make_sql_executor();

}  // namespace runbook
