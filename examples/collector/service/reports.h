// The reports in PostgreSQL. The connection's settings come from the environment (PGHOST, PGPORT, ...).
// JSON is made and read by the database itself.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace collector {

// The database cannot be reached, or refused the statement.
struct DatabaseError : std::runtime_error {
  using std::runtime_error::runtime_error;
  std::string sqlstate;  // empty: no connection
};

class Reports {
 public:
  // Throws DatabaseError. Safe to call from several threads: each call has a connection to itself.
  std::string insert(const std::string& json);
  std::string newest(const std::string& tenant, int limit);  // an empty tenant: of all tenants
  std::optional<std::string> find(const std::string& id);
  std::string count();
  void ping();
  void execute(const char* sql);

 private:
  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  using Connection = std::unique_ptr<PGconn, Finish>;

  // The first field of the first row; nothing when there is no row or the field is null.
  std::optional<std::string> query(const char* sql, const std::vector<std::string>& values);
  Connection take();
  void give_back(Connection connection);

  std::mutex mutex_;
  std::vector<Connection> idle_;
};

}  // namespace collector
