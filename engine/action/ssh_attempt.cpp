#include "action/ssh_attempt.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include "action/attempt_files.h"
#include "action/supervised_result.h"
#include "base/digest.h"
#include "supervisor/remains.h"

namespace runbook {
namespace {

using namespace std::chrono_literals;

constexpr Duration look_again = 1s;    // after the host could not start it
constexpr Duration answer_time = 30s;  // past the deadline and the grace, until a reached host's silence is doubtful

std::int64_t nanoseconds(Duration d) { return std::chrono::duration_cast<std::chrono::nanoseconds>(d).count(); }
int signal_of(CancelReason reason) { return reason == CancelReason::kill ? SIGQUIT : SIGTERM; }

std::string text_of(const Record& record, std::string_view key) {
  const auto found = record.find(key);
  return found == record.end() ? "" : to_text(found->second);
}

std::optional<ExitRecord> record_of(const host::Found& found) {
  Block block{};
  if (found.record.size() != block.size()) return std::nullopt;
  std::copy(found.record.begin(), found.record.end(), block.begin());
  return decode_exit(block);
}

// Common to both: one report, and a place on the link as long as it is not given.
class Remote : public ActiveAttempt, protected SshLink::Party {
 public:
  Remote(AttemptContext context, RemoteCommand command, SshLink& link, std::string nonce)
      : context_(std::move(context)),
        command_(std::move(command)),
        link_(link),
        nonce_(std::move(nonce)) {
    link_.join(nonce_, *this);
  }
  Remote(const Remote&) = delete;
  Remote& operator=(const Remote&) = delete;
  ~Remote() override { link_.leave(nonce_); }

 protected:
  void report(Report what) {
    if (std::exchange(reported_, true)) return;
    timer_.reset();
    context_.report(std::move(what));
  }
  // Later, for a call that must not be answered at once.
  void report_soon(Report what) {
    timer_ = context_.loop.at(context_.loop.now(),
                              [this, kept = std::make_shared<Report>(std::move(what))] { report(std::move(*kept)); });
  }
  bool reported() const { return reported_; }
  AttemptResult nothing_done(Outcome outcome, std::string remark) const {
    AttemptResult result;
    result.outcome = outcome;
    result.remark = std::move(remark);
    result.started = begun_;
    result.ended = context_.loop.now();
    result.unchanged = true;
    return result;
  }
  std::string host() const { return in_words(link_.target()); }
  Order order(Instant deadline) const {
    Order out;
    out.name = attempt_name(context_);
    out.name.nonce = nonce_;
    out.arguments = command_.arguments;
    for (const auto& [name, value] : context_.own_environment) out.environment.push_back(name + "=" + value);
    out.cwd = context_.own_cwd;
    out.deadline = link_.host_clock(deadline);
    out.grace = nanoseconds(std::max<Duration>(context_.grace, 0s));
    out.background_allowed = context_.background_allowed;
    return out;
  }

  AttemptContext context_;
  RemoteCommand command_;
  SshLink& link_;
  std::string nonce_;
  Instant begun_ = context_.loop.now();
  Timer timer_;
  std::string why_;  // it is not reached; empty: it is, or nothing is known yet

 private:
  bool reported_ = false;
};

// placing   its files are made there; nothing can have begun
// placed    they are there; once that is committed it may be launched
// launched  from here on only the host can tell what became of it, however often the link or the engine dies
enum class Phase { placing, placed, launched };

class DurableRemote final : public Remote {
 public:
  DurableRemote(AttemptContext context, RemoteCommand command, SshLink& link, const std::string& nonce, Begun begun)
      : Remote(std::move(context), std::move(command), link, nonce),
        facts_(context_.progress),
        phase_(facts_.contains("identity") ? Phase::launched : Phase::placing),
        deadline_(context_.deadline) {
    facts_.erase("unreachable");
    was_told_ = context_.progress.contains("unreachable");
    // The time that went by without it is not its own either.
    if (phase_ == Phase::placing && begun == Begun::by_an_earlier_engine)
      waited_ = std::max<Duration>(begun_ - (deadline_ - context_.timeout), 0s);
    wait_for_host();
  }

  void go_on() override {
    if (--uncommitted_ > 0 || phase_ != Phase::placed || reported()) return;
    phase_ = Phase::launched;
    launch();
  }

  void cancel(CancelReason reason) override {
    if (reported()) return;
    // The time that it waits for its host is not the command's: it has a limit of its own.
    if (phase_ != Phase::launched && reason == CancelReason::timeout && !link_.is_up()) return;
    cancelling_ = reason;
    if (phase_ != Phase::launched)
      return report_soon(nothing_done(reason == CancelReason::timeout ? Outcome::timed_out : Outcome::cancelled, not_begun()));
    if (link_.is_up()) link_.say(host::Signal{nonce_, signal_of(reason)});
    else if (reason == CancelReason::kill && !why_.empty())
      report_soon(InDoubt{fmt::format("it was to be killed, and {} cannot be reached: {}", host(), why_), {}});
  }

