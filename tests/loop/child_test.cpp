// Children of the real loop: what they inherit, how their end is told, and what is left of those that could not start.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "loop/loop.h"
#include "loop/spawn.h"

using namespace runbook;
using namespace std::chrono_literals;

namespace {

struct Scratch {
  Descriptor file;
  Scratch() {
    auto opened = open_file("/tmp", O_TMPFILE | O_RDWR);
    REQUIRE(opened);
    file = std::move(*opened);
  }
  std::string text() const {
    ::lseek(file.get(), 0, SEEK_SET);
    return read_all(file.get(), 1 << 20).value();
  }
};

Descriptor program(const char* path) {
  auto opened = open_file(path, O_RDONLY | O_CLOEXEC);
  REQUIRE(opened);
  return std::move(*opened);
}

// bash -c SCRIPT, to its end; its output.
struct Run {
  ExitStatus status;
  std::string output;
};
Run bash(const std::string& script, std::vector<int> handed_over = {}) {
  const auto loop = make_loop();
  const Scratch out;
  const Descriptor executable(::open("/bin/bash", O_PATH | O_CLOEXEC));
  Run run;
  int ends = 0;
  auto child = loop->start({executable.get(),
                            {"bash", "-c", script},
                            {"PATH=/usr/bin:/bin", "GIVEN=yes"},
                            -1,
                            out.file.get(),
                            out.file.get(),
                            handed_over},
                           [&](ExitStatus status) {
                             run.status = status;
                             ++ends;
                           });
  REQUIRE(child);
  CHECK(ends == 0);
  loop->run();
  CHECK(ends == 1);
  (*child)->signal(SIGKILL);  // nothing: it has ended
  run.output = out.text();
  return run;
}

bool no_children_left() { return ::waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }

}  // namespace

TEST_CASE("a child's end is told as it was") {
  struct Case {
    const char* script;
    bool exited;
    int code, signal;
  };
  const auto c = GENERATE(values<Case>({{"exit 0", true, 0, 0},
                                        {"exit 9", true, 9, 0},
                                        {"exit 255", true, 255, 0},
                                        {"kill -9 $$", false, 0, 9},
                                        {"kill -TERM $$", false, 0, 15}}));
  const Run run = bash(c.script);
  CHECK(run.status.exited == c.exited);
  CHECK(run.status.code == c.code);
  CHECK(run.status.signal == c.signal);
  CHECK(no_children_left());
}

TEST_CASE("a child has its own session, default signals, an empty mask and exactly its environment") {
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGUSR2, SIG_IGN);
  sigset_t some, before;
  ::sigemptyset(&some);
  ::sigaddset(&some, SIGUSR1);
  ::sigaddset(&some, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &some, &before);
  const Run run = bash(
      "grep -E '^Sig(Blk|Ign)' /proc/self/status | tr -s '\\t\\n' ' '; ps -o sid= -p $$ | tr -d ' ' | grep -qx $$ && echo session; env | grep GIVEN; env | grep -c HOME");
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::signal(SIGUSR2, SIG_DFL);
  CHECK(run.output == "SigBlk: 0000000000000000 SigIgn: 0000000000000000 session\nGIVEN=yes\n0\n");
}

