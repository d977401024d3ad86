// From the resolved fields of an `sql` action to the statements that are sent.
#pragma once
#include "action/executor.h"
#include "net/postgres.h"

namespace runbook {

// At least one. The error is a sentence, and trying again is no use.
Result<std::vector<PostgresStatement>, Failure> make_statements(const AttemptContext& context);
PostgresTarget make_target(const AttemptContext& context);

}  // namespace runbook
