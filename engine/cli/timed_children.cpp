#include "cli/timed_children.h"

#include <fmt/format.h>
#include <signal.h>

namespace runbook {

TimedChildren::TimedChildren(Duration limit) : loop_(make_loop()), limit_(limit), deadline_(loop_->now() + limit) {}

Result<ExitStatus, Failure> TimedChildren::run(const ChildSpec& spec) {
  ExitStatus ended;
  bool is_late = false;
  Timer timer;
  const auto child = loop_->start(spec, [&](ExitStatus status) {
    ended = status;
    timer.reset();
  });
  if (!child) return failure(child.error());
  const int group = (*child)->pid();  // it leads a session of its own
  timer = loop_->at(deadline_, [&] {
    is_late = true;
    ::kill(-group, SIGKILL);
  });
  loop_->run();
  if (is_late) return failure(fmt::format("the scripts were not all looked at within {}", format_duration(limit_)));
  return ended;
}

}  // namespace runbook
