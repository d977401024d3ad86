// The dynamic side of an action kind: makes one attempt happen, or finds out what became of one.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <variant>

#include "cel/expression.h"
#include "loop/loop.h"
#include "run/attempt.h"

namespace runbook {

// once it is committed the attempt is told to go on: intent before effect
struct Progress {
  Record what;
};
// not final (SQL before COMMIT): judged, committed, then go_on() or cancel(not_met)
struct Prepared {
  AttemptResult result;
};
// it started, and nobody can know what became of it
struct InDoubt {
  std::string evidence;
  Record facts;
};
using Report = std::variant<Progress, Prepared, AttemptResult, InDoubt>;

struct AttemptContext {
  explicit AttemptContext(Loop& on) : loop(on) {}
  Loop& loop;
  std::string run, step;       // the run's id and the step's path, for names and messages
  unsigned number = 0, k = 0;  // files are named <number>.<k>.*; paths hold `/` and `[`
  bool durable = true;         // false: a light attempt: reads only, never adopted, no slot
  Record fields;               // the action's fields, resolved, secrets in place
  Record connection;           // the named connection's fields, resolved; empty where there is none
  std::vector<std::pair<std::string, std::string>> environment;  // whole: inherited, set, variables, secrets
  std::string cwd;                                               // absolute
  // For another host: of the environment what the runbook itself sets, and the step's own folder ("" where it names none).
  std::vector<std::pair<std::string, std::string>> own_environment;
  std::string own_cwd;
  Instant deadline;
  Duration timeout{};               // the step's limit; the deadline may come earlier
  Duration grace{};                 // between SIGTERM and the kill
  bool background_allowed = false;  // what the leader leaves running lives on
  bool changes_something = true;    // false: `changes: none` or nothing said of a kind that only reads
  bool repeats_doubt = false;       // the attempt before it ended in doubt, and the step may be repeated
  std::string idempotency_key;      // of the attempts before it that no answer has settled; empty: none
  int directory = -1;               // the run's directory (descriptor of the caller's, valid as long as the attempt); -1: none
  std::string directory_path;
  Stamp stamp;                           // what prepare() gave
  Record progress;                       // on recovery: the last committed Progress of this attempt
  std::optional<cel::Verdict> prepared;  // on recovery: how its Prepared was judged, when that was committed
  // Ends with exactly one AttemptResult or InDoubt; never calls back inside start(), recover(), go_on() or cancel().
  std::function<void(Report)> report;
};

class ActiveAttempt {  // destroying it lets go without touching what runs durably: what a crash does
 public:
  virtual ~ActiveAttempt() = default;
  virtual void go_on() = 0;  // what it reported last (Progress, Prepared) is committed
  // At any time, more than once (a `kill` after a `stop`); after the last report it does nothing.
  virtual void cancel(CancelReason reason) = 0;
};

class Executor {
 public:
  virtual ~Executor() = default;
  // For durable attempts only: makes and syncs what must be on disk before the intent is recorded.
  virtual Result<Stamp, Failure> prepare(const AttemptContext& context) = 0;
  virtual std::unique_ptr<ActiveAttempt> start(AttemptContext context) = 0;
  // For an attempt whose start is recorded and whose end is not: adopts, goes on waiting, says "not started" or "in doubt".
  virtual std::unique_ptr<ActiveAttempt> recover(AttemptContext context) = 0;
};

}  // namespace runbook
