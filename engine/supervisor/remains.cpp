#include "supervisor/remains.h"

#include <csignal>

#include "supervisor/process_table.h"

namespace runbook {

std::string attempt_mark(const std::string& nonce) { return "RUNBOOK_ATTEMPT=" + nonce; }

std::string kill_remains(const std::string& mark, const std::optional<ProcessIdentity>& leader) {
  const auto is_alive = [](pid_t pid) {
    const auto state = process_state(pid);
    return state && state->state != 'Z' && state->state != 'X';
  };
  std::string living;
  if (leader && leader->pid > 1 && identity_of_process(static_cast<pid_t>(leader->pid)) == leader) {
    ::kill(static_cast<pid_t>(-leader->pid), SIGKILL);
    if (is_alive(static_cast<pid_t>(leader->pid))) living = describe_process(static_cast<pid_t>(leader->pid));
  }
  for (const auto pid : processes_with(mark)) {
    ::kill(pid, SIGKILL);
    if (!is_alive(pid) || (leader && leader->pid == pid)) continue;
    if (!living.empty()) living += ", ";
    living += describe_process(pid);
  }
  return living;
}

}  // namespace runbook
