// runbook-supervisor: owns one attempt. It is the parent that matters: deadline, kill, output and exit record live here,
// and go on when the engine is killed. The protocol is in 3-execution.md, section 3; its steps 3 to 5 are `main`.
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/close_range.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "supervisor/host_protocol.h"
#include "supervisor/order.h"
#include "supervisor/process_table.h"
#include "supervisor/program/clock.h"
#include "supervisor/program/host.h"
#include "supervisor/program/leader.h"
#include "supervisor/program/pump.h"
#include "supervisor/program/tree.h"

namespace runbook {
namespace {

constexpr std::int64_t leftover_patience = 1 * seconds;  // for what the leader leaves running
constexpr std::int64_t sweep_patience = 10 * seconds;
constexpr std::int64_t pump_patience = 10 * seconds;

std::optional<Order> read_order() {
  constexpr int wanted = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW;
  if ((::fcntl(0, F_GET_SEALS) & wanted) != wanted) return std::nullopt;  // it could still change under us
  struct stat found {};
  if (::fstat(0, &found) != 0) return std::nullopt;
  std::string bytes(static_cast<std::size_t>(found.st_size), '\0');
  if (::pread(0, bytes.data(), bytes.size(), 0) != found.st_size) return std::nullopt;
  return decode_order(bytes);
}

void leave_the_callers_world() {
  ::syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
  ::setsid();  // fails where the loop has done it
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  ::prctl(PR_SET_NAME, supervisor_name);
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int standard : {0, 1, 2}) ::dup2(nothing, standard);
  ::close(nothing);
}

int listen_to_signals() {
  sigset_t wanted, all;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGTERM);
  sigaddset(&wanted, SIGQUIT);
  sigaddset(&wanted, SIGCHLD);
  sigfillset(&all);  // a stray SIGHUP, SIGINT or SIGPIPE must not end a supervisor
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  return ::signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
}

