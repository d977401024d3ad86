// The disk answers with errors, writes less than it was asked to, is full; the files of an attempt are gone or somebody else's.
// An engine or a supervisor may give up then, but it never lies, does nothing twice, and starts nothing that it cannot account for.
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>

#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <filesystem>
#include <iostream>

#include "tests/crash/loop_disk.h"
#include "tests/crash/points.h"
#include "tests/crash/tracer.h"
#include "tests/e2e/shown_run.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

const std::set<Actor> ours{Actor::engine, Actor::supervisor};

struct Fault {
  const char* name;
  Then then;
};
constexpr std::array of_writes{Fault{"EIO", {Then::fail, EIO}}, Fault{"ENOSPC", {Then::fail, ENOSPC}},
                               Fault{"EDQUOT", {Then::fail, EDQUOT}}, Fault{"EINTR", {Then::fail, EINTR}},
                               Fault{"short", {Then::shorten}}};
constexpr std::size_t of_others = 4;  // the same without the short write

// A call that changes or syncs a file of the state directory: the store, the attempt files, the logs of output.
bool can_fail(const Call& call, const std::string& state) {
  switch (call.number) {
    case SYS_openat: return (call.arguments[2] & O_CREAT) != 0;
    case SYS_write:
    case SYS_pwrite64:
    case SYS_writev:
    case SYS_fsync:
    case SYS_fdatasync:
    case SYS_ftruncate:
    case SYS_fallocate: break;
    default: return false;
  }
  std::error_code ignored;
  const auto file =
      fs::read_symlink("/proc/" + std::to_string(call.pid) + "/fd/" + std::to_string(call.arguments[0]), ignored).string();
  return file.starts_with(state + "/");
}
bool can_be_short(const Call& call) { return call.number == SYS_write || call.number == SYS_pwrite64; }

Judgement fault_at(int n, std::size_t which, const HttpServer& web) {
  Everything all(web);
  const auto& state = all.place.environment.at("RUNBOOK_STATE_DIR");
  bool met = false;
  int seen = 0;
  std::string what;
  const auto ran = trace(all.words(), all.place.environment, all.place.path(), ours, [&](const Call& call) {
    if (call.left || !can_fail(call, state) || ++seen != n) return Then{};
    met = true;
    const auto& fault = of_writes[which % (can_be_short(call) ? of_writes.size() : of_others)];
    what = std::string(fault.name) + " of " + name_of_call(call.number) +
           (call.actor == Actor::engine ? " in the engine" : " in a supervisor");
    return fault.then;
  });
  if (!met) return {Judgement::Ending::missed, ""};
  all.look();
  auto judged =
      ran.code == 128 + SIGKILL ? Judgement{Judgement::Ending::violation, "it hangs"} : all.settle(Hit::supervisor, ran.out);
  if (!judged.why.empty())
    judged.why = what + ": " + judged.why + "\nits engine: exit " + std::to_string(ran.code) + "\n" + ran.err;
  return judged;
}

constexpr const char* one_step = "steps:\n  - { id: one, shell: echo one >> log, changes: log }\n";

// A run whose engine died with its intent on record, and before anything was started.
std::string dead_before_the_start(const Workplace& w) {
  const auto runs = [&w] { return std::distance(fs::directory_iterator(w.path() + "/state/runs"), {}); };
  const auto before = runs();  // what is started before there is a run looks at its scripts
  const auto ran = trace({program(), "run", "a.yaml"}, w.environment, w.path(), {Actor::engine}, [&](const Call& call) {
    const bool starts = call.number == SYS_vfork || call.number == SYS_clone || call.number == SYS_clone3;
    return starts && !call.left && runs() > before ? Then{Then::kill} : Then{};
  });
  REQUIRE(ran.code == 128 + SIGKILL);
  const auto starting = ShownRun(w).events("attempt_starting");
  REQUIRE(starting.size() == 1);
  REQUIRE_FALSE(w.has("log"));
  return w.run_id();
}

}  // namespace

TEST_CASE("a disk that fails at any one call: no lie, nothing twice, and a later engine goes on", "[faults]") {
  if (!may_inject()) {
    std::cout << "faults: skipped, no tracing here\n";
    return;
  }
  make_the_table();
  const HttpServer web;
  int calls = 0;
  {
    const Everything all(web);
    const auto& state = all.place.environment.at("RUNBOOK_STATE_DIR");
    REQUIRE(trace(all.words(), all.place.environment, all.place.path(), ours, [&](const Call& call) {
              calls += !call.left && can_fail(call, state);
              return Then{};
            }).code == 0);
  }
  const bool every = std::getenv("CRASH_EVERY") != nullptr;
  std::vector<Point> points;
  for (int n = 1; n <= calls; ++n)
    for (std::size_t which = 0; which < of_writes.size(); ++which)
      if (every || static_cast<std::size_t>(n) % of_writes.size() == which)
        points.push_back({"fault-" + std::to_string(n) + "-" + of_writes[which].name,
                          [&web, n, which](std::size_t) { return fault_at(n, which, web); }});
  std::cout << "faults: " << calls << " calls on the state store, the attempt files and the logs, "
            << (every ? "each with each" : "each with one of") << " EIO, ENOSPC, EDQUOT, EINTR, short write\n";
  const auto totals = try_points("faults", points, {90});
  CHECK(totals.violations == 0);
  CHECK(totals.missed * 4 <= totals.points);
}

