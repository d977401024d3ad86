// One session with a PostgreSQL server: extended protocol only, one statement at a time, rows capped while they arrive.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "loop/loop.h"

namespace runbook {

struct PostgresTarget {
  std::map<std::string, std::string> parameters;                 // libpq's connection keywords
  std::vector<std::pair<std::string, std::string>> environment;  // PGHOST and the like are taken from here
  std::string application_name;
};

struct PostgresError {
  std::string sentence;  // "relation \"x\" does not exist (42P01)", "connection to server at ... failed: Connection refused"
  std::string sqlstate;  // empty: not the server's word
  bool lost = false;     // the session is gone
};

// Texts in PostgreSQL's own form: net/postgres_value.h makes values of them and back.
using PostgresType = unsigned;  // pg_type.oid
// 0: its place decides; nothing: NULL
struct PostgresParameter {
  PostgresType type = 0;
  std::optional<std::string> text;
};

struct PostgresStatement {
  std::string text;                           // one statement
  std::vector<PostgresParameter> parameters;  // $1 ...
  std::size_t row_limit = 10000, byte_limit = std::size_t{8} << 20U;
};

struct PostgresResult {
  struct Column {
    std::string name;
    PostgresType type = 0;
  };
  using Row = std::vector<std::optional<std::string>>;
  std::vector<Column> columns;
  std::vector<Row> rows;
  std::string capped;           // not empty: "more than 10000 rows": the statement was stopped, `affected` is not known
  std::int64_t affected = 0;    // rows returned or changed
  std::string tag;              // of the command: "UPDATE 3", "COMMIT"; a COMMIT that rolled back says "ROLLBACK"
  bool in_transaction = false;  // afterwards, and not failed
};

class Postgres {
 public:
  virtual ~Postgres() = default;  // disconnects; nothing is called afterwards
  // Names are resolved by the loop; every address of every host is tried in order. No deadline: the caller drops the session.
  virtual void connect(PostgresTarget target, std::function<void(Result<void, PostgresError>)> done) = 0;
  // When connected, and not before the last statement's `done`.
  virtual void run(PostgresStatement statement, std::function<void(Result<PostgresResult, PostgresError>)> done) = 0;
  // Asks the server, over a connection of its own in a thread, to stop what it does for this session. Holds after a drop too.
  virtual void cancel() = 0;
  virtual int server_version() const = 0;  // 150004
  // As told when the session began. Other than pg_backend_pid(): there is a pooler in between.
  virtual int backend_pid() const = 0;
  virtual std::vector<std::string> notices() const = 0;  // "WARNING: ...": the first twenty
};

}  // namespace runbook