bool write_block(int file, const Block& block, std::int64_t offset) {
  for (;;) {
    const auto written = ::pwrite(file, block.data(), block.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    return written == static_cast<ssize_t>(block.size());
  }
}

enum class Claimed { ours, already, failed };
Claimed claim(const Order& order) {
  const auto offset = block_offset(order.slot, BlockKind::claim);
  Block block{};
  if (::pread(order.attempts, block.data(), block.size(), offset) != static_cast<ssize_t>(block.size())) return Claimed::failed;
  if (state_of(block, BlockKind::claim) != BlockState::none) return Claimed::already;  // an attempt starts at most once, ever
  const auto self = identity_of_process(::getpid());
  if (!self) return Claimed::failed;
  if (!write_block(order.attempts, encode(Claim{order.name, order.world, *self, utc_micros()}), offset)) return Claimed::failed;
  return ::fdatasync(order.attempts) == 0 ? Claimed::ours : Claimed::failed;
}

// Waits for what can happen to a running attempt and tells it as three questions.
class Ear {
 public:
  Ear(int signals, int leash) : ready_{{{signals, POLLIN, 0}, {leash, 0, 0}}} {}  // POLLHUP comes unasked
  void listen(std::int64_t until) {
    const auto left = to_timespec(until - monotonic());
    if (::ppoll(ready_.data(), ready_.size(), &left, nullptr) <= 0) return;
    struct signalfd_siginfo signal {};
    while (::read(ready_[0].fd, &signal, sizeof signal) == static_cast<ssize_t>(sizeof signal))
      if (signal.ssi_signo != SIGCHLD) {
        cancelled_ = true;
        in_haste_ = in_haste_ || signal.ssi_signo == SIGQUIT;
      }
    if (ready_[1].revents != 0) leash_gone_ = true;
  }
  bool cancelled() const { return cancelled_; }
  bool in_haste() const { return in_haste_; }  // cancelled without the grace
  bool leash_gone() const { return leash_gone_; }

 private:
  std::array<struct pollfd, 2> ready_;
  bool cancelled_ = false, in_haste_ = false, leash_gone_ = false;
};

// From the leader's start to the end of its tree.
class Attempt {
 public:
  Attempt(const Order& order, Ear& ear) : order_(order), ear_(ear) {}

  ExitRecord run() {
    record_.name = order_.name;
    record_.started = utc_micros();
    began_ = monotonic();
    ear_.listen(0);
    if (ear_.cancelled() || ear_.leash_gone() || began_ >= order_.deadline) {
      record_.by = ear_.cancelled() ? EndedBy::cancel : EndedBy::deadline;
      return never_ran(StartStage::none, 0);
    }
    auto pipes = make_output_pipes();
    if (!pipes) return never_ran(StartStage::process, errno);
    pump_ = start_pump(order_, *pipes, PumpDuty::keep);
    if (pump_.pid < 0) return never_ran(StartStage::process, errno);
    leader_ = start_leader(order_, *pipes, group_);
    const int fork_error = errno;
    close_write_ends(*pipes);
    if (leader_.pid < 0) return never_ran(StartStage::process, fork_error);
    note_leader();
    Tree tree(leader_.pid, pump_.pid, group_);
    watch(tree, *pipes);
    conclude(tree);
    return record_;
  }

 private:
  enum class Phase { running, leader_gone, asked_to_end, over };

  ExitRecord never_ran(StartStage stage, int error) {
    record_.ending = Ending::never_ran;
    record_.failed_at = stage;
    record_.code = static_cast<std::uint32_t>(error);
    finish_times();
    return record_;
  }

  // Where a dead supervisor's successor finds whom to sweep. Not synced: after a power cut there is nobody to find.
  void note_leader() {
    if (order_.slot < 0) return;
    if (const auto identity = identity_of_process(leader_.pid))
      write_block(order_.attempts, encode(Leader{order_.name, *identity}), block_offset(order_.slot, BlockKind::leader));
  }

  void watch(Tree& tree, const OutputPipes& pipes) {
    auto phase = Phase::running;
    std::int64_t until = order_.deadline;
    while (phase != Phase::over) {
      ear_.listen(until);
      replace_dead_pump(pipes);
      const bool ended = tree.leader_ended().has_value();
      const bool late = monotonic() >= until;
      if (ended) finish_times();
      if (ear_.leash_gone()) {
        if (phase == Phase::running && !ended) record_.by = EndedBy::cancel;
        kill(tree);
        phase = Phase::over;
        continue;
      }
      switch (phase) {
        case Phase::running:
          if (ended) {
            phase = Phase::leader_gone;
            until = monotonic() + leftover_patience;
            if (order_.background_allowed || tree.others().empty()) {
              note_background(tree);
              phase = Phase::over;
            }
          } else if (ear_.cancelled() || late) {
            record_.by = ear_.cancelled() ? EndedBy::cancel : EndedBy::deadline;
            tree.ask_to_end();
            phase = Phase::asked_to_end;
            until = monotonic() + (ear_.in_haste() ? 0 : order_.grace);
          }
          break;
        case Phase::leader_gone:
          if (tree.others().empty()) {
            phase = Phase::over;
          } else if (late) {
            record_.left = tree.describe();
            record_.leftover = Leftover::killed;
            kill(tree);
            phase = Phase::over;
          }
          break;
        case Phase::asked_to_end:
          if (tree.empty()) {
            phase = Phase::over;
          } else if (late || ear_.in_haste()) {
            kill(tree);
            phase = Phase::over;
          } else {
            tree.ask_to_end();  // what lost its parent meanwhile
          }
          break;
        case Phase::over: break;
      }
    }
  }

  void note_background(Tree& tree) {
    record_.left = tree.describe();
    if (!record_.left.empty()) record_.leftover = Leftover::running;
  }

  void kill(Tree& tree) {
    if (tree.sweep(sweep_patience)) return;
    record_.leftover = Leftover::unkillable;
    record_.left = tree.describe();
  }

  // The output is lost from here on, but the step must not die of it.
  void replace_dead_pump(const OutputPipes& pipes) {
    if (pump_.pid < 0 || ::waitpid(pump_.pid, nullptr, WNOHANG) != pump_.pid) return;
    ::close(pump_.control);
    pump_ = start_pump(order_, pipes, PumpDuty::discard);
    pump_lost_ = true;
  }

  void conclude(Tree& tree) {
    finish_times();
    if (const auto status = tree.leader_ended()) {
      const auto failed = start_failure(leader_);
      if (failed.stage != StartStage::none) {
        record_.ending = Ending::never_ran;
        record_.failed_at = failed.stage;
        record_.code = static_cast<std::uint32_t>(failed.error);
      } else if (WIFEXITED(*status)) {
        record_.ending = Ending::exited;
        record_.code = static_cast<std::uint32_t>(WEXITSTATUS(*status));
      } else {
        record_.ending = Ending::signalled;
        record_.code = static_cast<std::uint32_t>(WTERMSIG(*status));
      }
    } else {
      record_.ending = Ending::still_alive;
    }
    const auto kept = pump_lost_ ? std::nullopt : finish_pump(pump_, pump_patience);
    if (kept) {
      record_.out = kept->out;
      record_.err = kept->err;
    } else {
      record_.out.state = record_.err.state = StreamRecord::State::lost;
    }
    tree.release();
  }

  void finish_times() {
    if (record_.ended != 0) return;
    record_.ended = utc_micros();
    record_.ran = monotonic() - began_;
  }

  const Order& order_;
  Ear& ear_;
  ExitRecord record_;
  std::int64_t began_ = 0;
  ControlGroup group_;
  Pump pump_;
  LeaderProcess leader_;
  bool pump_lost_ = false;
};

bool hand_in(const Order& order, const ExitRecord& record) {
  const auto block = encode(record);
  if (order.slot < 0) {  // a block is PIPE_BUF: written whole or not at all
    return ::write(order.record, block.data(), block.size()) == static_cast<ssize_t>(block.size());
  }
  return write_block(order.attempts, block, block_offset(order.slot, BlockKind::exit)) && ::fdatasync(order.attempts) == 0;
}

SupervisorExit supervise() {
  const auto order = read_order();
  if (!order) return SupervisorExit::bad_order;
  leave_the_callers_world();
  Ear ear(listen_to_signals(), order->leash);
  if (order->slot >= 0) {
    const auto claimed = claim(*order);
    if (claimed == Claimed::already) return SupervisorExit::already_claimed;
    if (claimed == Claimed::failed) return SupervisorExit::claim_failed;
  }
  const auto record = Attempt(*order, ear).run();
  return hand_in(*order, record) ? SupervisorExit::recorded : SupervisorExit::record_failed;
}

}  // namespace
}  // namespace runbook

// Two roles: the supervisor of one attempt; and on another host the engine's hand there, which starts supervisors.
int main(int count, char** arguments) {
  const std::string_view role = count > 1 ? arguments[1] : "";
  if (role == runbook::host::role && count == 3) return runbook::serve_engine(arguments[2]);
  if (role == runbook::host::check_role) return 0;  // that it can be run at all
  return static_cast<int>(runbook::supervise());
}
