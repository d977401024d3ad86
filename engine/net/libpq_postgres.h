// A PostgreSQL session by libpq; see postgres.h.
#pragma once
#include "net/postgres.h"

namespace runbook {

std::unique_ptr<Postgres> make_libpq_postgres(Loop& loop);

}  // namespace runbook
