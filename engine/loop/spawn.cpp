#include "loop/spawn.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/process/v2/posix/default_launcher.hpp>
#include <boost/process/v2/posix/vfork_launcher.hpp>
#include <boost/process/v2/process.hpp>
#include <cerrno>
#include <csignal>
#include <exception>

#include "base/invariant.h"

namespace runbook {
namespace {

namespace process = boost::process::v2;
using boost::system::error_code;

#ifdef __SANITIZE_THREAD__
using Launcher =
    process::posix::default_launcher;  // the thread sanitizer makes vfork a fork: the parent would not see what failed
#else
using Launcher = process::posix::vfork_launcher;
#endif

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  all.reserve(texts.size() + 1);
  for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

// All that happens between vfork and exec: async-signal-safe calls that leave the memory alone, for it is still the
// parent's. (With fork a third of a step's time went into page tables (measured).) It runs the program itself, because
// the launcher knows only paths and its close_all() leaves holes.
struct ChildSide {
  const ChildSpec& spec;
  char* const* arguments;
  char* const* environment;

  template <class... Ignored>
  error_code on_exec_setup(Launcher&, Ignored&&...) const {
    if (::setsid() >= 0 && take_descriptors()) {
      take_signals();
      ::syscall(SYS_execveat, spec.executable, "", arguments, environment, AT_EMPTY_PATH);
    }
    return {errno, boost::system::system_category()};  // which the parent finds in the launcher's variable
  }
  // Variadic, or 1.81 does not see it. Instead of the launcher's exit(), which would run the parent's handlers.
  template <class... Ignored>
  void on_exec_error(Ignored&&...) const {
    ::_exit(127);
  }

 private:
  bool take_descriptors() const {
    int standard[3] = {spec.standard_input, spec.standard_output, spec.standard_error};
    for (int& descriptor : standard) {  // above 2 first: any of them may be another one's target
      descriptor = descriptor < 0 ? ::open("/dev/null", O_RDWR | O_CLOEXEC) : descriptor;
      descriptor = descriptor < 0 ? -1 : ::fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
      if (descriptor < 0) return false;
    }
    if (::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) < 0) return false;
    for (int number = 0; number < 3; ++number) {
      if (::dup2(standard[number], number) < 0) return false;
    }
    for (const int descriptor : spec.handed_over) {
      if (::fcntl(descriptor, F_SETFD, 0) < 0) return false;
    }
    return true;
  }
  static void take_signals() {
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number) {
      if (number != SIGKILL && number != SIGSTOP) ::sigaction(number, &standard, nullptr);
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
  }
};

void remove_failed(int pid) {
  if (pid > 0) {
    ::kill(pid, SIGKILL);
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {}
  }
}

}  // namespace

Result<Spawned, Failure> spawn(const ChildSpec& spec) {
  for (const int descriptor : spec.handed_over)
    invariant(descriptor > 2, "a descriptor handed over lies above the standard ones");
  const std::vector<char*> arguments = pointers(spec.arguments);
  const std::vector<char*> environment = pointers(spec.environment);
  // A fresh context: the launcher makes the child rebuild its context's epoll set, in memory that is the parent's too; one
  // that nothing was used of yet has none.
  boost::asio::io_context context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE);
  const int parent = ::getpid();
  Launcher launcher;
  try {
    error_code error;
    const ChildSide child{spec, arguments.data(), environment.data()};
    // The overload for an executor: the one for a context ignores `error` and throws.
    auto started = launcher(context.get_executor(), error, boost::filesystem::path(), std::vector<std::string>(), child);
    if (error) {
      remove_failed(launcher.pid);  // a failed exec leaves a zombie
      return failure(system_failure("cannot start " + (spec.arguments.empty() ? "a child" : spec.arguments[0]), error.value()));
    }
    started.detach();
  } catch (const std::exception& problem) {
    if (::getpid() != parent) ::_exit(127);
    remove_failed(launcher.pid);
    return failure(Failure("cannot start a child: ") + problem.what());
  }
  Spawned spawned{launcher.pid, Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, launcher.pid, 0)))};
  if (!spawned.pidfd) {
    const int error = errno;
    remove_failed(spawned.pid);
    return failure(system_failure("cannot watch a child", error));
  }
  return spawned;
}

std::optional<ExitStatus> reap(const Descriptor& pidfd) {
  siginfo_t info{};
  while (::waitid(P_PIDFD, static_cast<id_t>(pidfd.get()), &info, WEXITED | WNOHANG) < 0) {
    if (errno == EAGAIN) return std::nullopt;
    if (errno != EINTR) return ExitStatus{};
  }
  if (info.si_pid == 0) return std::nullopt;
  if (info.si_code == CLD_EXITED) return ExitStatus{true, info.si_status, 0};
  return ExitStatus{false, 0, info.si_status};
}

}  // namespace runbook
