// Which addresses a connection leads to: libpq would ask DNS in the middle of its "asynchronous" connect and stop the loop.
#pragma once
#include <functional>

#include "net/postgres.h"

namespace runbook {

using Keywords = std::map<std::string, std::string>;

// The keywords as libpq will see them, after the environment and the service file.
Keywords effective_keywords(const PostgresTarget& target);

// Calls back, later, with host, hostaddr and port: one entry for each address of each host, in order; nothing to change where
// the host is a socket's folder or its address is given. An error only when no host at all has an address.
Handle resolve_hosts(Loop& loop, const Keywords& effective, std::function<void(Result<Keywords, Failure>)> done);

}  // namespace runbook
