// What only a store on disk promises: other processes, other users, copies, versions, modes.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <algorithm>
#include <fstream>
#include <functional>

#include "store/database.h"
#include "store/schema.h"
#include "tests/store/scratch.h"

using namespace runbook;
using namespace std::chrono_literals;
using Kind = StoreError::Kind;

namespace {

// Runs it in a child that has nothing of ours open but what it opens. 0: it said true.
pid_t in_child(const std::function<bool()>& body) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  int status = 1;
  try {
    status = body() ? 0 : 1;
  } catch (...) {
    status = 2;  // the parent's check shows it
  }
  ::_exit(status);
}
int status_of(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

mode_t mode_of(const std::string& path) {
  struct stat found {};
  REQUIRE(::lstat(path.c_str(), &found) == 0);
  return found.st_mode & 07777;
}

bool readable_soon(int descriptor) {
  pollfd one{descriptor, POLLIN, 0};
  return ::poll(&one, 1, 10'000) == 1;
}

}  // namespace

TEST_CASE("files are ours alone whatever the umask, and requests/ takes from everybody") {
  const Scratch scratch;
  const auto before = ::umask(0);
  const auto store = scratch.open();
  REQUIRE(store->create(new_run("r1"), {}));
  ::umask(before);
  CHECK(mode_of(scratch.state()) == 0711);
  CHECK(mode_of(scratch.state() + "/runs") == 0700);
  CHECK(mode_of(scratch.state() + "/runs/r1") == 0700);
  CHECK(mode_of(scratch.state() + "/requests") == 01733);
  CHECK(mode_of(scratch.state() + "/state.db") == 0600);
  CHECK(mode_of(scratch.state() + "/state.db-w") == 0600);
  CHECK(mode_of(scratch.state() + "/state.db-wal") == 0600);
}

TEST_CASE("a directory that others may write to is refused") {
  const Scratch scratch;
  { const auto store = scratch.open(); }
  REQUIRE(::chmod(scratch.state().c_str(), 0777) == 0);
  const auto refused = open_sqlite_store(scratch.state(), Access::write);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Kind::refused);
  CHECK_THAT(refused.error().what, Catch::Contains("chmod go-w"));
}

TEST_CASE("for reading, a directory that is not there holds no runs and is not made") {
  const Scratch scratch;
  const auto store = scratch.open("sqlite", Access::read);
  CHECK(store->runs().value().empty());
  CHECK_FALSE(std::filesystem::exists(scratch.state()));
}

TEST_CASE("who reads sees what is written, and writes nothing") {
  const Scratch scratch;
  const auto writer = scratch.open();
  REQUIRE(writer->create(new_run("r1"), rows(1, 1)));
  const auto reader = scratch.open("sqlite", Access::read);
  const auto lease = writer->attach(run("r1"));
  REQUIRE(lease);
  REQUIRE(writer->append(*lease, {rows(2, 2), {}, {}, false}));
  CHECK(reader->read(run("r1")).value() == rows(1, 2));
  CHECK(reader->submit(run("r1"), at(0), "x").error().kind == Kind::refused);
  CHECK(reader->attach(run("r1")).error().kind == Kind::refused);
  CHECK(reader->create(new_run("r2"), {}).error().kind == Kind::refused);
}

TEST_CASE("what was appended is there after the process was killed, and nothing half") {
  const Scratch scratch;
  { REQUIRE(scratch.open()->create(new_run("r1", {"db"}), {})); }
  int told[2];
  REQUIRE(::pipe2(told, O_CLOEXEC) == 0);
  const pid_t pid = in_child([&] {
    const auto store = scratch.open();
    const auto lease = store->attach(run("r1"));
    for (std::uint64_t seq = 1;; seq += 2) {
      if (!store->append(*lease, {rows(seq, seq + 1), {}, {}, false})) return false;
      if (::write(told[1], "x", 1) != 1) return false;
    }
  });
  char done[64];
  for (std::size_t heard = 0; heard < 100;) {
    const auto count = ::read(told[0], done, sizeof done);
    REQUIRE(count > 0);
    heard += static_cast<std::size_t>(count);
  }
  ::kill(pid, SIGKILL);
  CHECK(status_of(pid) == 128 + SIGKILL);
  ::close(told[0]);
  ::close(told[1]);
  const auto store = scratch.open();
  const auto found = store->read(run("r1")).value();
  CHECK(found.size() >= 200);
  CHECK(found.size() % 2 == 0);
  CHECK(found == rows(1, found.size()));
  CHECK(store->locks().value().size() == 1);  // the run is open, whoever died
  CHECK(store->create(new_run("r2", {"db"}), {}).error().kind == Kind::lock_taken);
}

