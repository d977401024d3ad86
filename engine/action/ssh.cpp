#include "action/ssh.h"

#include <fmt/format.h>
#include <fcntl.h>

#include "action/ssh_attempt.h"
#include "base/digest.h"
#include "base/duration.h"
#include "runbook/keys.h"
#include "supervisor/process_table.h"

namespace runbook {
namespace {

constexpr std::size_t largest_program = 256U << 20U;
constexpr Duration waited_for_host = std::chrono::minutes(10);

Result<RemoteCommand, Failure> command_of(const AttemptContext& context) {
  RemoteCommand out;
  const auto& fields = context.fields;
  out.script = to_text(fields.at("script"));
  const auto interpreter = fields.find("interpreter");
  out.arguments = words_of(interpreter == fields.end() ? "sh -eu" : to_text(interpreter->second));
  if (out.arguments.empty()) return failure(Failure("`interpreter` is empty"));
  out.unreachable = waited_for_host;
  const auto unreachable = fields.find("unreachable");
  if (unreachable == fields.end()) return out;
  if (const auto* limit = unreachable->second.duration()) {
    out.unreachable = std::chrono::duration_cast<Duration>(*limit);
    return out;
  }
  const auto written = parse_duration(to_text(unreachable->second));  // of an element: `${item.patience}`
  if (!written) return failure(Failure("`unreachable`: " + written.error().en));
  out.unreachable = *written;
  return out;
}

Report nothing_done(const AttemptContext& context, Outcome outcome, std::string why) {
  AttemptResult result;
  result.outcome = outcome;
  result.remark = std::move(why);
  result.started = result.ended = context.loop.now();
  result.unchanged = true;
  return result;
}

// Over before it began.
class Settled final : public ActiveAttempt {
 public:
  Settled(AttemptContext context, Report report) : context_(std::move(context)) {
    timer_ = context_.loop.at(context_.loop.now(), [this, kept = std::move(report)] { context_.report(kept); });
  }
  void go_on() override {}
  void cancel(CancelReason) override {}

 private:
  AttemptContext context_;
  Timer timer_;
};

class SshExecutor final : public Executor {
 public:
  explicit SshExecutor(int supervisor) { program_.descriptor = supervisor; }

  // On disk here is nothing: the files are the host's, made before anything can begin, and then recorded as progress.
  Result<Stamp, Failure> prepare(const AttemptContext& context) override {
    if (auto target = ssh_target(context.fields); !target) return failure(target.error());
    if (auto command = command_of(context); !command) return failure(command.error());
    Stamp stamp;
    stamp.nonce = random_hex(16);
    stamp.world = world();
    return stamp;
  }

  std::unique_ptr<ActiveAttempt> start(AttemptContext context) override {
    auto begun = begin(context, Begun::now);
    if (begun) return std::move(*begun);
    auto report = nothing_done(context, Outcome::could_not_start, begun.error());
    return std::make_unique<Settled>(std::move(context), std::move(report));
  }

  std::unique_ptr<ActiveAttempt> recover(AttemptContext context) override {
    auto begun = begin(context, Begun::by_an_earlier_engine);
    if (begun) return std::move(*begun);
    return std::make_unique<Settled>(std::move(context), InDoubt{begun.error(), {}});
  }

 private:
  Result<std::unique_ptr<ActiveAttempt>, Failure> begin(const AttemptContext& context, Begun when) {
    auto target = ssh_target(context.fields);
    if (!target) return failure(target.error());
    auto command = command_of(context);
    if (!command) return failure(command.error());
    if (auto known = know_program(); !known) return failure(known.error());
    auto& link = links_[*target];
    if (link == nullptr) link = std::make_unique<SshLink>(context.loop, *target, program_);
    return start_remote(context, std::move(*command), *link, when);
  }

  Result<void, Failure> know_program() {
    if (!program_.digest.empty()) return {};
    const auto file = open_file(fmt::format("/proc/self/fd/{}", program_.descriptor), O_RDONLY);
    if (!file) return failure(file.error());
    const auto bytes = read_all(file->get(), largest_program);
    if (!bytes) return failure(bytes.error());
    program_.size = static_cast<std::int64_t>(bytes->size());
    program_.digest = sha256_hex(*bytes).substr(0, 32);
    return {};
  }

  HostProgram program_;
  std::map<SshTarget, std::unique_ptr<SshLink>> links_;
};

}  // namespace

std::unique_ptr<Executor> make_ssh_executor(int supervisor) { return std::make_unique<SshExecutor>(supervisor); }

}  // namespace runbook
