// What an attempt is given to start, and what it comes back with: the words between the scheduler and the executors.
#pragma once
#include <map>
#include <string>

#include "base/value.h"

namespace runbook {

// completed: the action ran to its end, whatever the end. not_started: certainly nothing happened; the try does not count.
// could_not_start: certainly nothing happened, and trying again the same way is no use (no such interpreter, bad URL).
enum class Outcome { completed, timed_out, cancelled, not_started, could_not_start };
// kill: a stop that waits for nothing, as the second Ctrl-C asks for.
enum class CancelReason { timeout, stop, not_met, kill };

// Made by the executor before the intent is recorded, recorded with it, and given back on recovery.
struct Stamp {
  std::int64_t slot = -1;       // in the run's `attempts` file; -1: a light attempt
  std::string nonce;            // repeated by every file of the attempt
  std::string world;            // boot, pid namespace, start of PID 1
  std::string idempotency_key;  // http
  bool operator==(const Stamp&) const = default;
};

struct AttemptResult {
  Outcome outcome = Outcome::completed;
  // By the kind's result rows: exit, stdout, stderr / status, headers, text / rows, affected; without the derived ones.
  Record result;
  std::map<std::string, std::string> unreadable;  // result name -> why it is not in `result` ("capped at 8 MiB", "output lost")
  Instant started{}, ended{};
  Record facts;        // of the outputs: sizes, digests, what was left running; recorded, shown, not in scope of expressions
  std::string remark;  // one line for people: "left running after its end: pid 4711 sleep (killed)"; empty: nothing to say
  bool clean = true;   // false: no plain success whatever `expect` says (processes left running, a transaction rolled back)
  std::string doubt;   // the effect is uncertain unless the step's own `expect` holds: "answered 503"; empty: it is not
  bool done_before = false;  // what an earlier attempt in doubt had to do is found done: succeeded, whatever `expect` says
  bool unchanged =
      false;  // it ran, and certainly nothing of it lasts: its transaction was rolled back, its request was never sent
  bool as_prepared = false;  // it ended as its Prepared was judged: that verdict and those outputs hold, `result` says nothing
};

}  // namespace runbook
