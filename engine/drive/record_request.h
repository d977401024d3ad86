// A request taken without an engine: what remains to be said about a run on which nothing is at work.
#pragma once
#include "run/accept.h"
#include "store/store.h"

namespace runbook {

// Folds, judges the request, appends what it leads to. Gives the refusal where it is refused; the run's status stays.
// The caller holds the engine's lock.
Stored<std::string> record_request(Store& store, const Plan& plan, const RunId& run, const Request& request, Instant now);

}  // namespace runbook
