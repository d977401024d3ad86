#include "supervisor/program/tree.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "supervisor/process_table.h"
#include "supervisor/program/clock.h"

namespace runbook {

std::optional<int> Tree::leader_ended() {
  if (status_) return status_;
  siginfo_t ended{};
  if (::waitid(P_PID, static_cast<id_t>(leader_), &ended, WEXITED | WNOHANG | WNOWAIT) != 0 || ended.si_pid != leader_)
    return std::nullopt;
  status_ = ended.si_code == CLD_EXITED ? (ended.si_status & 0xff) << 8 : ended.si_status & 0x7f;
  return status_;
}

std::vector<pid_t> Tree::others() {
  std::vector<pid_t> living;
  for (const auto child : children_of(::getpid()))
    if (child != leader_ && child != pump_ && ::waitpid(child, nullptr, WNOHANG) == 0) living.push_back(child);
  return living;
}

bool Tree::in_group(pid_t child) const { return ::getpgid(child) == leader_; }

void Tree::ask_to_end() {
  const auto ask = [](pid_t whom) {
    const bool done = ::kill(whom, SIGTERM) == 0;
    ::kill(whom, SIGCONT);
    return done;
  };
  if (!group_asked_ && !ask(-leader_)) ask(leader_);  // it has no group of its own yet
  group_asked_ = true;
  for (const auto child : others()) {
    if (in_group(child) || std::find(asked_.begin(), asked_.end(), child) != asked_.end()) continue;
    ask(child);
    asked_.push_back(child);
  }
}

void Tree::kill_all() {
  group_.kill();
  ::kill(-leader_, SIGKILL);
  if (!leader_ended()) ::kill(leader_, SIGKILL);
  for (const auto child : others()) ::kill(child, SIGKILL);
}

bool Tree::sweep(std::int64_t patience) {
  const auto give_up = monotonic() + patience;
  auto pause = milliseconds / 4;
  for (;;) {
    kill_all();
    if (empty()) return true;
    if (monotonic() >= give_up) return false;
    pause_for(pause);
    pause = std::min(pause * 2, 20 * milliseconds);
  }
}

std::string Tree::describe() {
  auto living = others();
  if (!leader_ended()) living.insert(living.begin(), leader_);
  std::string out;
  for (const auto pid : living) {
    if (!out.empty()) out += ", ";
    out += describe_process(pid);
  }
  return out;
}

void Tree::release() {
  if (leader_ended()) ::waitpid(leader_, nullptr, WNOHANG);
}

}  // namespace runbook