 private:
  void reached() override {
    if (reported()) return;
    timer_.reset();
    waited_ += lost_at_ ? context_.loop.now() - *lost_at_ : Duration{};
    lost_at_.reset();
    why_.clear();
    // While it is being placed, what is committed then tells it, and gives the step its time back with it.
    if (phase_ != Phase::placing && std::exchange(was_told_, false)) progress();
    switch (phase_) {
      case Phase::placing: link_.say(host::Place{name(), script_text(as_command(), nonce_)}); break;
      case Phase::placed: break;
      case Phase::launched: look(); break;
    }
  }

  void lost(const SshEnd& end) override {
    if (reported()) return;
    why_ = end.why;
    if (end.kind == SshEnd::Kind::refused && phase_ != Phase::launched)
      return report(nothing_done(Outcome::could_not_start, fmt::format("{}: {}", host(), why_)));
    if (cancelling_ == CancelReason::kill)
      return report(InDoubt{fmt::format("it was to be killed, and {} cannot be reached: {}", host(), why_), {}});
    if (!lost_at_) wait_for_host();
    if (std::exchange(was_told_, true)) return;
    auto told = facts_;
    told["unreachable"] = fmt::format("{}: {}", host(), why_);
    report_progress(std::move(told));
  }

  void hear(const host::FromHost& message) override {
    if (reported()) return;
    if (const auto* placed = std::get_if<host::Placed>(&message)) take(*placed);
    else if (const auto* refused = std::get_if<host::Refused>(&message)) take(*refused);
    else if (const auto* found = std::get_if<host::Found>(&message)) judge(*found);
  }

  void take(const host::Placed& placed) {
    if (phase_ != Phase::placing) return;
    phase_ = Phase::placed;
    was_told_ = false;
    deadline_ += waited_;
    facts_["host"] = host();
    facts_["identity"] = placed.identity;
    facts_["world"] = link_.world();
    facts_["deadline"] = std::int64_t{deadline_.time_since_epoch().count()};
    progress();
  }

  void take(const host::Refused& refused) {
    if (phase_ == Phase::placing)
      return report(nothing_done(Outcome::could_not_start, fmt::format("{}: {}", host(), refused.why)));
    // No process could be made there, or the like. The files lie there, and what was said may be said again.
    if (context_.loop.now() > deadline_ + context_.grace + answer_time)
      return report(InDoubt{fmt::format("{} could not start it: {}", host(), refused.why), {}});
    timer_ = context_.loop.at(context_.loop.now() + look_again, [this] { look(); });
  }

  void launch() {
    if (!link_.is_up()) return;  // when it is reached again, it is looked at first
    host::Launch out;
    // Also what is not to run any more is launched, with a deadline that has passed: that uses its claim up, and a launch
    // still on its way on an older connection finds nothing to start.
    out.order = order(cancelling_ ? Instant{} : deadline_);
    out.order.slot = 0;
    out.order.world = text_of(facts_, "world");
    out.order.environment.push_back(attempt_mark(nonce_));
    out.identity = text_of(facts_, "identity");
    link_.say(out);
    expect_end();
  }

  void look() {
    link_.say(host::Look{name(), text_of(facts_, "identity"), text_of(facts_, "world")});
    if (cancelling_) link_.say(host::Signal{nonce_, signal_of(*cancelling_)});
    expect_end();
  }

  // The supervisor there keeps the deadline; this is for one that hangs.
  void expect_end() {
    const auto end = std::max(deadline_ + context_.grace, context_.loop.now()) + answer_time;
    timer_ = context_.loop.at(end, [this] {
      report(InDoubt{fmt::format("still running on {}, long past its deadline", host()), {}});
    });
  }

  void judge(const host::Found& found) {
    const auto record = record_of(found);
    Evidence evidence{Lock::free, found.claim, found.exit, Output::matches, found.files, found.same_world};
    KeptStream out, err;
    if (record) {
      out = kept_stream(found.out, record->out);
      err = kept_stream(found.err, record->err);
      if (!out.matches || !err.matches) evidence.output = Output::differs;
    }
    if (found.supervisor_exit == static_cast<int>(SupervisorExit::claim_failed))
      return report(nothing_done(Outcome::not_started, fmt::format("the attempt could not be recorded on {}", host())));
    switch (verdict(evidence)) {
      case Verdict::adopt: return adopt(*record, out, err);
      case Verdict::never_started: return launch();
      case Verdict::output_lost:
        return report(InDoubt{fmt::format("it ended ({} {}), but its output on disk is not what was recorded",
                                          record->ending == Ending::exited ? "exit" : "signal", record->code),
                              {}});
      case Verdict::supervisor_died:
        return report(InDoubt{found.living.empty()
                                  ? "its supervisor died while it was under way; what it had left running was killed"
                                  : "its supervisor died while it was under way; still alive: " + found.living,
                              {}});
      case Verdict::restarted: return report(InDoubt{"it was under way when the machine or the container stopped", {}});
      case Verdict::attached:
      case Verdict::damaged:
        return report(InDoubt{"its files are missing, foreign or copied from another place; it is not started again", {}});
    }
  }

