// What is kept of a transaction so that any later engine can find out its fate, and what the server says of it.
// An xid alone is no proof: a server that crashes gives those it had not yet written down to somebody else, and another
// cluster counts its own.
#pragma once
#include <optional>
#include <string>

#include "base/value.h"
#include "net/postgres.h"

namespace runbook {

struct SqlEvidence {
  // witnessed: the xid was on the server's disk before the first statement. statistics: it was not; a crash of the server in
  // between shows in `stats_reset`. none: the server has no such functions, or not for this role.
  enum class Proof { none, statistics, witnessed };
  Proof proof = Proof::none;
  std::string why_not;   // why the proof is no better than it is
  std::string xid, pid;  // pg_current_xact_id(), pg_backend_pid()
  std::string system, timeline, lsn,
      server;  // system_identifier; current timeline; insert LSN; "10.0.0.7:5432" as the server sees it
  std::string stats_reset;
};

Record to_record(const SqlEvidence& evidence);
SqlEvidence evidence_of(const Record& record);

// Where a session leads: one row, for `place_of`.
PostgresStatement ask_for_place();
struct SqlPlace {
  std::string system, timeline, lsn, server, pid;
  bool in_recovery = false;
};
std::optional<SqlPlace> place_of(const PostgresResult& answer);  // nothing: not the row that was asked for

// What became of the transaction, with all that makes the answer believable: one row, for `status_of`. For a transaction "in
// the future" the server refuses to answer (22023): asked again `without_status`, the rest tells whether that can be believed.
enum class Asking { with_status, without_status };
PostgresStatement ask_for_status(const SqlEvidence& evidence, Asking how);
struct SqlStatus {
  std::string status;    // "committed", "aborted", "in progress"; empty: too long ago, or not asked
  std::string mismatch;  // why this is not the server, or not the history, that the transaction was in; empty: it is
  bool crashed = false;  // the server's statistics began anew: it crashed in between, or somebody reset them
  Record facts;          // what was read
};
std::optional<SqlStatus> status_of(const SqlEvidence& evidence, const PostgresResult& answer);

// Ends the transaction's backend; a row for each that was told to end.
PostgresStatement terminate_backend(const SqlEvidence& evidence);

}  // namespace runbook
