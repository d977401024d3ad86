#include "reports.h"

#include <poll.h>

#include "release.h"

namespace collector {
namespace {

constexpr std::size_t kIdleConnections = 4;

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};

DatabaseError error(const std::string& message, const char* sqlstate) {
  DatabaseError e(message);
  if (sqlstate != nullptr) e.sqlstate = sqlstate;
  return e;
}

// An idle connection has nothing to read, unless the server has ended it: a restore disconnects everybody.
bool is_alive(PGconn* connection) {
  pollfd socket{.fd = PQsocket(connection), .events = POLLIN, .revents = 0};
  return poll(&socket, 1, 0) == 0;
}

}  // namespace

Reports::Connection Reports::take() {
  {
    const std::lock_guard lock(mutex_);
    while (!idle_.empty()) {
      Connection connection = std::move(idle_.back());
      idle_.pop_back();
      if (is_alive(connection.get())) return connection;
    }
  }
  Connection connection(PQconnectdb("connect_timeout=3 application_name=collector options='-c statement_timeout=30s'"));
  if (PQstatus(connection.get()) != CONNECTION_OK) throw error(PQerrorMessage(connection.get()), nullptr);
  return connection;
}

void Reports::give_back(Connection connection) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kIdleConnections) idle_.push_back(std::move(connection));
}

std::optional<std::string> Reports::query(const char* sql, const std::vector<std::string>& values) {
  std::vector<const char*> pointers;
  for (const auto& value : values) pointers.push_back(value.c_str());
  Connection connection = take();
  const std::unique_ptr<PGresult, Clear> result(
      PQexecParams(connection.get(), sql, static_cast<int>(values.size()), nullptr, pointers.data(), nullptr, nullptr, 0));
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    // The server went away while this connection lay idle, or during the statement. Idle ones are all suspect.
    // Nothing is tried again: an insert may have happened. The next request connects afresh.
    const std::lock_guard lock(mutex_);
    idle_.clear();
    throw error(PQerrorMessage(connection.get()), nullptr);
  }
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    const DatabaseError failure = error(PQresultErrorMessage(result.get()), PQresultErrorField(result.get(), PG_DIAG_SQLSTATE));
    give_back(std::move(connection));
    throw failure;
  }
  std::optional<std::string> value;
  if (PQntuples(result.get()) > 0 && PQgetisnull(result.get(), 0, 0) == 0) value = PQgetvalue(result.get(), 0, 0);
  give_back(std::move(connection));
  return value;
}

std::string Reports::insert(const std::string& json) { return query(release.insert_sql, {json}).value_or("null"); }

std::string Reports::newest(const std::string& tenant, int limit) {
  return query(
             "SELECT json_build_object('count', (SELECT count(*) FROM reports WHERE $1 IN ('', tenant)), "
             "'reports', coalesce(json_agg(r), '[]')) "
             "FROM (SELECT * FROM reports WHERE $1 IN ('', tenant) ORDER BY id DESC LIMIT $2::int) r",
             {tenant, std::to_string(limit)})
      .value_or("{}");
}

std::optional<std::string> Reports::find(const std::string& id) {
  return query("SELECT row_to_json(reports) FROM reports WHERE id = $1::bigint", {id});
}

std::string Reports::count() { return query("SELECT json_build_object('count', count(*)) FROM reports", {}).value_or("{}"); }

void Reports::ping() { query("SELECT 1", {}); }

void Reports::execute(const char* sql) { query(sql, {}); }

}  // namespace collector