  void adopt(const ExitRecord& record, const KeptStream& out, const KeptStream& err) {
    // Stopped, or found by nobody until its time was over: the claim is used up, and nothing was done.
    if (record.ending == Ending::never_ran && record.by == EndedBy::deadline) {
      const bool stopped = cancelling_ && *cancelling_ != CancelReason::timeout;
      return report(nothing_done(stopped ? Outcome::cancelled : Outcome::not_started, "it had not begun"));
    }
    // Copies for `logs`; what counts lies there.
    if (!out.bytes.empty()) keep_copy("out", out.bytes);
    if (!err.bytes.empty()) keep_copy("err", err.bytes);
    auto what = report_of(record, out, err);
    if (auto* result = std::get_if<AttemptResult>(&what)) result->facts["host"] = host();
    report(std::move(what));
  }

  void keep_copy(const char* extension, const std::string& bytes) const {
    if (const auto file = open_beneath(context_.directory, attempt_file(context_, extension), O_WRONLY | O_CREAT | O_TRUNC))
      static_cast<void>(write_all(file->get(), bytes));
  }

  void progress() { report_progress(facts_); }
  void report_progress(Record what) {
    ++uncommitted_;
    context_.report(Progress{std::move(what)});
  }

  void wait_for_host() {
    lost_at_ = context_.loop.now();
    timer_ = context_.loop.at(*lost_at_ + command_.unreachable, [this] { give_up(); });
  }

  void give_up() {
    const auto limit = format_duration(command_.unreachable);
    const auto reason = why_.empty() ? "no answer" : why_;
    if (phase_ != Phase::launched)
      return report(nothing_done(Outcome::timed_out, fmt::format("{} could not be reached for {}: {}", host(), limit, reason)));
    report(
        InDoubt{fmt::format("it was under way when the link to {} was lost; not reached for {}: {}", host(), limit, reason), {}});
  }

  std::string not_begun() const {
    return why_.empty() ? "it had not begun" : fmt::format("it had not begun; {} cannot be reached: {}", host(), why_);
  }
  AttemptName name() const {
    auto out = attempt_name(context_);
    out.nonce = nonce_;
    return out;
  }
  Command as_command() const {
    Command out;
    out.script = command_.script;
    return out;
  }

  Record facts_;  // what a later engine has to know; committed before the launch
  Phase phase_ = Phase::placing;
  Instant deadline_;
  Duration waited_{};
  std::optional<Instant> lost_at_;
  bool was_told_ = false;  // that it waits for its host
  int uncommitted_ = 0;
  std::optional<CancelReason> cancelling_;
};

class LightRemote final : public Remote {
 public:
  LightRemote(AttemptContext context, RemoteCommand command, SshLink& link)
      : Remote(std::move(context), std::move(command), link, random_hex(16)) {
    timer_ = context_.loop.at(context_.deadline, [this] { late(); });
  }

  void go_on() override {}
  void cancel(CancelReason reason) override {
    if (reported()) return;
    if (launched_ && link_.is_up()) return link_.say(host::Signal{nonce_, signal_of(reason)});
    report_soon(nothing_done(reason == CancelReason::timeout ? Outcome::timed_out : Outcome::cancelled, why_));
  }

 private:
  void reached() override {
    if (reported()) return;
    why_.clear();
    launched_ = true;
    host::Launch out;
    out.order = order(context_.deadline);
    out.order.slot = -1;
    out.script = command_.script;
    link_.say(out);
  }
  // What it did or did not do there does not matter: it only reads.
  void lost(const SshEnd& end) override {
    if (reported()) return;
    launched_ = false;
    why_ = fmt::format("{}: {}", host(), end.why);
    if (end.kind == SshEnd::Kind::refused) report(nothing_done(Outcome::could_not_start, why_));
  }
  void hear(const host::FromHost& message) override {
    if (reported()) return;
    if (const auto* refused = std::get_if<host::Refused>(&message))
      return report(nothing_done(Outcome::not_started, fmt::format("{}: {}", host(), refused->why)));
    const auto* found = std::get_if<host::Found>(&message);
    if (found == nullptr) return;
    const auto record = record_of(*found);
    if (!record) return report(nothing_done(Outcome::not_started, "its supervisor died"));
    report(report_of(*record, kept_stream(found->out, record->out), kept_stream(found->err, record->err)));
  }
  // The host keeps the deadline; this is for one that is not reached or does not answer.
  void late() {
    const auto end = context_.deadline + context_.grace + 2s;
    if (launched_ && context_.loop.now() < end) timer_ = context_.loop.at(end, [this] { late(); });
    else report(nothing_done(Outcome::timed_out, why_.empty() ? fmt::format("{}: no answer", host()) : why_));
  }

  bool launched_ = false;
};

}  // namespace

std::unique_ptr<ActiveAttempt> start_remote(AttemptContext context, RemoteCommand command, SshLink& link, Begun begun) {
  if (!context.durable) return std::make_unique<LightRemote>(std::move(context), std::move(command), link);
  const auto nonce = context.stamp.nonce;
  return std::make_unique<DurableRemote>(std::move(context), std::move(command), link, nonce, begun);
}

}  // namespace runbook
