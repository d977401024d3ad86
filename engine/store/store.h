// Durable rows. Knows bytes and order, not what an event means; one writer a run, fenced by the lease's epoch.
// Source of every odd rule here: the design's section "State store" (engine/store/README.md repeats what holds).
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/duration.h"
#include "base/safe_file.h"

namespace runbook {

// A run's name, which is also a directory: `[a-z0-9][a-z0-9-]{0,63}`, nothing else can be one.
class RunId {
 public:
  static std::optional<RunId> parse(std::string_view text);
  static RunId fresh();  // random: "k7f3m"
  const std::string& text() const { return text_; }
  auto operator<=>(const RunId&) const = default;

 private:
  explicit RunId(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

struct Row {
  std::uint64_t seq = 0;
  Instant at;
  std::string type, body;
  bool operator==(const Row&) const = default;
};
using RequestId = std::int64_t;
// `uid` is the OS user who filed it, as the kernel tells it; -1 where it is not known.
struct RequestRow {
  RequestId id = 0;
  Instant filed;
  std::int64_t uid = -1;
  std::string body;
};
// `copied`: the state directory is a copy of the one that the run was made in (restored, rsynced): both may be alive,
// so nothing of an open attempt may be adopted or launched.
struct Lease {
  RunId run;
  std::uint64_t epoch = 0;
  bool copied = false;
};

struct RunRow {
  RunId id;
  std::string runbook, title, file;  // the runbook's id, its title, the file's absolute path
  std::string digest;                // of the plan
  Instant created;
  std::string status;        // as the last append said: "running", "failed", ...
  bool closed = false;       // it holds no lock any more
  std::uint64_t events = 0;  // how many there are
};

// Who runs an engine on a run right now, or did last: for messages.
struct Owner {
  std::string run;
  std::int64_t pid = 0;
  std::string host, user;
  bool alive = false;
};

// The store refuses: the disk is full, the file is damaged, a newer schema, a lease that is no longer ours.
struct StoreError {
  enum class Kind { busy, full, damaged, newer, lost_lease, lock_taken, no_such_run, refused, io } kind = Kind::io;
  std::string what;            // a sentence
  std::optional<Owner> owner;  // lock_taken
};
template <class T>
using Stored = Result<T, StoreError>;

// A run goes on with other sources: what its row tells from now on, and the snapshot that joins those before it.
struct Resnapshot {
  std::string title, file, digest;
  std::string snapshot;
};

// What one turn of the engine commits, in one transaction.
struct Batch {
  std::span<const Row> rows;
  std::span<const RequestId> answered;  // requests that the rows answer; removed with them
  std::optional<std::string> status;    // what `runs` shows from now on
  bool closes = false;                  // the run's lock rows are released
  std::optional<Resnapshot> resnapshot = {};
};

struct NewRun {
  RunRow row;
  std::string snapshot;             // opaque bytes; never change, others may follow
  std::vector<std::string> locks;   // taken in sorted order, all or none
  std::optional<RunId> locks_from;  // an undo takes them over from this run
};

class Store {
 public:
  virtual ~Store() = default;
  // Run row, locks and first rows in one transaction; makes the run's directory first.
  virtual Stored<void> create(const NewRun& run, std::span<const Row> rows) = 0;
  // A higher epoch: whoever held the run before can append no more.
  virtual Stored<Lease> attach(const RunId& run) = 0;
  // Durable when it returns. A failed sync ends the process (crash-only); `full` and `busy` may be tried again.
  // `busy` comes after a second at most: the engine's loop has other deadlines to keep. Sequence numbers must ascend.
  virtual Stored<void> append(const Lease& lease, const Batch& batch) = 0;
  virtual Stored<std::vector<Row>> read(const RunId& run, std::uint64_t after = 0) const = 0;
  // The one that the run was created with, then each that it was given later.
  virtual Stored<std::vector<std::string>> snapshots(const RunId& run) const = 0;
  virtual Stored<std::vector<RunRow>> runs() const = 0;  // newest first
  virtual Stored<void> submit(const RunId& run, Instant filed, std::string body) = 0;
  virtual Stored<std::vector<RequestRow>> requests(const RunId& run) const = 0;
  // Readable when requests or rows may have come; -1 when there is nothing to wait for. `forget_news` empties it.
  virtual int news() const = 0;
  virtual void forget_news() = 0;
  // The run's own directory (attempt files); -1 for a store in memory. Path for messages and for children.
  virtual Stored<Descriptor> run_directory(const RunId& run) const = 0;
  virtual std::string run_directory_path(const RunId& run) const = 0;
  virtual Stored<std::vector<std::pair<std::string, RunId>>> locks() const = 0;  // name, holder
  virtual std::vector<std::string> warnings() const { return {}; }               // sentences about where it lies; shown once
};

// For `--plan`, `check`, `choices` and tests: the same contract, gone with the process.
std::unique_ptr<Store> make_memory_store();
// `directory` is made when it is missing. Refuses file systems that lose data, and a newer schema.
// Another OS user's directory takes requests only (files in requests/). Read access to a missing one finds no runs.
enum class Access { write, read };
Stored<std::unique_ptr<Store>> open_sqlite_store(const std::string& directory, Access access);

// Held for an engine's life: at most one engine on a run (an open-file-description lock on runs/<run>/engine).
class EngineLock {
 public:
  virtual ~EngineLock() = default;
};
// Tries for `patience`; the error is lock_taken and names the owner.
Stored<std::unique_ptr<EngineLock>> lock_engine(const Store& store, const RunId& run, Duration patience);
Stored<Owner> engine_owner(const Store& store, const RunId& run);

}  // namespace runbook
