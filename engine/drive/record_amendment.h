// A corrected runbook and the event that tells of it, in one transaction. The caller holds the engine's lock throughout.
#pragma once
#include "run/amend.h"
#include "store/store.h"

namespace runbook {

struct PreparedAmendment {
  std::vector<Obstacle> obstacles;  // none: it may be stored
  RunAmended amended;
  std::vector<Row> rows;
  std::vector<RequestId> answered;  // what was said about doubts and no engine has taken yet: it comes first
};
// Reads only. `state`: of all stored events; `to` as written.
Stored<PreparedAmendment> prepare_amendment(const Store& store, const RunId& run, State state, const Plan& to, const Person& by,
                                            const std::string& reason, Instant now);
Stored<void> store_amendment(Store& store, const RunId& run, const PreparedAmendment& prepared, const Resnapshot& given);

}  // namespace runbook
