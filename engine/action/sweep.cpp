#include "action/sweep.h"

#include "supervisor/remains.h"

namespace runbook {

using namespace std::chrono_literals;

Sweep::Sweep(Loop& loop, std::string mark, std::optional<ProcessIdentity> leader, std::function<void(std::string)> done)
    : loop_(loop),
      mark_(std::move(mark)),
      leader_(leader),
      done_(std::move(done)),
      give_up_(loop.now() + 10s) {
  timer_ = loop_.at(loop_.now(), [this] { round(); });
}

void Sweep::round() {
  const auto living = kill_remains(mark_, leader_);
  if (!living.empty() && loop_.now() < give_up_) {
    timer_ = loop_.at(loop_.now() + 10ms, [this] { round(); });
    return;
  }
  const auto done = std::move(done_);  // it may destroy this
  done(living);
}

}  // namespace runbook
