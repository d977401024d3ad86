// What an engine that comes afterwards believes of an attempt's files, and whom it signals.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "action/shell.h"
#include "action/supervised.h"
#include "base/byte_lock.h"
#include "supervisor/process_table.h"
#include "supervisor/slot_file.h"

using namespace runbook;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

// A shell attempt in a run's folder of its own, without an engine.
class ShellAttempt {
 public:
  explicit ShellAttempt(const std::string& script)
      : supervisor_(open_file(RUNBOOK_BINARY_DIR "/runbook-supervisor", O_RDONLY).value()),
        executor_(make_shell_executor(supervisor_.get())),
        script_(script) {
    char folder[] = "/tmp/runbook-attempt-XXXXXX";
    REQUIRE(::mkdtemp(folder) != nullptr);
    path_ = folder;
    directory_ = Descriptor(::open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    const auto loop = make_loop();
    stamp = executor_->prepare(context(*loop)).value();
  }
  ShellAttempt(const ShellAttempt&) = delete;
  ShellAttempt& operator=(const ShellAttempt&) = delete;
  ~ShellAttempt() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  Report start() {
    return drive([this](AttemptContext made) { return executor_->start(std::move(made)); }, {});
  }
  // As an engine that has read this stamp; a cancellation was on record.
  Report recover(std::optional<CancelReason> cancelled = {}, const std::function<void()>& meanwhile = {}) {
    return drive(
        [&](AttemptContext made) {
          auto attempt = executor_->recover(std::move(made));
          if (cancelled) attempt->cancel(*cancelled);
          return attempt;
        },
        meanwhile);
  }

  std::string text_of(const std::string& file) const {
    std::ifstream in(path_ + "/" + file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& file, const std::string& text) const { std::ofstream(path_ + "/" + file) << text; }
  Descriptor attempts() const { return open_beneath(directory_.get(), attempts_file, O_RDWR).value(); }
  void write(const Block& block, BlockKind kind) const {
    REQUIRE(::pwrite(attempts().get(), block.data(), block.size(), block_offset(stamp.slot, kind)) ==
            static_cast<ssize_t>(block.size()));
  }
  // Goes on in a copy of its folder, as after `cp -a` of a state directory.
  void go_to_copy() {
    const std::string copy = path_ + "-copy";
    std::filesystem::copy(path_, copy, std::filesystem::copy_options::recursive);
    std::filesystem::remove_all(path_);
    path_ = copy;
    directory_ = Descriptor(::open(copy.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  AttemptName name() const { return {stamp.nonce, "k7f3m", "step", 0, 1}; }

  Stamp stamp;

 private:
  AttemptContext context(Loop& loop) {
    AttemptContext out(loop);
    out.run = "k7f3m";
    out.step = "step";
    out.k = 1;
    out.fields = {{"script", script_}};
    out.environment = {{"PATH", "/usr/bin:/bin"}};
    out.cwd = path_;
    out.deadline = loop.now() + 60s;
    out.directory = directory_.get();
    out.directory_path = path_;
    out.stamp = stamp;
    return out;
  }
  Report drive(const std::function<std::unique_ptr<ActiveAttempt>(AttemptContext)>& begin,
               const std::function<void()>& meanwhile) {
    const auto loop = make_loop();
    std::optional<Report> end;
    AttemptContext made = context(*loop);
    made.report = [&](Report report) {
      end = std::move(report);
      loop->stop();
    };
    const auto attempt = begin(std::move(made));
    Timer soon;
    if (meanwhile) soon = loop->at(loop->now() + 200ms, meanwhile);
    loop->run();
    REQUIRE(end.has_value());
    return *end;
  }

  Descriptor supervisor_, directory_;
  std::unique_ptr<Executor> executor_;
  std::string script_, path_;
};

const AttemptResult* result_of(const Report& report) { return std::get_if<AttemptResult>(&report); }
std::string doubt_of(const Report& report) {
  const auto* doubt = std::get_if<InDoubt>(&report);
  return doubt == nullptr ? "no doubt" : doubt->evidence;
}

// A process that has nothing to do with any attempt, in a group of its own.
class Bystander {
 public:
  Bystander() : pid_(::fork()) {
    if (pid_ == 0) {
      ::setpgid(0, 0);
      ::execlp("sleep", "sleep", "60", static_cast<char*>(nullptr));
      ::_exit(127);
    }
    ::setpgid(pid_, pid_);
  }
  Bystander(const Bystander&) = delete;
  Bystander& operator=(const Bystander&) = delete;
  ~Bystander() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  bool lives() const {
    ::usleep(50'000);
    return ::waitpid(pid_, nullptr, WNOHANG) == 0;
  }
  // Its pid, when somebody else had it.
  ProcessIdentity earlier_owner() const {
    auto identity = identity_of_process(pid_).value();
    --identity.start;
    return identity;
  }

 private:
  pid_t pid_;
};

}  // namespace

TEST_CASE("what an attempt left is adopted as often as it is looked at, and only as it was recorded") {
  ShellAttempt attempt("echo right");
  REQUIRE(result_of(attempt.start()) != nullptr);
  for (int i = 0; i < 2; ++i) {
    const auto report = attempt.recover();
    REQUIRE(result_of(report) != nullptr);
    CHECK_THAT(to_text(result_of(report)->result.at("stdout")), Contains("right"));
  }
  attempt.write("0000.1.out", "wrong\n");
  CHECK_THAT(doubt_of(attempt.recover()), Contains("its output on disk is not what was recorded"));
}

TEST_CASE("files of another attempt are not taken for this one's") {
  ShellAttempt attempt("echo right");
  REQUIRE(result_of(attempt.start()) != nullptr);
  // The script fits, claim and exit are of another: only their nonce tells.
  const std::string old = attempt.stamp.nonce;
  attempt.stamp.nonce = std::string(old.find('-'), '0') + old.substr(old.find('-'));
  std::string script = attempt.text_of("0000.1.sh");
  REQUIRE(script.find(old) != std::string::npos);
  script.replace(script.find(old), old.size(), attempt.stamp.nonce);
  attempt.write("0000.1.sh", script);
  CHECK_THAT(doubt_of(attempt.recover()), Contains("foreign"));

  ShellAttempt never_begun("touch begun");
  never_begun.write("0000.1.sh", "touch begun\n");  // not the one that was prepared
  CHECK_THAT(doubt_of(never_begun.recover()), Contains("foreign"));
}

TEST_CASE("an attempt in a copied directory, or of before a restart, is in doubt and never launched") {
  ShellAttempt attempt("echo right");
  SECTION("copied before it began") {
    attempt.go_to_copy();
    CHECK_THAT(doubt_of(attempt.recover()), Contains("copied"));
  }
  SECTION("copied after its end") {
    REQUIRE(result_of(attempt.start()) != nullptr);
    attempt.go_to_copy();
    CHECK_THAT(doubt_of(attempt.recover()), Contains("copied"));
  }
  SECTION("claimed before a restart") {
    attempt.stamp.world = "another";
    attempt.write(encode(Claim{attempt.name(), "another", {1, 1}, 0}), BlockKind::claim);
    CHECK_THAT(doubt_of(attempt.recover()), Contains("when the machine or the container stopped"));
  }
}

TEST_CASE("a pid that somebody else has meanwhile is neither signalled nor swept") {
  ShellAttempt attempt("sleep 60");
  const Bystander bystander;
  attempt.write(encode(Claim{attempt.name(), attempt.stamp.world, bystander.earlier_owner(), 0}), BlockKind::claim);
  attempt.write(encode(Leader{attempt.name(), bystander.earlier_owner()}), BlockKind::leader);
  SECTION("as the supervisor that holds the lock") {
    Descriptor lock = attempt.attempts();
    REQUIRE(try_lock_byte(lock.get(), attempt.stamp.slot) == LockState::free);
    const auto report = attempt.recover(CancelReason::kill, [&] { lock = Descriptor(); });
    CHECK_THAT(doubt_of(report), Contains("supervisor died"));
  }
  SECTION("as the leader that a dead supervisor left") { CHECK_THAT(doubt_of(attempt.recover()), Contains("supervisor died")); }
  CHECK(bystander.lives());
}
