// After a supervisor that died: kills what its step has left, so that a question to people is asked about something that
// has ended.
#pragma once
#include "loop/loop.h"
#include "supervisor/remains.h"

namespace runbook {

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
