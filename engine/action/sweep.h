// After a supervisor that died: kills what its step has left, so that a question to people is asked about something that
// has ended. By the leader's identity and by the attempt's mark in the environment, which also finds what left the session.
#pragma once
#include "loop/loop.h"
#include "supervisor/records.h"

namespace runbook {

// The mark: "RUNBOOK_ATTEMPT=<nonce>" in the environment of every durable step.
std::string attempt_mark(const std::string& nonce);

class Sweep {
 public:
  // `done` gets what could not be killed: "4711 sleep (root, S)"; empty: nothing is left.
  Sweep(Loop& loop, std::string mark, std::optional<ProcessIdentity> leader, std::function<void(std::string)> done);

 private:
  void round();
  Loop& loop_;
  std::string mark_;
  std::optional<ProcessIdentity> leader_;
  std::function<void(std::string)> done_;
  Instant give_up_;
  Timer timer_;
};

}  // namespace runbook