TEST_CASE("several processes write at once, each its own run, and nothing is lost") {
  const Scratch scratch;
  { const auto store = scratch.open(); }
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i) {
    children.push_back(in_child([&] {
      const std::string name = "r" + std::to_string(i);
      const auto store = scratch.open();
      if (!store->create(new_run(name, {"lock-" + name}), {})) return false;
      const auto lease = store->attach(run(name));
      for (std::uint64_t seq = 1; seq <= 200;) {
        const auto done = store->append(*lease, {rows(seq, seq), {}, {}, false});
        if (!done && done.error().kind != Kind::busy) return false;  // a slow disk: the engine tries again, too
        if (done) ++seq;
      }
      return true;
    }));
  }
  for (const pid_t child : children) CHECK(status_of(child) == 0);
  const auto listed = scratch.open()->runs().value();
  for (const auto& row : listed) CHECK(row.events == 200);
  CHECK(listed.size() == 4);
}

TEST_CASE("of several that create with one lock exactly one succeeds") {
  const Scratch scratch;
  { const auto store = scratch.open(); }
  std::vector<pid_t> children;
  for (int i = 0; i < 4; ++i)
    children.push_back(
        in_child([&] { return scratch.open()->create(new_run("r" + std::to_string(i), {"db"}), {}).has_value(); }));
  int succeeded = 0;
  for (const pid_t child : children) succeeded += status_of(child) == 0;
  CHECK(succeeded == 1);
  CHECK(scratch.open()->runs().value().size() == 1);
}

TEST_CASE("the log is folded back while runs go on: it does not grow for ever") {
  const Scratch scratch;
  const auto store = scratch.open();
  REQUIRE(store->create(new_run("r1"), {}));
  const auto lease = store->attach(run("r1"));
  REQUIRE(lease);
  const std::string wal = scratch.state() + "/state.db-wal";
  std::uintmax_t largest = 0;
  const std::string page(4000, 'x');
  for (std::uint64_t seq = 1; seq <= 4000; seq += 40) {
    std::vector<Row> many;
    for (std::uint64_t n = seq; n < seq + 40; ++n) many.push_back({n, at(1), "noted", page});
    REQUIRE(store->append(*lease, {many, {}, {}, false}));
    largest = std::max(largest, std::filesystem::file_size(wal));
  }
  CHECK(largest < std::uintmax_t{8} << 20U);  // 16 MB were written
  CHECK(store->read(run("r1")).value().size() == 4000);
}

TEST_CASE("a copied state directory is recognised, a moved one is not a copy") {
  const Scratch scratch;
  { REQUIRE(scratch.open()->create(new_run("r1"), rows(1, 1))); }
  std::filesystem::copy(scratch.state(), scratch.path() + "/copy", std::filesystem::copy_options::recursive);
  ::chmod((scratch.path() + "/copy").c_str(), 0711);
  const auto copy = open_sqlite_store(scratch.path() + "/copy", Access::write);
  REQUIRE(copy);
  CHECK((*copy)->attach(run("r1"))->copied);
  REQUIRE((*copy)->create(new_run("r2"), {}));
  CHECK_FALSE((*copy)->attach(run("r2"))->copied);  // made here
  CHECK_FALSE(scratch.open()->attach(run("r1"))->copied);
  std::filesystem::rename(scratch.state(), scratch.path() + "/moved");
  const auto moved = open_sqlite_store(scratch.path() + "/moved", Access::write);
  REQUIRE(moved);
  CHECK_FALSE((*moved)->attach(run("r1"))->copied);
}

