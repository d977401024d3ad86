#include "action/sweep.h"

#include <csignal>

#include "supervisor/process_table.h"

namespace runbook {

using namespace std::chrono_literals;

std::string attempt_mark(const std::string& nonce) { return "RUNBOOK_ATTEMPT=" + nonce; }

Sweep::Sweep(Loop& loop, std::string mark, std::optional<ProcessIdentity> leader, std::function<void(std::string)> done)
    : loop_(loop),
      mark_(std::move(mark)),
      leader_(leader),
      done_(std::move(done)),
      give_up_(loop.now() + 10s) {
  timer_ = loop_.at(loop_.now(), [this] { round(); });
}

void Sweep::round() {
  const auto is_alive = [](pid_t pid) {
    const auto state = process_state(pid);
    return state && state->state != 'Z' && state->state != 'X';
  };
  std::string living;
  if (leader_ && leader_->pid > 1 && identity_of_process(static_cast<pid_t>(leader_->pid)) == leader_) {
    ::kill(static_cast<pid_t>(-leader_->pid), SIGKILL);
    if (is_alive(static_cast<pid_t>(leader_->pid))) living = describe_process(static_cast<pid_t>(leader_->pid));
  }
  for (const auto pid : processes_with(mark_)) {
    ::kill(pid, SIGKILL);
    if (!is_alive(pid) || (leader_ && leader_->pid == pid)) continue;
    if (!living.empty()) living += ", ";
    living += describe_process(pid);
  }
  if (!living.empty() && loop_.now() < give_up_) {
    timer_ = loop_.at(loop_.now() + 10ms, [this] { round(); });
    return;
  }
  const auto done = std::move(done_);  // it may destroy this
  done(living);
}

}  // namespace runbook