TEST_CASE("attempt files that are gone, foreign, copied or from another host never start anything", "[faults]") {
  struct Case {
    const char* what;
    const char* tamper;  // in the state directory; $RUN and $OTHER are runs
  };
  const auto c = GENERATE(values<Case>({
      {"nothing is wrong", "true"},
      {"no slots", "rm runs/$RUN/attempts"},
      {"no output files", "rm runs/$RUN/*.out"},
      {"no script", "rm runs/$RUN/*.sh"},
      {"the slots of another run", "cp --remove-destination runs/$OTHER/attempts runs/$RUN/"},
      {"what another run wrote into its slots", "cp runs/$OTHER/attempts runs/$RUN/"},
      {"the script of another run", "cp runs/$OTHER/*.sh runs/$RUN/"},
      {"all files of another run", "cp runs/$OTHER/* runs/$RUN/"},
      {"a slot that is cut off", "truncate -s 100 runs/$RUN/attempts"},
      {"a script that links elsewhere",
       "cd runs/$RUN && mv *.sh ../script && ln -s ../script \"$(ls ../../runs/$OTHER | grep sh$)\""},
      {"a copy of the state directory", "cp -a . ../copy"},
      {"another host", "true"},
  }));
  CAPTURE(c.what);
  const std::string what = c.what;
  if (!may_trace()) return;
  Workplace w;
  w.write("a.yaml", runbook_of(one_step));
  REQUIRE(w.runbook({"run", "a.yaml"}).code == 0);
  const auto other = w.run_id();
  fs::remove(w.path() + "/log");
  const auto run = dead_before_the_start(w);
  REQUIRE(run != other);
  const auto tampered = w.shell("cd state && RUN=" + run + " OTHER=" + other + " && " + c.tamper);
  INFO(tampered.err);
  REQUIRE(tampered.code == 0);
  if (what == "a copy of the state directory") w.environment["RUNBOOK_STATE_DIR"] = w.path() + "/copy";
  std::string command = "'" + program() + "' resume " + run;
  if (what == "another host") {
    if (w.shell("unshare --mount true").code != 0) return;
    w.write("machine-id", std::string(32, 'a') + "\n");
    command = "unshare --mount bash -c \"mount --bind machine-id /etc/machine-id && " + command + "\"";
  }
  const auto resumed = w.shell(command);
  INFO(resumed.err);
  if (what == "nothing is wrong") {
    CHECK(resumed.code == 0);
    CHECK(w.read("log") == "one\n");
    return;
  }
  CHECK(resumed.code != 0);
  CHECK_FALSE(w.has("log"));
}

TEST_CASE("a disk that fills up under a step neither kills it nor loses how it ended", "[faults]") {
  if (const auto why = LoopDisk::why_not("ext4"); !why.empty()) {
    std::cout << "full disk: skipped, " << why << "\n";
    return;
  }
  const bool chatty = GENERATE(false, true);
  LoopDisk disk("ext4", "16M");
  disk.format();
  Workplace w;
  w.environment["RUNBOOK_STATE_DIR"] = disk.path() + "/state";
  w.environment["DISK"] = disk.path();
  w.write("a.yaml", runbook_of(std::string(R"(
steps:
  - id: full
    shell: |
      echo begun >> log
      dd if=/dev/zero of="$DISK/filling" bs=64k 2> full || true
      )") + (chatty ? "seq 50000" : "true") +
                               R"(
      until [ -e go ]; do sleep 0.01; done
      echo ended >> log
    changes: log
)"));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return w.read("full").find("No space") != std::string::npos; }, "the disk to be full");
  SECTION("the engine lives") {
    w.write("go", "");
    wait_until([&] { return count(w.read("log"), "ended") == 1; }, "the step to end");
    REQUIRE(w.shell("sleep 0.3; rm \"$DISK/filling\"").code == 0);  // its record and the engine's first tries meet the full disk
    const auto ended = engine.wait();
    INFO(ended.err);
    CHECK(ended.code == 0);
  }
  SECTION("the engine is killed; its supervisor writes the record on the full disk") {
    engine.signal(SIGKILL);
    engine.wait();
    w.write("go", "");
    wait_until([&] { return count(w.read("log"), "ended") == 1; }, "the step to end");
    REQUIRE(w.shell("sleep 0.3; rm \"$DISK/filling\"").code == 0);
    const auto resumed = w.runbook({"resume", "@last"});
    INFO(resumed.err);
    CHECK(resumed.code == 0);
  }
  CHECK(w.read("log") == "begun\nended\n");
  const auto finished = ShownRun(w).events("attempt_finished");
  REQUIRE(finished.size() == 1);
}
