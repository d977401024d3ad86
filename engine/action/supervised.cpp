#include "action/supervised.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <filesystem>

#include "action/attempt_files.h"
#include "action/light_files.h"
#include "action/supervised_result.h"
#include "action/sweep.h"
#include "base/byte_lock.h"
#include "supervisor/order.h"
#include "supervisor/process_table.h"

namespace runbook {
namespace {

using namespace std::chrono_literals;

constexpr Duration look_again = 30ms;    // at a lock byte that somebody else's supervisor holds
constexpr Duration held_too_long = 30s;  // past deadline and grace
constexpr Duration longest = std::chrono::hours(24 * 365);

// Complete and sealed before the supervisor exists.
Result<Descriptor, Failure> sealed(const std::string& bytes) {
  Descriptor file(::memfd_create("runbook-order", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file) return failure(system_failure("cannot make a memory file", errno));
  if (auto written = write_all(file.get(), bytes); !written) return failure(written.error());
  ::lseek(file.get(), 0, SEEK_SET);
  if (::fcntl(file.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
    return failure(system_failure("cannot seal a memory file", errno));
  return file;
}

std::int64_t nanoseconds(Duration d) { return std::chrono::duration_cast<std::chrono::nanoseconds>(d).count(); }

// On the clock that the supervisor keeps: it stops in suspend, as the loop's does.
std::int64_t monotonic_deadline(const AttemptContext& context) {
  struct timespec now {};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  const auto left = std::clamp<Duration>(context.deadline - context.loop.now(), 0s, longest);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec + nanoseconds(left);
}

Order order_for(const AttemptContext& context, const Command& command, const std::string& script) {
  Order order;
  order.name = attempt_name(context);
  order.world = context.stamp.world;
  order.slot = context.durable ? context.stamp.slot : -1;
  order.arguments = command.arguments;
  if (command.takes == Command::Script::last_argument) order.arguments.push_back(script);
  for (const auto& [name, value] : context.environment) order.environment.push_back(name + "=" + value);
  if (context.durable) order.environment.push_back(attempt_mark(context.stamp.nonce));
  order.cwd = context.cwd;
  order.deadline = monotonic_deadline(context);
  order.grace = nanoseconds(std::max<Duration>(context.grace, 0s));
  order.background_allowed = context.background_allowed;
  return order;
}

// By pid only where pid and start time still name the same process; by pidfd, so that it stays the same.
void signal_process(const ProcessIdentity& process, int number) {
  const Descriptor pidfd(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
  if (pidfd && identity_of_process(static_cast<pid_t>(process.pid)) == process)
    ::syscall(SYS_pidfd_send_signal, pidfd.get(), number, nullptr, 0U);
}

// What a supervisor takes as "end it" and as "kill it".
int signal_of(CancelReason reason) { return reason == CancelReason::kill ? SIGQUIT : SIGTERM; }

AttemptResult not_begun(Outcome outcome, std::string remark, Instant now) {
  AttemptResult result;
  result.outcome = outcome;
  result.remark = std::move(remark);
  result.started = result.ended = now;
  return result;
}

// Common to both: one report, never inside the call that asked, nothing after the attempt is let go.
class Supervised : public ActiveAttempt {
 public:
  explicit Supervised(AttemptContext context) : context_(std::move(context)) {}
  void go_on() override {}  // it never reports Progress

 protected:
  void report(Report what) {
    if (reported_) return;
    reported_ = true;
    const auto tell = context_.report;  // it may destroy this
    tell(std::move(what));
  }
  void report_soon(Report what) {
    later([this, kept = std::make_shared<Report>(std::move(what))] { report(std::move(*kept)); });
  }
  void later(Task task) { timer_ = context_.loop.at(context_.loop.now(), std::move(task)); }
  bool reported() const { return reported_; }

  AttemptContext context_;
  Timer timer_;
  std::unique_ptr<Child> child_;

 private:
  bool reported_ = false;
};

class DurableAttempt final : public Supervised {
 public:
  DurableAttempt(AttemptContext context, std::optional<Command> command, int supervisor, const SupervisedKind& kind)
      : Supervised(std::move(context)),
        supervisor_(supervisor),
        kind_(kind),
        command_(std::move(command)) {}

  void start() {
    auto started = launch();
    if (!started) report_soon(not_begun(Outcome::not_started, started.error(), context_.loop.now()));
  }

  void recover() {
    later([this] { judge(); });
  }

  void cancel(CancelReason reason) override {
    if (reported()) return;
    cancelling_ = signal_of(reason);
    if (child_) child_->signal(*cancelling_);
    else signal_the_claimant();
  }

 private:
  Result<void, Failure> launch() {
    auto opened = open_beneath(context_.directory, attempts_file, O_RDWR);
    auto out = open_beneath(context_.directory, attempt_file(context_, "out"), O_RDWR);
    auto err = open_beneath(context_.directory, attempt_file(context_, "err"), O_RDWR);
    for (const auto* file : {&opened, &out, &err})
      if (!*file) return failure(file->error());
    // A fresh description, locked before the supervisor exists and handed over to it: never a moment without a holder.
    if (try_lock_byte(opened->get(), context_.stamp.slot) != LockState::free)
      return failure(Failure("its slot is in use by another supervisor"));
    auto order = order_for(context_, *command_, context_.directory_path + "/" + attempt_file(context_, "sh"));
    order.attempts = opened->get();
    order.out = out->get();
    order.err = err->get();
    ChildSpec spec;
    spec.handed_over = {order.attempts, order.out, order.err};
    Descriptor program, input;
    if (command_->is_ours) {
      auto self = open_file("/proc/self/exe", O_RDONLY);
      if (!self) return failure(self.error());
      program = std::move(*self);
      order.program = program.get();
      spec.handed_over.push_back(order.program);
    }
    if (!command_->input.empty()) {
      auto text = sealed(command_->input);
      if (!text) return failure(text.error());
      input = std::move(*text);
      order.input = input.get();
      spec.handed_over.push_back(order.input);
    }
    auto memory = sealed(encode(order));
    if (!memory) return failure(memory.error());
    spec.executable = supervisor_;
    spec.arguments = {"runbook-supervisor", context_.run + "/" + attempt_file(context_, "sh")};
    spec.standard_input = memory->get();
    auto child = context_.loop.start(spec, [this](ExitStatus status) { supervisor_ended(status); });
    if (!child) return failure(child.error());
    child_ = std::move(*child);
    return {};
  }

  void supervisor_ended(ExitStatus status) {
    child_.reset();
    if (status.exited && status.code == static_cast<int>(SupervisorExit::claim_failed))
      return report(not_begun(Outcome::not_started, "the attempt could not be recorded on disk", context_.loop.now()));
    judge();
  }

  // The one question after anything: what became of it?
  void judge() {
    auto found = gather(context_, command_);
    const auto now = context_.loop.now();
    switch (verdict(found.evidence)) {
      case Verdict::attached: return wait_for(found);
      case Verdict::adopt: return report(kind_.report_of(context_, *found.slot.exit, found.out, found.err));
      case Verdict::output_lost: {
        const auto& exit = *found.slot.exit;
        return report(InDoubt{fmt::format("it ended ({} {}), but its output on disk is not what was recorded",
                                          exit.ending == Ending::exited ? "exit" : "signal", exit.code),
                              {}});
      }
      case Verdict::supervisor_died: return sweep(found);
      case Verdict::restarted: return unless_idle("it was under way when the machine or the container stopped");
      case Verdict::never_started: return report(not_begun(Outcome::not_started, "it had not begun", now));
      case Verdict::damaged:
        return report(InDoubt{"its files are missing, foreign or copied from another place; it is not started again", {}});
    }
  }

  // Nothing of it lives; what it did nobody recorded.
  void unless_idle(std::string doubt) {
    if (kind_.may_have_begun(context_)) return report(InDoubt{std::move(doubt), {}});
    report(not_begun(Outcome::not_started, "it had not begun", context_.loop.now()));
  }

  void wait_for(const Found& found) {
    claimant_ = found.evidence.same_world && found.slot.claim ? std::optional(found.slot.claim->supervisor) : std::nullopt;
    if (context_.loop.now() > context_.deadline + context_.grace + held_too_long)
      return report(InDoubt{
          fmt::format("still running, long past its deadline{}", claimant_ ? fmt::format(": supervisor {}", claimant_->pid) : ""),
          {}});
    signal_the_claimant();
    timer_ = context_.loop.at(context_.loop.now() + look_again, [this] { judge(); });
  }

  void signal_the_claimant() {
    if (!claimant_ || signalled_ == cancelling_) return;
    signal_process(*claimant_, *cancelling_);
    signalled_ = cancelling_;
  }

  void sweep(const Found& found) {
    const auto leader = found.slot.leader && found.slot.leader->name.nonce == context_.stamp.nonce
                            ? std::optional(found.slot.leader->process)
                            : std::nullopt;
    sweep_ =
        std::make_unique<Sweep>(context_.loop, attempt_mark(context_.stamp.nonce), leader, [this](const std::string& living) {
          if (!living.empty()) return report(InDoubt{"its supervisor died while it was under way; still alive: " + living, {}});
          unless_idle("its supervisor died while it was under way; what it had left running was killed");
        });
  }

  int supervisor_;
  const SupervisedKind& kind_;
  std::optional<Command> command_;
  std::optional<ProcessIdentity> claimant_;
  std::optional<int> cancelling_, signalled_;  // the signal: what was asked for, what the claimant was told
  std::unique_ptr<Sweep> sweep_;
};

class LightAttempt final : public Supervised {
 public:
  LightAttempt(AttemptContext context, Command command, int supervisor, const SupervisedKind& kind)
      : Supervised(std::move(context)),
        command_(std::move(command)),
        supervisor_(supervisor),
        kind_(kind) {}
  ~LightAttempt() override { files_.remove_script(); }  // and the leash goes: whatever still runs is killed

  void start() {
    auto started = launch();
    if (!started) report_soon(not_begun(Outcome::not_started, started.error(), context_.loop.now()));
  }

  void cancel(CancelReason reason) override {
    if (child_) child_->signal(signal_of(reason));
  }

 private:
  Result<void, Failure> launch() {
    auto made = make_light_files(context_, command_);
    if (!made) return failure(made.error());
    files_ = std::move(*made);
    auto order = order_for(context_, command_, files_.script);
    order.out = files_.out.get();
    order.err = files_.err.get();
    order.record = files_.record_write.get();
    order.leash = files_.leash_read.get();
    auto memory = sealed(encode(order));
    if (!memory) return failure(memory.error());
    ChildSpec spec;
    spec.executable = supervisor_;
    spec.arguments = {"runbook-supervisor", context_.run + "/" + context_.step};
    spec.standard_input = memory->get();
    spec.handed_over = {order.out, order.err, order.record, order.leash};
    auto child = context_.loop.start(spec, [this](ExitStatus) { supervisor_ended(); });
    if (!child) return failure(child.error());
    child_ = std::move(*child);
    files_.record_write = Descriptor();
    files_.leash_read = Descriptor();
    return {};
  }

  void supervisor_ended() {
    child_.reset();
    files_.remove_script();
    Block block{};
    const auto size = ::read(files_.record.get(), block.data(), block.size());
    const auto record = size == static_cast<ssize_t>(block.size()) ? decode_exit(block) : std::nullopt;
    if (!record) return report(not_begun(Outcome::not_started, "its supervisor died", context_.loop.now()));
    auto out = read_stream(files_.out.get(), record->out), err = read_stream(files_.err.get(), record->err);
    report(kind_.report_of(context_, *record, out, err));
  }

  Command command_;
  int supervisor_;
  const SupervisedKind& kind_;
  LightFiles files_;
};

// What cannot run and says so.
class Refused final : public Supervised {
 public:
  Refused(AttemptContext context, Outcome outcome, std::string why) : Supervised(std::move(context)) {
    report_soon(not_begun(outcome, std::move(why), context_.loop.now()));
  }
  void cancel(CancelReason) override {}
};

class SupervisedExecutor final : public Executor {
 public:
  SupervisedExecutor(int supervisor, const SupervisedKind& kind) : supervisor_(supervisor), kind_(kind) {}

  Result<Stamp, Failure> prepare(const AttemptContext& context) override {
    const auto command = kind_.command_of(context);
    if (!command) return failure(command.error());
    auto& next = next_slot_[context.run];
    auto stamp = make_attempt_files(context, *command, next);
    if (stamp) next = stamp->slot + 1;
    return stamp;
  }

  std::unique_ptr<ActiveAttempt> start(AttemptContext context) override {
    auto command = kind_.command_of(context);
    if (!command) return std::make_unique<Refused>(std::move(context), Outcome::could_not_start, command.error());
    if (!context.durable) {
      auto attempt = std::make_unique<LightAttempt>(std::move(context), std::move(*command), supervisor_, kind_);
      attempt->start();
      return attempt;
    }
    auto attempt = std::make_unique<DurableAttempt>(std::move(context), std::move(*command), supervisor_, kind_);
    attempt->start();
    return attempt;
  }

  std::unique_ptr<ActiveAttempt> recover(AttemptContext context) override {
    if (!context.durable)
      return std::make_unique<Refused>(std::move(context), Outcome::not_started, "it only reads, and is done again");
    auto& next = next_slot_[context.run];
    next = std::max(next, context.stamp.slot + 1);
    auto command = kind_.command_of(context);
    auto attempt = std::make_unique<DurableAttempt>(
        std::move(context), command ? std::optional(std::move(*command)) : std::nullopt, supervisor_, kind_);
    attempt->recover();
    return attempt;
  }

 private:
  int supervisor_;
  SupervisedKind kind_;
  std::map<std::string, std::int64_t> next_slot_;  // by run: where to look for a free one
};

}  // namespace

Result<Descriptor, Failure> open_supervisor() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return failure(Failure("cannot find the running program: " + error.message()));
  return open_file((self.parent_path() / "runbook-supervisor").string(), O_RDONLY);
}

std::unique_ptr<Executor> make_supervised_executor(int supervisor, const SupervisedKind& kind) {
  return std::make_unique<SupervisedExecutor>(supervisor, kind);
}

}  // namespace runbook
