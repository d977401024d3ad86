#include "action/sql_evidence.h"

#include <fmt/core.h>

#include <array>

namespace runbook {
namespace {

using Proof = SqlEvidence::Proof;

constexpr std::array<std::string_view, 3> proofs{"none", "statistics", "witness"};

// The current timeline from the current WAL file's name: a standby that was promoted went on reporting the old one in
// pg_control_checkpoint() for a minute, and `committed` for a transaction that it never had.
constexpr std::string_view place =
    "(SELECT system_identifier::text FROM pg_catalog.pg_control_system()), "
    "CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8) END, "
    "CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_current_wal_insert_lsn()::text END, "
    "pg_catalog.host(pg_catalog.inet_server_addr()) || ':' || pg_catalog.inet_server_port(), "
    "pg_catalog.pg_is_in_recovery()::text";

PostgresParameter text(std::string value) { return {0, std::move(value)}; }

std::string cell(const PostgresResult& answer, std::size_t column) {
  const auto& found = answer.rows[0][column];
  return found ? *found : "";
}

bool is_row_of(const PostgresResult& answer, std::size_t columns) {
  return answer.rows.size() == 1 && answer.rows[0].size() == columns;
}

std::string differs(std::string_view what, const std::string& was, const std::string& is) {
  return fmt::format("{} is {}, and was {}", what, is.empty() ? "unknown" : is, was.empty() ? "unknown" : was);
}

}  // namespace

Record to_record(const SqlEvidence& e) {
  Record out;
  out["proof"] = proofs[static_cast<std::size_t>(e.proof)];
  const auto set = [&out](const char* name, const std::string& value) {
    if (!value.empty()) out[name] = value;
  };
  set("why_not", e.why_not);
  set("xid", e.xid);
  set("pid", e.pid);
  set("system", e.system);
  set("timeline", e.timeline);
  set("lsn", e.lsn);
  set("server", e.server);
  set("stats_reset", e.stats_reset);
  return out;
}

SqlEvidence evidence_of(const Record& record) {
  const auto get = [&record](const char* name) {
    const auto found = record.find(name);
    return found == record.end() ? std::string() : to_text(found->second);
  };
  SqlEvidence e;
  const std::string proof = get("proof");
  for (std::size_t i = 0; i < proofs.size(); ++i)
    if (proofs[i] == proof) e.proof = static_cast<Proof>(i);
  e.why_not = get("why_not");
  e.xid = get("xid");
  e.pid = get("pid");
  e.system = get("system");
  e.timeline = get("timeline");
  e.lsn = get("lsn");
  e.server = get("server");
  e.stats_reset = get("stats_reset");
  return e;
}

PostgresStatement ask_for_place() { return {fmt::format("SELECT {}, pg_catalog.pg_backend_pid()::text", place), {}}; }

std::optional<SqlPlace> place_of(const PostgresResult& answer) {
  if (!is_row_of(answer, 6)) return {};
  return SqlPlace{cell(answer, 0), cell(answer, 1), cell(answer, 2), cell(answer, 3), cell(answer, 5), cell(answer, 4) == "true"};
}

PostgresStatement ask_for_status(const SqlEvidence& evidence, Asking how) {
  PostgresStatement statement{
      fmt::format(
          "SELECT {}, "
          "CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN (pg_catalog.pg_current_wal_insert_lsn() >= $1::text::pg_catalog.pg_lsn)::text END, "
          "(SELECT extract(epoch FROM stats_reset)::text FROM pg_catalog.pg_stat_bgwriter), "
          "CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_xact_status($2::text::pg_catalog.xid8) END",
          place),
      {text(evidence.lsn), {}}};
  if (how == Asking::with_status) statement.parameters[1] = text(evidence.xid);
  return statement;
}

std::optional<SqlStatus> status_of(const SqlEvidence& evidence, const PostgresResult& answer) {
  if (!is_row_of(answer, 8)) return {};
  const SqlPlace now{cell(answer, 0), cell(answer, 1), cell(answer, 2), cell(answer, 3), {}, cell(answer, 4) == "true"};
  SqlStatus out;
  out.status = cell(answer, 7);
  out.crashed = cell(answer, 6) != evidence.stats_reset;
  if (now.system != evidence.system)
    out.mismatch = differs("another cluster answers: its system identifier", evidence.system, now.system);
  else if (now.in_recovery) out.mismatch = "the server is a standby now";
  else if (now.timeline != evidence.timeline)
    out.mismatch = differs("the server was promoted or restored: its timeline", evidence.timeline, now.timeline);
  else if (now.server != evidence.server)
    out.mismatch = differs("another server answers: its address", evidence.server, now.server);
  else if (cell(answer, 5) != "true") out.mismatch = differs("the server was set back: its log position", evidence.lsn, now.lsn);
  out.facts["now"] = to_value(Record{
      {"system", now.system}, {"timeline", now.timeline}, {"lsn", now.lsn}, {"server", now.server}, {"status", out.status}});
  return out;
}

PostgresStatement terminate_backend(const SqlEvidence& evidence) {
  return {
      "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity "
      "WHERE pid = $1::text::int AND backend_xid = ($2::text::pg_catalog.xid8)::pg_catalog.xid",
      {text(evidence.pid), text(evidence.xid)}};
}

}  // namespace runbook