TEST_CASE("a run of another machine is refused by name") {
  const Scratch scratch;
  { REQUIRE(scratch.open()->create(new_run("r1"), rows(1, 1))); }
  if (machine_id().empty()) {
    WARN("skipped: this machine has no id");
    return;
  }
  { Database(scratch.state() + "/state.db", Database::Mode::write).run("UPDATE runs SET machine='elsewhere'"); }
  const auto refused = scratch.open()->attach(run("r1"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Kind::refused);
  CHECK_THAT(refused.error().what, Catch::Contains("elsewhere"));
  CHECK(scratch.open()->read(run("r1")).value() == rows(1, 1));  // it may be looked at
}

TEST_CASE("a state of version 1 is read as it is, and brought up when it is written to") {
  const Scratch scratch;
  { REQUIRE(scratch.open()->create(new_run("r1"), rows(1, 1))); }
  { Database(scratch.state() + "/state.db", Database::Mode::write).run("DROP TABLE resnapshots; PRAGMA user_version=1"); }
  CHECK(open_sqlite_store(scratch.state(), Access::read).value()->snapshots(run("r1")).value().size() == 1);
  const auto store = scratch.open();
  const auto lease = store->attach(run("r1"));
  REQUIRE(lease);
  const auto next = rows(2, 2);
  CHECK(store->append(*lease, {next, {}, {}, false, Resnapshot{"t", "/f", "d", "second"}}));
  CHECK(store->snapshots(run("r1")).value().size() == 2);
  CHECK(store->read(run("r1")).value() == rows(1, 2));
}

TEST_CASE("a newer schema is refused for reading and writing, and left as it is") {
  const Scratch scratch;
  { const auto store = scratch.open(); }
  { Database(scratch.state() + "/state.db", Database::Mode::write).run("PRAGMA user_version=99"); }
  for (const auto access : {Access::read, Access::write}) {
    const auto refused = open_sqlite_store(scratch.state(), access);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == Kind::newer);
    CHECK_THAT(refused.error().what, Catch::Contains("schema 99"));
  }
}

TEST_CASE("a damaged file is told as such, never read as an empty state") {
  const Scratch scratch;
  { const auto store = scratch.open(); }
  for (const auto* end : {"-wal", "-shm"}) std::filesystem::remove(scratch.state() + "/state.db" + end);
  { std::ofstream(scratch.state() + "/state.db", std::ios::trunc) << std::string(8192, 'x'); }
  for (const auto access : {Access::read, Access::write}) {
    const auto refused = open_sqlite_store(scratch.state(), access);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == Kind::damaged);
  }
}

TEST_CASE("links in the place of our files are not followed") {
  const Scratch scratch;
  { const auto store = scratch.open(); }
  std::filesystem::rename(scratch.state() + "/runs", scratch.path() + "/elsewhere");
  std::filesystem::create_directory_symlink(scratch.path() + "/elsewhere", scratch.state() + "/runs");
  CHECK_FALSE(open_sqlite_store(scratch.state(), Access::write));
}

TEST_CASE("news come when another process writes or asks") {
  const Scratch scratch;
  const auto store = scratch.open();
  REQUIRE(store->create(new_run("r1"), {}));
  store->forget_news();
  pollfd quiet{store->news(), POLLIN, 0};
  CHECK(::poll(&quiet, 1, 0) == 0);
  CHECK(status_of(in_child([&] { return scratch.open()->submit(run("r1"), at(1), "stop").has_value(); })) == 0);
  CHECK(readable_soon(store->news()));
  CHECK(store->requests(run("r1")).value().at(0).body == "stop");
}

TEST_CASE("one engine a run: the second learns who has it") {
  const Scratch scratch;
  const auto store = scratch.open();
  REQUIRE(store->create(new_run("r1"), {}));
  CHECK_FALSE(engine_owner(*store, run("r1"))->alive);
  int held[2], over[2];
  REQUIRE(::pipe2(held, O_CLOEXEC) == 0);
  REQUIRE(::pipe2(over, O_CLOEXEC) == 0);
  const pid_t pid = in_child([&] {
    ::close(over[1]);
    const auto other = scratch.open();
    const auto lock = lock_engine(*other, run("r1"), 0s);
    char byte = 0;
    return lock && ::write(held[1], "x", 1) == 1 && ::read(over[0], &byte, 1) == 0;  // until the parent is done, or dead
  });
  char byte = 0;
  REQUIRE(::read(held[0], &byte, 1) == 1);
  const auto refused = lock_engine(*store, run("r1"), 50ms);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().kind == Kind::lock_taken);
  REQUIRE(refused.error().owner);
  CHECK(refused.error().owner->pid == pid);
  CHECK(refused.error().owner->alive);
  CHECK(refused.error().owner->run == "r1");
  CHECK_FALSE(refused.error().owner->host.empty());
  CHECK_FALSE(refused.error().owner->user.empty());
  CHECK(engine_owner(*store, run("r1"))->alive);
  CHECK(engine_owner(*store, run("r1"))->alive);  // looking takes nothing
  // A lock whose run is being run names that engine.
  REQUIRE(store->create(new_run("r2", {"db"}), {}));
  ::close(over[1]);
  CHECK(status_of(pid) == 0);
  CHECK_FALSE(engine_owner(*store, run("r1"))->alive);
  CHECK(engine_owner(*store, run("r1"))->pid == pid);  // who had it last
  CHECK(lock_engine(*store, run("r1"), 0s));
  for (const int end : {held[0], held[1], over[0]}) ::close(end);
}

