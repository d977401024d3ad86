// The store on disk. Every write transaction and every checkpoint runs inside a WriteTurn.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "store/database.h"
#include "store/file_system.h"
#include "store/requests_directory.h"
#include "store/schema.h"
#include "store/write_turn.h"

namespace runbook {
namespace {

using Kind = StoreError::Kind;
using namespace std::chrono_literals;

constexpr Duration for_a_command = 5s;  // somebody waits at a terminal
constexpr Duration for_the_loop = 1s;   // other deadlines wait
constexpr int frames_between_checkpoints = 1000;

std::int64_t micros(Instant t) { return t.time_since_epoch().count(); }
Instant instant(std::int64_t micros) { return Instant(Duration(micros)); }

[[noreturn]] void refuse(Kind kind, std::string what) { throw StoreError{kind, std::move(what), {}}; }

template <class T>
T demand(Result<T, Failure> result) {
  if (!result) refuse(Kind::io, result.error());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// What is open of a state directory. `write_lock` and the database are missing in a directory of another OS user.
struct StateDirectory {
  std::string path;
  Descriptor directory, runs, requests, write_lock;
  std::vector<std::string> warnings;
};

class SqliteStore final : public Store {
 public:
  SqliteStore(StateDirectory place, Access access)
      : place_(std::move(place)),
        access_(access),
        database_(place_.path + "/state.db", access == Access::write ? Database::Mode::write : Database::Mode::read),
        identity_(identity_of(place_.path + "/state.db")) {
    if (access == Access::write) {
      const WriteTurn turn(place_.write_lock.get(), for_a_command);
      bring_up_to_date(database_);
    } else {
      check_schema(database_);
    }
    sqlite3_wal_hook(database_.handle(), &SqliteStore::count_frames, this);
    listen();
  }

  ~SqliteStore() override {
    if (attached_)
      (void)guarded([&] {  // at detach; another engine's turn is not waited for, its own checkpoint comes
        const WriteTurn turn(place_.write_lock.get(), 0s);
        checkpoint();
      });
  }

  Stored<void> create(const NewRun& made, std::span<const Row> rows) override {
    return guarded([&] {
      must_write();
      const auto& id = made.row.id.text();
      make_run_directory(id);
      const WriteTurn turn(place_.write_lock.get(), for_a_command);
      Transaction transaction(database_);
      if (known(made.row.id)) refuse(Kind::refused, "there is a run " + id + " already");
      Statement(database_,
                "INSERT INTO runs(id,runbook,title,file,digest,created,status,closed,machine,home) VALUES(?,?,?,?,?,?,?,?,?,?)")
          .run(id, made.row.runbook, made.row.title, made.row.file, made.row.digest, micros(made.row.created), made.row.status,
               made.row.closed, machine_id(), identity_);
      Statement(database_, "INSERT INTO snapshots(run,bytes) VALUES(?,?)").run(id, Statement::blob(made.snapshot));
      take_locks(made);
      insert(made.row.id, rows);
      transaction.commit();
    });
  }

  Stored<Lease> attach(const RunId& run) override {
    return guarded([&] {
      must_write();
      const WriteTurn turn(place_.write_lock.get(), for_a_command);
      Lease lease{run, 0, false};
      {
        Transaction transaction(database_);
        Statement found(database_, "SELECT machine, home FROM runs WHERE id=?");
        found.bind(run.text());
        if (!found.step()) refuse(Kind::no_such_run, "there is no run " + run.text());
        const auto machine = found.text(0), here = machine_id();
        if (!machine.empty() && !here.empty() && machine != here)
          refuse(Kind::refused, fmt::format("run {} was made on another machine (machine id {}, here {}): go on with it there",
                                            run.text(), machine, here));
        lease.copied = found.text(1) != identity_;
        found.reset();
        Statement raise(database_, "UPDATE runs SET epoch=epoch+1 WHERE id=? RETURNING epoch");
        raise.bind(run.text());
        if (raise.step()) lease.epoch = static_cast<std::uint64_t>(raise.integer(0));
        raise.reset();
        transaction.commit();  // what is read from now on is on disk: this sync covers all of the log before it
      }
      attached_ = true;
      checkpoint();
      return lease;
    });
  }

  Stored<void> append(const Lease& lease, const Batch& batch) override {
    return guarded([&] {
      must_write();
      const WriteTurn turn(place_.write_lock.get(), for_the_loop);
      {
        Transaction transaction(database_);
        fence_.run(lease.run.text(), lease.epoch);
        if (database_.changes() == 0) {
          if (!known(lease.run)) refuse(Kind::no_such_run, "there is no run " + lease.run.text());
          refuse(Kind::lost_lease, "another engine has taken over run " + lease.run.text());
        }
        insert(lease.run, batch.rows);
        for (const auto id : batch.answered) answer_.run(id, lease.run.text());
        if (batch.status) Statement(database_, "UPDATE runs SET status=? WHERE id=?").run(*batch.status, lease.run.text());
        if (batch.resnapshot) join(lease.run, *batch.resnapshot);
        if (batch.closes) {
          Statement(database_, "UPDATE runs SET closed=1 WHERE id=?").run(lease.run.text());
          Statement(database_, "DELETE FROM locks WHERE run=?").run(lease.run.text());
        }
        transaction.commit();
      }
      if (frames_ >= next_checkpoint_) checkpoint();
    });
  }

  Stored<std::vector<Row>> read(const RunId& run, std::uint64_t after) const override {
    return guarded([&] {
      const NoStopping no_stopping;
      if (!known(run)) refuse(Kind::no_such_run, "there is no run " + run.text());
      std::vector<Row> out;
      select_.bind(run.text(), after);
      while (select_.step())
        out.push_back(
            {static_cast<std::uint64_t>(select_.integer(0)), instant(select_.integer(1)), select_.text(2), select_.text(3)});
      select_.reset();
      return out;
    });
  }

  Stored<std::vector<std::string>> snapshots(const RunId& run) const override {
    return guarded([&] {
      const NoStopping no_stopping;
      Statement found(database_, "SELECT bytes FROM snapshots WHERE run=?");
      found.bind(run.text());
      if (!found.step()) refuse(Kind::no_such_run, "there is no run " + run.text());
      std::vector<std::string> out{found.text(0)};
      if (!has_resnapshots(database_)) return out;
      Statement later(database_, "SELECT bytes FROM resnapshots WHERE run=? ORDER BY number");
      later.bind(run.text());
      while (later.step()) out.push_back(later.text(0));
      return out;
    });
  }

  Stored<std::vector<RunRow>> runs() const override {
    return guarded([&] {
      const NoStopping no_stopping;
      std::vector<RunRow> out;
      Statement all(database_, "SELECT id,runbook,title,file,digest,created,status,closed,events FROM runs ORDER BY number DESC");
      all.bind();
      while (all.step()) {
        const auto id = RunId::parse(all.text(0));
        if (!id) continue;  // a row that somebody else put there must not hide the others
        out.push_back({*id, all.text(1), all.text(2), all.text(3), all.text(4), instant(all.integer(5)), all.text(6),
                       all.integer(7) != 0, static_cast<std::uint64_t>(all.integer(8))});
      }
      return out;
    });
  }

  Stored<void> submit(const RunId& run, Instant filed, std::string body) override {
    return guarded([&] {
      must_write();
      const WriteTurn turn(place_.write_lock.get(), for_a_command);
      Transaction transaction(database_);
      if (!known(run)) refuse(Kind::no_such_run, "there is no run " + run.text());
      Statement(database_, "INSERT INTO requests(run,filed,uid,body) VALUES(?,?,?,?)")
          .run(run.text(), micros(filed), ::geteuid(), body);
      transaction.commit();
      wake_listeners();
    });
  }

  Stored<std::vector<RequestRow>> requests(const RunId& run) const override {
    return guarded([&] {
      if (access_ == Access::write) take_in_dropped();
      const NoStopping no_stopping;
      if (!known(run)) refuse(Kind::no_such_run, "there is no run " + run.text());
      std::vector<RequestRow> out;
      requests_.bind(run.text());
      while (requests_.step())
        out.push_back({requests_.integer(0), instant(requests_.integer(1)), requests_.integer(2), requests_.text(3)});
      requests_.reset();
      return out;
    });
  }

  int news() const override { return news_.get(); }
  void forget_news() override {
    std::array<char, 8192> events;
    while (::read(news_.get(), events.data(), events.size()) > 0) {}
  }

  Stored<Descriptor> run_directory(const RunId& run) const override {
    return guarded([&] {
      make_run_directory(run.text());  // where somebody has removed it: what ran is in doubt then, and the run can be closed
      return demand(open_beneath(place_.runs.get(), run.text(), O_RDONLY | O_DIRECTORY));
    });
  }
  std::string run_directory_path(const RunId& run) const override { return place_.path + "/runs/" + run.text(); }

  Stored<std::vector<std::pair<std::string, RunId>>> locks() const override {
    return guarded([&] {
      const NoStopping no_stopping;
      std::vector<std::pair<std::string, RunId>> out;
      Statement all(database_, "SELECT name, run FROM locks ORDER BY name");
      all.bind();
      while (all.step())
        if (auto holder = RunId::parse(all.text(1))) out.emplace_back(all.text(0), *holder);
      return out;
    });
  }

  std::vector<std::string> warnings() const override { return place_.warnings; }

 private:
  static int count_frames(void* self, sqlite3*, const char*, int frames) {
    static_cast<SqliteStore*>(self)->frames_ = frames;
    return SQLITE_OK;
  }

  // PASSIVE waits for nobody: a paused reader only means that the log goes on growing. Never TRUNCATE: the space that
  // the log keeps is what lets commits go on for a while on a full disk.
  void checkpoint() {
    int log = 0, done = 0;
    const int code = sqlite3_wal_checkpoint_v2(database_.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &log, &done);
    if (code != SQLITE_BUSY && code != SQLITE_FULL) database_.check(code);
    // All of it copied: the next commit starts the log again from its beginning.
    next_checkpoint_ = (log == done ? 0 : std::max(frames_, log)) + frames_between_checkpoints;
  }

  void must_write() const {
    if (access_ == Access::read) refuse(Kind::refused, "the state is open for reading only");
  }

  bool known(const RunId& run) const {
    exists_.bind(run.text());
    const bool found = exists_.step();
    exists_.reset();
    return found;
  }

  void insert(const RunId& run, std::span<const Row> rows) {
    if (rows.empty()) return;
    last_.bind(run.text());
    auto last = last_.step() ? static_cast<std::uint64_t>(last_.integer(0)) : 0;
    last_.reset();
    for (const auto& row : rows) {
      if (row.seq <= last) refuse(Kind::refused, fmt::format("event {} of run {} is stored already", row.seq, run.text()));
      last = row.seq;
      insert_.run(run.text(), row.seq, micros(row.at), row.type, row.body);
    }
    counted_.run(rows.size(), run.text());
  }

  void join(const RunId& run, const Resnapshot& given) {
    Statement(database_, "UPDATE runs SET title=?, file=?, digest=? WHERE id=?")
        .run(given.title, given.file, given.digest, run.text());
    Statement(database_, "INSERT INTO resnapshots(run,bytes) VALUES(?,?)").run(run.text(), Statement::blob(given.snapshot));
  }

  void take_locks(const NewRun& made) {
    auto names = made.locks;
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (const auto& name : names) {
      Statement held(database_, "SELECT run FROM locks WHERE name=?");
      held.bind(name);
      if (held.step()) {
        const auto holder = held.text(0);
        if (!made.locks_from || holder != made.locks_from->text()) {
          Owner owner{holder, 0, "", "", false};
          if (const auto run = RunId::parse(holder))
            if (auto known_owner = engine_owner(*this, *run)) owner = *known_owner;
          throw StoreError{Kind::lock_taken, fmt::format("the lock {} is held by run {}, which is still open", name, holder),
                           owner};
        }
      }
      held.reset();
      Statement(database_, "INSERT INTO locks(name,run) VALUES(?,?) ON CONFLICT(name) DO UPDATE SET run=excluded.run")
          .run(name, made.row.id.text());
    }
  }

  void make_run_directory(const std::string& id) const {
    if (::mkdirat(place_.runs.get(), id.c_str(), 0700) != 0) {
      if (errno == EEXIST) {
        struct stat found {};
        if (::fstatat(place_.runs.get(), id.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(found.st_mode)) return;
      }
      refuse(errno == ENOSPC || errno == EDQUOT ? Kind::full : Kind::io,
             system_failure("cannot make the directory of run " + id, errno));
    }
    if (::fchmodat(place_.runs.get(), id.c_str(), 0700, 0) != 0)
      refuse(Kind::io, system_failure("cannot protect the directory of run " + id, errno));
    if (::fsync(place_.runs.get()) != 0) refuse(Kind::io, system_failure("cannot sync the directory of runs", errno));
  }

  // Files become rows, so that an answer and the removal of its request are one transaction. The names stay noted
  // until the files are gone: a crash between the two must not file a request twice.
  void take_in_dropped() const {
    const auto files = dropped_requests(place_.requests.get());
    if (files.empty() && !noted_) return;
    const WriteTurn turn(place_.write_lock.get(), for_the_loop);
    Transaction transaction(database_);
    if (files.empty()) { Statement(database_, "DELETE FROM dropped").run(); }
    for (const auto& file : files) {
      Statement(database_, "INSERT INTO dropped(name) VALUES(?) ON CONFLICT DO NOTHING").run(file.name);
      if (database_.changes() == 1 && known(file.run))
        Statement(database_, "INSERT INTO requests(run,filed,uid,body) VALUES(?,?,?,?)")
            .run(file.run.text(), micros(file.filed), file.uid, file.body);
    }
    transaction.commit();
    for (const auto& file : files) remove_dropped(place_.requests.get(), file.name);
    noted_ = !files.empty();
  }

  // The log is written before its commit can be read: whoever was woken by that write may have looked too early.
  void wake_listeners() const {
    const char nothing = 0;
    if (::pwrite(place_.write_lock.get(), &nothing, 1, 0) < 0) {
      // The request is filed all the same.
    }
  }

  void listen() {
    news_ = Descriptor(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!news_) return;  // the kernel's limit of watches: the callers look by the clock too
    // The directory, not the log: `sqlite3 state.db` of a curious person removes the log and a new one appears.
    if (::inotify_add_watch(news_.get(), place_.path.c_str(), IN_MODIFY | IN_CREATE) < 0) news_ = {};
    if (news_ && access_ == Access::write) ::inotify_add_watch(news_.get(), (place_.path + "/requests").c_str(), IN_MOVED_TO);
  }

  StateDirectory place_;
  Access access_;
  mutable Database database_;
  std::string identity_;
  Descriptor news_;
  bool attached_ = false;
  mutable bool noted_ = true;  // `dropped` may hold names: it is emptied once there are no files
  int frames_ = 0, next_checkpoint_ = frames_between_checkpoints;

  struct Prepared {  // made when first needed: the tables come after the database is opened
    Prepared(Database& database, const char* sql) : database_(database), sql_(sql) {}
    Statement& get() {
      if (!made_) made_ = std::make_unique<Statement>(database_, sql_);
      return *made_;
    }
    template <class... A>
    void bind(const A&... a) {
      get().bind(a...);
    }
    template <class... A>
    void run(const A&... a) {
      get().run(a...);
    }
    bool step() { return get().step(); }
    void reset() { get().reset(); }
    std::int64_t integer(int column) { return get().integer(column); }
    std::string text(int column) { return get().text(column); }

   private:
    Database& database_;
    const char* sql_;
    std::unique_ptr<Statement> made_;
  };
  mutable Prepared exists_{database_, "SELECT 1 FROM runs WHERE id=?"};
  mutable Prepared select_{database_, "SELECT seq, at, type, body FROM events WHERE run=? AND seq>? ORDER BY seq"};
  mutable Prepared requests_{database_, "SELECT id, filed, uid, body FROM requests WHERE run=? ORDER BY id"};
  Prepared last_{database_, "SELECT max(seq) FROM events WHERE run=?"};
  Prepared insert_{database_, "INSERT INTO events(run,seq,at,type,body) VALUES(?,?,?,?,?)"};
  Prepared counted_{database_, "UPDATE runs SET events=events+? WHERE id=?"};
  Prepared fence_{database_, "UPDATE runs SET epoch=epoch WHERE id=? AND epoch=?"};
  Prepared answer_{database_, "DELETE FROM requests WHERE id=? AND run=?"};
};

// Another OS user's state: he may ask, and his files say who he is; everything else is not his.
class ForeignStore final : public Store {
 public:
  explicit ForeignStore(StateDirectory place) : place_(std::move(place)) {}
  Stored<void> create(const NewRun&, std::span<const Row>) override { return failure(not_ours()); }
  Stored<Lease> attach(const RunId&) override { return failure(not_ours()); }
  Stored<void> append(const Lease&, const Batch&) override { return failure(not_ours()); }
  Stored<std::vector<Row>> read(const RunId&, std::uint64_t) const override { return failure(not_ours()); }
  Stored<std::vector<std::string>> snapshots(const RunId&) const override { return failure(not_ours()); }
  Stored<std::vector<RunRow>> runs() const override { return failure(not_ours()); }
  Stored<void> submit(const RunId& run, Instant, std::string body) override {
    return guarded([&] { demand(drop_request(place_.requests.get(), run, body)); });
  }
  Stored<std::vector<RequestRow>> requests(const RunId&) const override { return failure(not_ours()); }
  int news() const override { return -1; }
  void forget_news() override {}
  Stored<Descriptor> run_directory(const RunId&) const override { return failure(not_ours()); }
  std::string run_directory_path(const RunId& run) const override { return place_.path + "/runs/" + run.text(); }
  Stored<std::vector<std::pair<std::string, RunId>>> locks() const override { return failure(not_ours()); }

 private:
  StoreError not_ours() const {
    return {Kind::refused, place_.path + " belongs to another user, who alone may read it; answers can be given", {}};
  }
  StateDirectory place_;
};

Descriptor open_or_make(const StateDirectory& place, const char* name, mode_t mode, Access access) {
  if (access == Access::write && ::mkdirat(place.directory.get(), name, mode) == 0) {
    if (::fchmodat(place.directory.get(), name, mode, 0) != 0)
      refuse(Kind::io, system_failure(fmt::format("cannot protect {}/{}", place.path, name), errno));
  }
  return demand(open_beneath(place.directory.get(), name, O_RDONLY | O_DIRECTORY));
}

// The empty database file, with our mode whatever the umask. Nobody can have it open yet, so closing it drops no lock
// of SQLite's; this is the only time that a descriptor of ours touches it.
void make_database_file(const StateDirectory& place) {
  const Descriptor made(::openat(place.directory.get(), "state.db", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!made) {
    if (errno == EEXIST) return;
    refuse(errno == ENOSPC ? Kind::full : Kind::io, system_failure("cannot make " + place.path + "/state.db", errno));
  }
  ::fchmod(made.get(), 0600);
}

void judge_file_system(StateDirectory& place) {
  const auto system = file_system_of(place.directory.get());
  if (system.trust == Trust::refused)
    refuse(
        Kind::refused,
        fmt::format(
            "{} lies on {}, which may lose what it was told to keep: choose another place with --state-dir (ext4, xfs, btrfs, zfs, f2fs)",
            place.path, system.name));
  if (system.trust == Trust::warned)
    place.warnings.push_back(
        fmt::format("{} lies on {}: runs do not survive what that loses (a restart of the container or the machine)", place.path,
                    system.name));
}

std::unique_ptr<Store> open_store(const std::string& path, Access access) {
  struct stat found {};
  const bool there = ::stat(path.c_str(), &found) == 0;
  if (access == Access::read && (!there || ::access((path + "/state.db").c_str(), F_OK) != 0)) {
    if (there && found.st_uid != ::geteuid() && ::geteuid() != 0 && ::access(path.c_str(), X_OK) != 0)
      refuse(Kind::refused, path + " belongs to another user");
    return make_memory_store();  // nothing was ever run here
  }
  StateDirectory place;
  place.path = path;
  if (there && found.st_uid != ::geteuid()) {
    if (access == Access::write) {
      place.requests = Descriptor(::open((path + "/requests").c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
      if (!place.requests) refuse(Kind::refused, fmt::format("{} belongs to another user and takes no requests", path));
      return std::make_unique<ForeignStore>(std::move(place));
    }
    if (::geteuid() != 0) refuse(Kind::refused, path + " belongs to another user, who alone may read it");
  }
  const bool ours_to_make = access == Access::write && !there;
  place.directory = ours_to_make ? demand(make_directory(path, 0711)) : demand(open_file(path, O_RDONLY | O_DIRECTORY));
  if (there && (found.st_mode & 022) != 0)
    refuse(Kind::refused, fmt::format("others may write to {}, so nothing in it can be trusted: chmod go-w {}", path, path));
  judge_file_system(place);
  if (ours_to_make) write_in_place(place.directory.get());
  place.runs = open_or_make(place, "runs", 0700, access);
  if (ours_to_make) spread_out(place.runs.get());
  if (access == Access::write) {
    place.requests = open_or_make(place, "requests", 01733, access);
    place.write_lock = demand(open_beneath(place.directory.get(), "state.db-w", O_RDWR | O_CREAT, 0600));
    make_database_file(place);
    if (::fsync(place.directory.get()) != 0) refuse(Kind::io, system_failure("cannot sync " + path, errno));
    if (ours_to_make) {
      const Descriptor above(::openat(place.directory.get(), "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
      if (above) ::fsync(above.get());
    }
  }
  return std::make_unique<SqliteStore>(std::move(place), access);
}

}  // namespace

Stored<std::unique_ptr<Store>> open_sqlite_store(const std::string& directory, Access access) {
  return guarded([&] { return open_store(directory, access); });
}

}  // namespace runbook
