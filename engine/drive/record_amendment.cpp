#include "drive/record_amendment.h"

#include "drive/stored_request.h"

namespace runbook {

Stored<PreparedAmendment> prepare_amendment(const Store& store, const RunId& run, State state, const Plan& to, const Person& by,
                                            const std::string& reason, Instant now) {
  PreparedAmendment out;
  const auto add = [&](const Body& body) {
    out.rows.push_back({state.seq + 1, now, std::string(event_type(body)), encode_body(body)});
    if (!std::holds_alternative<RunAmended>(body)) state.apply({state.seq + 1, now, body});
  };
  const auto filed = store.requests(run);
  if (!filed) return failure(filed.error());
  for (const auto& row : *filed) {
    const auto request = request_in(row);
    if (!request || request->what != Request::What::resolve) continue;
    const auto step = state.plan().find(request->step);
    if (!step || state.steps[*step].status != StepStatus::in_doubt) continue;
    for (const auto& body : accept(state.plan(), state, *request)) add(body);
    out.answered.push_back(row.id);
  }
  auto amendment = amend(state, to, by, reason);
  out.obstacles = std::move(amendment.obstacles);
  if (!out.obstacles.empty()) return out;
  out.amended = std::get<RunAmended>(amendment.record.back());
  for (const auto& body : amendment.record) add(body);
  return out;
}

Stored<void> store_amendment(Store& store, const RunId& run, const PreparedAmendment& prepared, const Resnapshot& given) {
  const auto lease = store.attach(run);
  if (!lease) return failure(lease.error());
  Batch batch;
  batch.rows = prepared.rows;
  batch.answered = prepared.answered;
  batch.resnapshot = given;
  return store.append(*lease, batch);
}

}  // namespace runbook
