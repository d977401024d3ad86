// Children that are given only so much time together: each runs to its end, or is killed with all that it started.
#pragma once
#include <memory>

#include "loop/loop.h"

namespace runbook {

class TimedChildren {
 public:
  explicit TimedChildren(Duration limit);
  // Waits for its end. The error is a sentence.
  Result<ExitStatus, Failure> run(const ChildSpec& spec);

 private:
  std::unique_ptr<Loop> loop_;
  Duration limit_;
  Instant deadline_;
};

}  // namespace runbook
