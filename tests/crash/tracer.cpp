#include "tests/crash/tracer.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#ifdef __x86_64__
#include <sys/user.h>
#endif
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

namespace runbook::tests {
namespace {

constexpr unsigned patience = 60;  // seconds that a traced run may take

struct Tracee {
  Actor actor = Actor::other;
  bool launched = false;  // forked and not yet executed: what it becomes, its parent's actor tells
  bool begun = false;     // its first stop is over
};

#ifdef __x86_64__
constexpr bool registers_known = true;
template <class Change>
void change_registers(pid_t pid, Change change) {
  struct user_regs_struct registers {};
  ::ptrace(PTRACE_GETREGS, pid, 0, &registers);
  change(registers);
  ::ptrace(PTRACE_SETREGS, pid, 0, &registers);
}
void replace_call(pid_t pid) {
  change_registers(pid, [](auto& r) { r.orig_rax = ~0ULL; });
}
void answer_with(pid_t pid, int value) {
  change_registers(pid, [value](auto& r) { r.rax = static_cast<unsigned long long>(value); });
}
void halve(pid_t pid) {
  change_registers(pid, [](auto& r) { r.rdx = (r.rdx + 1) / 2; });
}
#else
constexpr bool registers_known = false;
void replace_call(pid_t) {}
void answer_with(pid_t, int) {}
void halve(pid_t) {}
#endif

[[noreturn]] void become(const std::vector<std::string>& words, const std::map<std::string, std::string>& extra,
                         const std::string& folder) {
  auto entries = environment_with(extra);
  entries.emplace_back("ASAN_OPTIONS=detect_leaks=0");  // the leak sanitizer cannot work under a tracer
  std::vector<char*> arguments, environment;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  for (auto& entry : entries) environment.push_back(entry.data());
  arguments.push_back(nullptr);
  environment.push_back(nullptr);
  const int nothing = ::open("/dev/null", O_RDONLY),
            out = ::open((folder + "/.traced.out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600),
            err = ::open((folder + "/.traced.err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(nothing, 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  for (const int file : {nothing, out, err}) ::close(file);
  if (::chdir(folder.c_str()) != 0) ::_exit(126);
  ::ptrace(PTRACE_TRACEME, 0, 0, 0);
  ::raise(SIGSTOP);
  ::execvpe(arguments[0], arguments.data(), environment.data());
  ::_exit(127);
}

class Tracing {
 public:
  Tracing(pid_t first, const std::set<Actor>& watched, const AtCall& at_call)
      : first_(first),
        watched_(watched),
        at_call_(at_call) {
    tracees_[first] = {Actor::other, true, false};
  }

  int follow() {
    struct sigaction wake {};
    wake.sa_handler = [](int) {};  // without SA_RESTART: it ends the wait
    ::sigaction(SIGALRM, &wake, nullptr);
    ::alarm(patience);
    while (!tracees_.empty()) {
      int status = 0;
      const pid_t pid = ::waitpid(-1, &status, __WALL);
      if (pid > 0) take(pid, status);
      else if (errno == EINTR) kill_all();
      else break;
    }
    ::alarm(0);
    return code_;
  }

 private:
  bool follows_all() const { return watched_ != std::set<Actor>{Actor::engine}; }

  void take(pid_t pid, int status) {
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
      if (pid == first_) code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      tracees_.erase(pid);
      return;
    }
    const auto found = tracees_.find(pid);
    if (found == tracees_.end()) {  // its parent's word of it is still to come
      early_.insert(pid);
      return;
    }
    auto& tracee = found->second;
    if (!tracee.begun) return begin(pid, tracee);
    const int signal = WSTOPSIG(status), event = status >> 16;
    if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK || event == PTRACE_EVENT_CLONE) {
      unsigned long child = 0;
      ::ptrace(PTRACE_GETEVENTMSG, pid, 0, &child);
      born(static_cast<pid_t>(child), tracee, event == PTRACE_EVENT_CLONE);
      return go_on(pid, tracee);
    }
    if (event == PTRACE_EVENT_EXEC) {
      executed(pid, tracee);
      return go_on(pid, tracee);
    }
    if (signal == (SIGTRAP | 0x80)) return call(pid, tracee);
    go_on(pid, tracee, event == 0 && signal != SIGTRAP ? signal : 0);
  }

  void begin(pid_t pid, Tracee& tracee) {
    tracee.begun = true;
    auto options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
    if (follows_all() || tracee.actor == Actor::other) options |= PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK;
    ::ptrace(PTRACE_SETOPTIONS, pid, 0, options);
    go_on(pid, tracee);
  }

  void born(pid_t child, const Tracee& parent, bool thread) {
    auto& tracee = tracees_[child] = {parent.actor, !thread, false};
    if (early_.erase(child) > 0) begin(child, tracee);
  }

  void executed(pid_t pid, Tracee& tracee) {
    std::error_code ignored;
    const auto name = std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/exe", ignored).filename().string();
    // What stands for ssh has become the program that was put on the host.
    if (tracee.actor == Actor::step && name.starts_with("supervisor-")) tracee.actor = Actor::host;
    else if (tracee.launched) launched(tracee, name);
    tracee.launched = tracee.actor == Actor::other;
    if (tracee.actor == Actor::engine && !follows_all())
      ::ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL);
  }

  static void launched(Tracee& tracee, const std::string& name) {
    switch (tracee.actor) {
      case Actor::other:
        if (name == "runbook") tracee.actor = Actor::engine;
        break;
      case Actor::engine: tracee.actor = name == "runbook-supervisor" ? Actor::supervisor : Actor::step; break;
      case Actor::host: tracee.actor = Actor::supervisor; break;
      case Actor::supervisor:
      case Actor::step: tracee.actor = Actor::step; break;
    }
  }

  void call(pid_t pid, Tracee& tracee) {
    __ptrace_syscall_info info{};
    if (asking_ && watched_.count(tracee.actor) > 0 && !(tracee.launched && tracee.actor == Actor::engine) &&
        ::ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) > 0) {
      Call made{tracee.actor, pid, 0, {}, info.op == PTRACE_SYSCALL_INFO_EXIT, 0};
      if (made.left) {
        made.number = entered_[pid];
        made.result = info.exit.rval;
      } else {
        made.number = entered_[pid] = info.entry.nr;
        for (std::size_t i = 0; i < 6; ++i) made.arguments[i] = info.entry.args[i];
      }
      const auto then = at_call_(made);
      asking_ = then.what == Then::go_on;
      switch (then.what) {
        case Then::go_on: break;
        case Then::kill: ::kill(pid, SIGKILL); break;
        case Then::kill_all: return kill_all();
        case Then::fail:
          replace_call(pid);
          failing_[pid] = then.error;
          break;
        case Then::shorten: halve(pid); break;
      }
    } else if (const auto failing = failing_.find(pid); failing != failing_.end()) {
      answer_with(pid, -failing->second);
      failing_.erase(failing);
    }
    go_on(pid, tracee);
  }

  void go_on(pid_t pid, const Tracee& tracee, int signal = 0) {
    const bool ask = failing_.count(pid) > 0 || (asking_ && (watched_.count(tracee.actor) > 0 || tracee.launched));
    ::ptrace(ask ? PTRACE_SYSCALL : PTRACE_CONT, pid, 0, static_cast<long>(signal));
  }

  void kill_all() {
    asking_ = false;
    for (const auto& [pid, tracee] : tracees_) ::kill(pid, SIGKILL);
    for (const auto pid : early_) ::kill(pid, SIGKILL);
  }

  pid_t first_;
  const std::set<Actor>& watched_;
  const AtCall& at_call_;
  std::map<pid_t, Tracee> tracees_;
  std::map<pid_t, std::uint64_t> entered_;
  std::map<pid_t, int> failing_;  // within a call that is not done
  std::set<pid_t> early_;
  bool asking_ = true;
  int code_ = -1;
};

const std::map<std::uint64_t, const char*>& loud_calls() {
  static const std::map<std::uint64_t, const char*> all{
      {SYS_write, "write"},
      {SYS_pwrite64, "pwrite64"},
      {SYS_writev, "writev"},
      {SYS_fsync, "fsync"},
      {SYS_fdatasync, "fdatasync"},
      {SYS_openat, "openat"},
      {SYS_ftruncate, "ftruncate"},
      {SYS_fallocate, "fallocate"},
      {SYS_renameat, "renameat"},
      {SYS_renameat2, "renameat2"},
      {SYS_unlinkat, "unlinkat"},
      {SYS_mkdirat, "mkdirat"},
      {SYS_linkat, "linkat"},
      {SYS_fchmod, "fchmod"},
      {SYS_fchmodat, "fchmodat"},
      {SYS_fchown, "fchown"},
      {SYS_clone, "clone"},
      {SYS_clone3, "clone3"},
      {SYS_execve, "execve"},
      {SYS_execveat, "execveat"},
      {SYS_connect, "connect"},
      {SYS_sendto, "sendto"},
      {SYS_sendmsg, "sendmsg"},
      {SYS_recvfrom, "recvfrom"},
      {SYS_recvmsg, "recvmsg"},
      {SYS_kill, "kill"},
      {SYS_pidfd_send_signal, "pidfd_send_signal"},
      {SYS_ppoll, "ppoll"},
      {SYS_epoll_pwait, "epoll_pwait"},
      {SYS_waitid, "waitid"},
      {SYS_wait4, "wait4"},
      {SYS_futex, "futex"},
      {SYS_exit_group, "exit_group"},
      {SYS_fcntl, "fcntl"},
#ifdef SYS_open  // the older calls, which newer machines do not have
      {SYS_open, "open"},
      {SYS_rename, "rename"},
      {SYS_unlink, "unlink"},
      {SYS_mkdir, "mkdir"},
      {SYS_link, "link"},
      {SYS_fork, "fork"},
      {SYS_vfork, "vfork"},
      {SYS_poll, "poll"},
      {SYS_epoll_wait, "epoll_wait"},
#endif
  };
  return all;
}

}  // namespace

Outcome trace(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
              const std::string& folder, const std::set<Actor>& watched, const AtCall& at_call) {
  const pid_t pid = ::fork();
  if (pid == 0) become(words, environment, folder);
  REQUIRE(pid > 0);
  const int code = Tracing(pid, watched, at_call).follow();
  return {code, read_file(folder + "/.traced.out"), read_file(folder + "/.traced.err")};
}

bool may_trace() {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(::ptrace(PTRACE_TRACEME, 0, 0, 0) == 0 ? 0 : 1);
  int status = 1;
  ::waitpid(pid, &status, 0);
  return status == 0;
}

bool may_inject() { return registers_known && may_trace(); }

bool is_loud(const Call& entered) {
  if (entered.number == SYS_openat) return (entered.arguments[2] & O_CREAT) != 0;
  if (entered.number == SYS_fcntl) return entered.arguments[1] == F_OFD_SETLK;  // other locks end with the process
  return loud_calls().count(entered.number) > 0;
}

std::string name_of_call(std::uint64_t number) {
  const auto found = loud_calls().find(number);
  return found != loud_calls().end() ? found->second : "call " + std::to_string(number);
}

}  // namespace runbook::tests
