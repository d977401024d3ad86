#include "supervisor/program/leader.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace runbook {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const auto& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

void default_signals() {
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &standard, nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become(const Order& order, char* const* arguments, char** environment, const OutputPipes& pipes,
                         const ControlGroup& group, int complaint) {
  ::setsid();
  group.enter();
  default_signals();
  StartFailure failed{StartStage::process, 0};
  const bool has_input = order.input < 0 || ::dup2(order.input, 0) == 0;
  if (has_input && ::dup2(pipes.out_write, 1) == 1 && ::dup2(pipes.err_write, 2) == 2) {
    failed.stage = StartStage::directory;
    if (::chdir(order.cwd.c_str()) == 0) {
      failed.stage = StartStage::program;
      environ = environment;  // execvp looks for the program in this PATH
      if (order.program >= 0) ::fexecve(order.program, arguments, environment);
      else ::execvp(arguments[0], arguments);
    }
  }
  failed.error = errno;
  if (::write(complaint, &failed, sizeof failed) < 0) {}
  ::_exit(127);
}

}  // namespace

LeaderProcess start_leader(const Order& order, const OutputPipes& pipes, const ControlGroup& group) {
  std::array<int, 2> complaint{};
  if (::pipe2(complaint.data(), O_CLOEXEC | O_NONBLOCK) != 0) return {};
  const auto arguments = pointers(order.arguments);
  auto environment = pointers(order.environment);
  const pid_t pid = ::fork();
  if (pid == 0) become(order, arguments.data(), environment.data(), pipes, group, complaint[1]);
  ::close(complaint[1]);
  return {pid, complaint[0]};
}

StartFailure start_failure(const LeaderProcess& leader) {
  StartFailure failed;
  if (::read(leader.complaint, &failed, sizeof failed) != static_cast<ssize_t>(sizeof failed)) return {};
  return failed;
}

}  // namespace runbook