TEST_CASE("a process that is killed has no engine lock any more") {
  const Scratch scratch;
  const auto store = scratch.open();
  REQUIRE(store->create(new_run("r1"), {}));
  int held[2];
  REQUIRE(::pipe2(held, O_CLOEXEC) == 0);
  const pid_t pid = in_child([&] {
    const auto lock = lock_engine(*scratch.open(), run("r1"), 0s);
    if (!lock || ::write(held[1], "x", 1) != 1) return false;
    for (;;) ::pause();
  });
  char byte = 0;
  REQUIRE(::read(held[0], &byte, 1) == 1);
  CHECK_FALSE(lock_engine(*store, run("r1"), 0s));
  ::kill(pid, SIGKILL);
  CHECK(status_of(pid) == 128 + SIGKILL);
  CHECK(lock_engine(*store, run("r1"), 0s));
  ::close(held[0]);
  ::close(held[1]);
}

TEST_CASE("another user may answer and nothing else, and the kernel says who he is") {
  if (::geteuid() != 0) {
    WARN("skipped: only root can be two users");
    return;
  }
  constexpr uid_t stranger = 65534;
  const Scratch scratch;
  REQUIRE(::chmod(scratch.path().c_str(), 0755) == 0);
  const auto store = scratch.open();
  REQUIRE(store->create(new_run("r1"), rows(1, 1)));
  store->forget_news();
  const int status = status_of(in_child([&] {
    if (::setgid(stranger) != 0 || ::setuid(stranger) != 0) return false;
    const auto foreign = open_sqlite_store(scratch.state(), Access::write);
    if (!foreign) return false;
    const auto refused = [](const auto& answer) { return !answer && answer.error().kind == Kind::refused; };
    return refused((*foreign)->read(run("r1"))) && refused((*foreign)->runs()) && refused((*foreign)->attach(run("r1"))) &&
           refused((*foreign)->create(new_run("r9"), {})) && refused((*foreign)->requests(run("r1"))) &&
           refused((*foreign)->locks()) && refused((*foreign)->snapshots(run("r1"))) &&
           !open_sqlite_store(scratch.state(), Access::read) && (*foreign)->submit(run("r1"), at(1), "approve").has_value() &&
           (*foreign)->submit(run("none"), at(1), "for nobody").has_value();
  }));
  CHECK(status == 0);
  CHECK(readable_soon(store->news()));
  const auto asked = store->requests(run("r1")).value();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].uid == stranger);
  CHECK(asked[0].body == "approve");
  CHECK(store->requests(run("r1")).value().size() == 1);  // taken in once
  CHECK(std::filesystem::is_empty(scratch.state() + "/requests"));
}

TEST_CASE("what is dropped into requests/ and is no request is removed and harms nobody") {
  const Scratch scratch;
  const auto store = scratch.open();
  REQUIRE(store->create(new_run("r1"), {}));
  const std::string folder = scratch.state() + "/requests/";
  std::filesystem::create_symlink("/etc/passwd", folder + "r1.link");
  REQUIRE(::mkfifo((folder + "r1.pipe").c_str(), 0666) == 0);
  { std::ofstream(folder + "r1.large") << std::string(100'000, 'x'); }
  { std::ofstream(folder + "Not-A-Run.x") << "x"; }
  { std::ofstream(folder + "r1.good") << "good"; }
  { std::ofstream(folder + "r1.twice") << "twice"; }
  std::filesystem::create_hard_link(folder + "r1.twice", scratch.path() + "/second-name");
  { std::ofstream(folder + ".r1.unfinished") << "half"; }
  std::vector<std::string> bodies;
  const auto asked = store->requests(run("r1")).value();
  for (const auto& request : asked) bodies.push_back(request.body);
  CHECK(bodies == std::vector<std::string>{"good"});
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) left.push_back(entry.path().filename());
  CHECK(left == std::vector<std::string>{".r1.unfinished"});
}

TEST_CASE("a request whose file outlived the commit is not filed twice") {
  const Scratch scratch;
  const auto store = scratch.open();
  REQUIRE(store->create(new_run("r1"), {}));
  const std::string file = scratch.state() + "/requests/r1.one";
  { std::ofstream(file) << "once"; }
  REQUIRE(store->requests(run("r1")).value().size() == 1);
  { std::ofstream(file) << "once"; }  // as a crash between commit and removal leaves it
  CHECK(store->requests(run("r1")).value().size() == 1);
  CHECK(store->requests(run("r1")).value().size() == 1);
  CHECK_FALSE(std::filesystem::exists(file));
}
