// Attempts on another host, where the other host is this one: an `ssh` of the test's own runs what the login shell there would
// get. What is begun when, and what an engine that comes afterwards makes of it. (Real sshd: tests/e2e/ssh_test.cpp.)
#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "action/ssh.h"
#include "action/supervised.h"

using namespace runbook;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

class RemoteAttempt {
 public:
  explicit RemoteAttempt(const std::string& script)
      : supervisor_(open_file(RUNBOOK_BINARY_DIR "/runbook-supervisor", O_RDONLY).value()),
        script_(script) {
    char folder[] = "/tmp/runbook-remote-XXXXXX";
    REQUIRE(::mkdtemp(folder) != nullptr);
    path_ = folder;
    directory_ = Descriptor(::open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    std::ofstream(path_ + "/ssh") << "#!/bin/sh\nfor command; do :; done\nexec /bin/sh -c \"$command\"\n";
    std::filesystem::permissions(path_ + "/ssh", std::filesystem::perms::owner_all);
    ::setenv("PATH", (path_ + ":/usr/bin:/bin").c_str(), 1);
    ::setenv("XDG_STATE_HOME", (path_ + "/there").c_str(), 1);
    const auto loop = make_loop();
    stamp = make_ssh_executor(supervisor_.get())->prepare(context(*loop)).value();
  }
  RemoteAttempt(const RemoteAttempt&) = delete;
  RemoteAttempt& operator=(const RemoteAttempt&) = delete;
  ~RemoteAttempt() {
    ::setenv("PATH", before_.c_str(), 1);
    ::unsetenv("XDG_STATE_HOME");
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  enum class Then { go_on, fall };  // at a progress: it is committed; the engine dies before it is
  enum class As { first, next };    // an engine that begins it; one that finds it on record
  // The last that was reported; a progress is remembered for the next engine.
  Report drive(As engine, Then then, std::optional<CancelReason> cancelled = {}) {
    const auto loop = make_loop();
    const auto executor = make_ssh_executor(supervisor_.get());
    std::optional<Report> last;
    std::unique_ptr<ActiveAttempt> attempt, another;
    AttemptContext made = context(*loop);
    made.progress = progress;
    made.report = [&](Report report) {
      last = std::move(report);
      const auto* told = std::get_if<Progress>(&*last);
      if (told == nullptr) return loop->stop();
      progress = told->what;
      if (progress.contains("unreachable")) FAIL(to_text(progress.at("unreachable")));
      if (then == Then::go_on) loop->post([&] { attempt->go_on(); });
      else another = executor->start(another_command(*loop));
    };
    attempt = engine == As::first ? executor->start(std::move(made)) : executor->recover(std::move(made));
    if (cancelled) attempt->cancel(*cancelled);
    loop->run();
    REQUIRE(last.has_value());
    return *last;
  }
  bool has(const std::string& file) const { return std::filesystem::exists(path_ + "/" + file); }
  std::string text_of(const std::string& file) const {
    std::ifstream in(path_ + "/" + file);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  Stamp stamp;
  Record progress;
  Duration left = 60s;  // until its deadline

 private:
  // What has been said to the host before it has long happened when this has ended.
  AttemptContext another_command(Loop& loop) {
    AttemptContext out = context(loop);
    out.durable = false;
    out.fields["script"] = Value("sleep 0.1");
    out.report = [&loop](const Report&) { loop.stop(); };
    return out;
  }
  AttemptContext context(Loop& loop) {
    AttemptContext out(loop);
    out.run = "k7f3m";
    out.step = "step";
    out.k = 1;
    out.fields = {{"host", Value("here")}, {"script", Value(script_)}};
    out.own_environment = {{"PLACE", path_}};
    out.deadline = loop.now() + left;
    out.timeout = 60s;
    out.directory = directory_.get();
    out.directory_path = path_;
    out.stamp = stamp;
    return out;
  }

  Descriptor supervisor_;
  std::string script_, path_, before_ = std::getenv("PATH");
  Descriptor directory_;
};

constexpr const char* effect = "echo x >> $PLACE/effects; echo said";
using Then = RemoteAttempt::Then;
using As = RemoteAttempt::As;

}  // namespace

TEST_CASE("nothing begins on a host before what a later engine needs is on record; then it begins once") {
  RemoteAttempt attempt(effect);
  CHECK(std::holds_alternative<Progress>(attempt.drive(As::first, Then::fall)));
  CHECK(!attempt.has("effects"));
  for (int times = 0; times < 3; ++times) {
    const auto end = std::get<AttemptResult>(attempt.drive(As::next, Then::go_on));
    CHECK(end.outcome == Outcome::completed);
    CHECK(end.result.at("stdout") == Value("said\n"));
    CHECK(attempt.text_of("effects") == "x\n");
  }
}

TEST_CASE("an attempt whose files are not on record had certainly not begun: it goes on, with all its time") {
  RemoteAttempt attempt(effect);
  for (int times = 0; times < 8; ++times) {
    attempt.drive(As::first, Then::fall);
    attempt.progress.clear();
  }
  attempt.left = -60s;
  CHECK(std::get<AttemptResult>(attempt.drive(As::next, Then::go_on)).outcome == Outcome::completed);
  CHECK(attempt.text_of("effects") == "x\n");
}

TEST_CASE("what is stopped before it begins uses its claim up: no launch that is still under way finds anything to start") {
  RemoteAttempt attempt(effect);
  attempt.drive(As::first, Then::fall);
  const auto stopped = std::get<AttemptResult>(attempt.drive(As::next, Then::go_on, CancelReason::stop));
  CHECK(stopped.unchanged);
  CHECK(stopped.outcome == Outcome::cancelled);
  const auto late = std::get<AttemptResult>(attempt.drive(As::next, Then::go_on));  // says the same launch again
  CHECK(late.unchanged);
  CHECK(!attempt.has("effects"));
}

TEST_CASE("what found no engine until its time was over had not begun, and may begin anew with all its time") {
  RemoteAttempt attempt(effect);
  attempt.drive(As::first, Then::fall);
  attempt.left = -1s;
  const auto cancelled = GENERATE(std::optional<CancelReason>(), std::optional(CancelReason::timeout));
  CHECK(std::get<AttemptResult>(attempt.drive(As::next, Then::go_on, cancelled)).outcome == Outcome::not_started);
  CHECK(!attempt.has("effects"));
}
