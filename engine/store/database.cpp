#include "store/database.h"

#include <fmt/format.h>

#include "base/invariant.h"

namespace runbook {
namespace {

StoreError::Kind kind_of(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL: return StoreError::Kind::busy;
    case SQLITE_FULL: return StoreError::Kind::full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return StoreError::Kind::damaged;
    case SQLITE_CONSTRAINT: return StoreError::Kind::refused;
    default: return StoreError::Kind::io;
  }
}

std::string sentence(StoreError::Kind kind, const char* path, const char* said) {
  const std::string where = path != nullptr && *path != '\0' ? path : "the state store";
  switch (kind) {
    case StoreError::Kind::busy: return fmt::format("{} is in use by another process: {}", where, said);
    case StoreError::Kind::full: return fmt::format("no space left for {}: {}", where, said);
    case StoreError::Kind::damaged: return fmt::format("{} is damaged: {}", where, said);
    default: return fmt::format("{}: {}", where, said);
  }
}

}  // namespace

Database::Database(const std::string& path, Mode mode) {
  const int flags =
      (mode == Mode::write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW;
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
  handle_.reset(opened);
  check(code);
  sqlite3_busy_timeout(opened, 5000);
  // A checkpoint at close would run outside the write lock.
  check(sqlite3_db_config(opened, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr));
  check(sqlite3_db_config(opened, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr));
  check(sqlite3_db_config(opened, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr));
  run("PRAGMA foreign_keys=ON; PRAGMA wal_autocheckpoint=0");
  if (mode == Mode::write) run("PRAGMA synchronous=FULL");
}

void Database::check(int code) const {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  // Nobody knows what the disk holds after a failed sync; what a new process reads there is the only truth.
  invariant(code != SQLITE_IOERR_FSYNC && code != SQLITE_IOERR_DIR_FSYNC, "the state store could not be synced to disk");
  const auto kind = kind_of(code);
  throw StoreError{kind,
                   sentence(kind, handle_ ? sqlite3_db_filename(handle(), "main") : nullptr,
                            handle_ ? sqlite3_errmsg(handle()) : sqlite3_errstr(code)),
                   {}};
}

Statement::Statement(const Database& database, std::string_view sql) : database_(database) {
  sqlite3_stmt* made = nullptr;
  database.check(
      sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &made, nullptr));
  handle_.reset(made);
}

bool Statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    try {
      database_.check(code);
    } catch (...) {  // the message is taken; an open cursor would keep the transaction
      sqlite3_reset(handle_.get());
      throw;
    }
  }
  return code == SQLITE_ROW;
}

void Statement::reset() {
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());
}

std::string Statement::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(handle_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
  return bytes == nullptr ? std::string() : std::string(bytes, size);
}

void Statement::put(int index, std::string_view value) {
  database_.check(sqlite3_bind_text64(handle_.get(), index, value.data() != nullptr ? value.data() : "", value.size(),
                                      SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::put(int index, Blob value) {
  database_.check(sqlite3_bind_blob64(handle_.get(), index, value.bytes.data() != nullptr ? value.bytes.data() : "",
                                      value.bytes.size(), SQLITE_TRANSIENT));
}

}  // namespace runbook