TEST_CASE("only what is handed over stays open, with its number; ours stays close-on-exec") {
  const Descriptor leak(::open("/etc/hostname", O_RDONLY));  // not close-on-exec
  const Descriptor lock(::open("/etc/passwd", O_RDONLY | O_CLOEXEC));
  const Run run = bash("cd /proc/$$/fd; for f in *; do [ $f -gt 2 ] && [ $f -ne 255 ] && readlink $f; done; readlink " +
                           std::to_string(lock.get()) + "; readlink 0; true",
                       {lock.get()});
  CHECK(run.output == "/etc/passwd\n/etc/passwd\n/dev/null\n");
  CHECK((::fcntl(lock.get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("standard descriptors may cross") {
  const auto loop = make_loop();
  const Descriptor executable(::open("/bin/bash", O_PATH | O_CLOEXEC));
  const Scratch out;
  const int saved_output = ::fcntl(1, F_DUPFD_CLOEXEC, 10);
  ::dup2(out.file.get(), 1);  // the child's stderr is our 1, its stdout our 2's duplicate
  ExitStatus status;
  auto child = loop->start({executable.get(), {"bash", "-c", "echo to-stderr >&2"}, {}, -1, out.file.get(), 1, {}},
                           [&](ExitStatus s) { status = s; });
  ::dup2(saved_output, 1);
  ::close(saved_output);
  REQUIRE(child);
  loop->run();
  CHECK(status.exited);
  CHECK(out.text() == "to-stderr\n");
}

TEST_CASE("what cannot be executed is a sentence, leaves no zombie and calls nobody") {
  const auto loop = make_loop();
  const Descriptor no_program = program("/etc/passwd");
  const auto child =
      loop->start({no_program.get(), {"passwd"}, {}, -1, -1, -1, {}}, [](ExitStatus) { FAIL("ended was called"); });
  REQUIRE_FALSE(child);
  CHECK(child.error() == "cannot start passwd: Permission denied");
  CHECK_FALSE(loop->start({-1, {"none"}, {}, -1, -1, -1, {}}, [](ExitStatus) {}));
  loop->run();
  CHECK(no_children_left());
}

TEST_CASE("a program that was replaced after it was opened still runs as it was") {
  char path[] = "/tmp/runbook-exec-XXXXXX";
  { const Descriptor made(::mkstemp(path)); }
  REQUIRE(::system((std::string("cp /bin/echo ") + path + " && chmod +x " + path).c_str()) == 0);
  const Descriptor executable(::open(path, O_PATH | O_CLOEXEC));
  ::unlink(path);
  const auto loop = make_loop();
  const Scratch out;
  auto child = loop->start({executable.get(), {"echo", "still here"}, {}, -1, out.file.get(), -1, {}}, [](ExitStatus) {});
  REQUIRE(child);
  loop->run();
  CHECK(out.text() == "still here\n");
}

TEST_CASE("a child is signalled through its handle, and dropping the handle lets it live") {
  const auto loop = make_loop();
  const Descriptor executable(::open("/bin/sleep", O_PATH | O_CLOEXEC));
  ExitStatus status;
  auto killed = loop->start({executable.get(), {"sleep", "60"}, {}, -1, -1, -1, {}}, [&](ExitStatus s) { status = s; });
  REQUIRE(killed);
  const Timer timer = loop->at(loop->now() + 20ms, [&] { (*killed)->signal(SIGTERM); });
  loop->run();
  CHECK(status.signal == SIGTERM);

  auto dropped =
      loop->start({executable.get(), {"sleep", "60"}, {}, -1, -1, -1, {}}, [](ExitStatus) { FAIL("told after the drop"); });
  REQUIRE(dropped);
  const int pid = (*dropped)->pid();
  dropped->reset();
  loop->run();
  CHECK(::kill(pid, 0) == 0);
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
}

TEST_CASE("two hundred children at once all end, each told once") {
  const auto loop = make_loop();
  const Descriptor executable(::open("/bin/true", O_PATH | O_CLOEXEC));
  std::vector<std::unique_ptr<Child>> children;
  int ended = 0;
  for (int i = 0; i < 200; ++i) {
    auto child =
        loop->start({executable.get(), {"true"}, {}, -1, -1, -1, {}}, [&](ExitStatus s) { ended += s.exited && s.code == 0; });
    REQUIRE(child);
    children.push_back(std::move(*child));
  }
  loop->run();
  CHECK(ended == 200);
  CHECK(no_children_left());
}

TEST_CASE("a child that still runs is not taken for one that has ended") {
  const Descriptor sleep = program("/bin/sleep");
  ChildSpec spec;
  spec.executable = sleep.get();
  spec.arguments = {"sleep", "60"};
  const auto spawned = spawn(spec);
  REQUIRE(spawned);
  CHECK(!reap(spawned->pidfd));
  ::fcntl(spawned->pidfd.get(), F_SETFL, O_NONBLOCK);  // as the loop's reactor leaves it
  CHECK(!reap(spawned->pidfd));
  ::kill(spawned->pid, SIGKILL);
  std::optional<ExitStatus> status;
  while (!status) status = reap(spawned->pidfd);
  CHECK(status->signal == SIGKILL);
}
