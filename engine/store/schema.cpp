#include "store/schema.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>

namespace runbook {
namespace {

constexpr int application = 0x52424b31;  // "RBK1", so that `file state.db` tells them apart

// Each raises the version by one: a new database goes through all of them.
constexpr std::array<const char*, schema_version> versions{R"sql(
CREATE TABLE runs(
  number  INTEGER PRIMARY KEY,         -- order of creation
  id      TEXT    NOT NULL UNIQUE,
  runbook TEXT    NOT NULL,
  title   TEXT    NOT NULL,
  file    TEXT    NOT NULL,
  digest  TEXT    NOT NULL,
  created INTEGER NOT NULL,            -- microseconds since 1970, as all times here
  status  TEXT    NOT NULL,
  closed  INTEGER NOT NULL DEFAULT 0,
  events  INTEGER NOT NULL DEFAULT 0,
  epoch   INTEGER NOT NULL DEFAULT 0,  -- rises with each attach: the lease
  machine TEXT    NOT NULL,            -- where the run was made
  home    TEXT    NOT NULL             -- inode and birth time of this file then
) STRICT;
CREATE TABLE snapshots(
  run   TEXT PRIMARY KEY REFERENCES runs(id),
  bytes BLOB NOT NULL
) STRICT;
CREATE TABLE events(
  run  TEXT    NOT NULL REFERENCES runs(id),
  seq  INTEGER NOT NULL,
  at   INTEGER NOT NULL,
  type TEXT    NOT NULL,
  body TEXT    NOT NULL,
  PRIMARY KEY(run, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE locks(
  name TEXT PRIMARY KEY,
  run  TEXT NOT NULL REFERENCES runs(id)
) STRICT, WITHOUT ROWID;
CREATE TABLE requests(
  id    INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: an answer names it
  run   TEXT    NOT NULL REFERENCES runs(id),
  filed INTEGER NOT NULL,
  uid   INTEGER NOT NULL,
  body  TEXT    NOT NULL
) STRICT;
CREATE TABLE dropped(
  name TEXT PRIMARY KEY                -- files of requests/ that are rows already and not yet removed
) STRICT, WITHOUT ROWID;
)sql",
                                                           R"sql(
CREATE TABLE resnapshots(              -- what a run goes by after each `run_amended`, in their order
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  run    TEXT    NOT NULL REFERENCES runs(id),
  bytes  BLOB    NOT NULL
) STRICT;
CREATE INDEX resnapshots_of ON resnapshots(run);
)sql"};

std::int64_t pragma(Database& database, const char* sql) {
  Statement statement(database, sql);
  statement.bind();
  return statement.step() ? statement.integer(0) : 0;
}

[[noreturn]] void refuse_newer(std::int64_t version) {
  throw StoreError{StoreError::Kind::newer,
                   fmt::format("the state was written by a newer runbook (schema {}, this one knows {}): use that one", version,
                               schema_version),
                   {}};
}

}  // namespace

void bring_up_to_date(Database& database) {
  const auto version = pragma(database, "PRAGMA user_version");
  if (version > schema_version) refuse_newer(version);
  if (version == schema_version) return;
  database.run("PRAGMA journal_mode=WAL");
  Transaction transaction(database);
  for (auto at = pragma(database, "PRAGMA user_version"); at < schema_version; ++at)  // another process may have been quicker
    database.run(versions[static_cast<std::size_t>(at)]);
  database.run(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", application, schema_version).c_str());
  transaction.commit();
}

void check_schema(Database& database) {
  const auto version = pragma(database, "PRAGMA user_version");
  if (version > schema_version) refuse_newer(version);
  if (version < 1) throw StoreError{StoreError::Kind::damaged, "the state holds no tables of ours", {}};
}

bool has_resnapshots(Database& database) { return pragma(database, "PRAGMA user_version") >= 2; }

std::string identity_of(const std::string& database_path) {
  struct statx found {};
  if (::statx(AT_FDCWD, database_path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME, &found) != 0) return "";
  const bool born = (found.stx_mask & STATX_BTIME) != 0;
  return fmt::format("{}:{}.{:09}", found.stx_ino, born ? found.stx_btime.tv_sec : 0, born ? found.stx_btime.tv_nsec : 0);
}

std::string machine_id() {
  auto text = read_file("/etc/machine-id", 256);
  if (!text) return "";
  while (!text->empty() && text->back() == '\n') text->pop_back();
  return *text;
}

}  // namespace runbook
