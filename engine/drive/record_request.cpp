#include "drive/record_request.h"

namespace runbook {

Stored<std::string> record_request(Store& store, const Plan& plan, const RunId& run, const Request& request, Instant now) {
  const auto lease = store.attach(run);
  if (!lease) return failure(lease.error());
  const auto rows = store.read(run);
  if (!rows) return failure(rows.error());
  State state(plan);
  for (const auto& row : *rows) {
    const auto body = decode_body(row.type, row.body);
    if (!body) return failure(StoreError{StoreError::Kind::damaged, body.error(), {}});
    if (*body) state.apply({row.seq, row.at, **body});
    else state.seq = row.seq;
  }
  std::vector<Row> added;
  std::uint64_t seq = state.seq;
  for (const auto& body : accept(state.plan(), state, request)) {
    if (const auto* refused = std::get_if<RequestRefused>(&body)) return refused->why;
    added.push_back({++seq, now, std::string(event_type(body)), encode_body(body)});
  }
  Batch batch;
  batch.rows = added;
  if (const auto stored = store.append(*lease, batch); !stored) return failure(stored.error());
  return std::string();
}

}  // namespace runbook
