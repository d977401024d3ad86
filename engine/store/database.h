// SQLite's C interface with owners: a connection, its statements, a transaction. Errors leave it as StoreError,
// thrown inside this folder only (`guarded` turns them into Stored<>). A failed sync never leaves it: the process ends.
#pragma once
#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include "store/store.h"

namespace runbook {

class Database {
 public:
  enum class Mode { write, read };
  Database(const std::string& path, Mode mode);

  void run(const char* sql) { check(sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr)); }
  void check(int code) const;  // throws StoreError unless it is OK, ROW or DONE
  sqlite3* handle() const { return handle_.get(); }
  int changes() const { return sqlite3_changes(handle()); }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

// A prepared statement, used again and again. `run` executes; `bind` then `step` walks rows.
class Statement {
 public:
  Statement(const Database& database, std::string_view sql);

  template <class... A>
  Statement& bind(const A&... values) {
    reset();
    int index = 0;
    (put(++index, values), ...);
    return *this;
  }
  bool step();
  void reset();
  template <class... A>
  void run(const A&... values) {
    bind(values...);
    while (step()) {}
    reset();
  }

  std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  std::string text(int column) const;

 private:
  struct Finish {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  template <class I>
  std::enable_if_t<std::is_integral_v<I>> put(int index, I value) {
    database_.check(sqlite3_bind_int64(handle_.get(), index, static_cast<sqlite3_int64>(value)));
  }
  void put(int index, std::string_view value);
  void put(int index, const std::string& value) { put(index, std::string_view(value)); }
  struct Blob {
    std::string_view bytes;
  };
  void put(int index, Blob value);

  std::unique_ptr<sqlite3_stmt, Finish> handle_;
  const Database& database_;

 public:
  static Blob blob(std::string_view bytes) { return {bytes}; }
};

// BEGIN IMMEDIATE ... COMMIT; rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) { database_.run("BEGIN IMMEDIATE"); }
  Transaction(const Transaction&) = delete;
  ~Transaction() {
    if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  void commit() {
    database_.run("COMMIT");
    open_ = false;
  }

 private:
  Database& database_;
  bool open_ = true;
};

// The border of this folder: what was thrown inside becomes the returned error.
template <class F>
auto guarded(F&& body) -> Stored<std::invoke_result_t<F>> {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
      body();
      return {};
    } else {
      return body();
    }
  } catch (const StoreError& error) { return failure(error); }
}

}  // namespace runbook
