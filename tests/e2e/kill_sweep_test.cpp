// The engine killed at each system call by which it changes or learns something, then resumed: every effect happened once,
// or the run says honestly that it does not know. Only the engine is killed: strace follows no children.
#include <signal.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <iostream>
#include <map>
#include <sstream>

#include "tests/e2e/shown_run.h"

using namespace runbook;
using namespace runbook::tests;

namespace {

constexpr const char* small_run = R"(
steps:
  - { id: one, shell: echo one >> log, changes: log }
  - { id: look, shell: grep -q one log, changes: none }
  - { id: two, shell: echo two >> log, changes: log }
)";

// Calls that write, sync, start, or wait; which of them a machine's C library uses, the first run tells.
constexpr std::array<const char*, 16> calls{"write",     "pwrite64",  "writev", "fsync",     "fdatasync", "openat",
                                            "ftruncate", "fallocate", "rename", "renameat",  "unlink",    "unlinkat",
                                            "clone",     "clone3",    "vfork",  "epoll_wait"};

bool may_trace(const Workplace& w) { return w.shell("strace -o /dev/null -e trace=write true").code == 0; }

std::string traced(const std::string& what, const std::string& to) {
  // The leak sanitizer cannot work under a tracer.
  return "export ASAN_OPTIONS=detect_leaks=0; exec strace -qq -o " + to + " " + what + " '" + program() + "' run a.yaml";
}

// How often each call is made, from the first touch of the state directory on: {call, {first, last}}.
std::map<std::string, std::pair<int, int>> points_of(const Workplace& w) {
  std::string set;
  for (const auto* call : calls) set += (set.empty() ? "" : ",") + std::string(call);
  REQUIRE(w.shell(traced("-e trace=" + set, "trace")).code == 0);
  std::map<std::string, std::pair<int, int>> out;
  bool begun = false;
  std::istringstream lines(w.read("trace"));
  for (std::string line; std::getline(lines, line);) {
    const auto call = line.substr(0, line.find('('));
    if (std::find(calls.begin(), calls.end(), call) == calls.end()) continue;  // a signal, a line that goes on
    begun = begun || line.find("state.db") != std::string::npos;
    auto& [first, last] = out.try_emplace(call, 1, 0).first->second;
    ++last;
    if (!begun) ++first;
  }
  return out;
}

enum class Ending { once, doubt, violation, not_killed };

Ending at_point(const std::string& call, int n, std::string& why) {
  const Workplace w;
  w.write("a.yaml", runbook_of(small_run));
  const auto killed =
      w.shell(traced("-e trace=" + call + " -e inject=" + call + ":signal=KILL:when=" + std::to_string(n), "/dev/null"));
  if (killed.code != 128 + SIGKILL) return Ending::not_killed;  // this run made fewer of these calls than the first
  const auto effects = [&] { return std::pair(count(w.read("log"), "one\n"), count(w.read("log"), "two\n")); };
  if (w.run_id().empty()) {
    why = "effects without a run";
    return effects() == std::pair<std::size_t, std::size_t>(0, 0) ? Ending::once : Ending::violation;
  }
  const auto resumed = w.runbook({"resume", "@last"});
  const auto [one, two] = effects();
  why = "killed: exit " + std::to_string(killed.code) + "; resumed: exit " + std::to_string(resumed.code) + ", one " +
        std::to_string(one) + " times, two " + std::to_string(two) + " times\n" + resumed.err;
  if (one > 1 || two > 1) return Ending::violation;
  if (resumed.code == 0) return one == 1 && two == 1 ? Ending::once : Ending::violation;
  const auto status = ShownRun(w).status();
  return resumed.code == 7 && status == "waiting" ? Ending::doubt : Ending::violation;
}

}  // namespace

TEST_CASE("an engine killed at any of its system calls does nothing twice and forgets nothing", "[sweep]") {
  const Workplace w;
  if (!may_trace(w)) {
    WARN("skipped: strace is missing, or tracing is not allowed here");
    return;
  }
  w.write("a.yaml", runbook_of(small_run));
  int points = 0, missed = 0, violations = 0, doubts = 0;
  for (const auto& [call, range] : points_of(w))
    for (int n = range.first; n <= range.second; ++n) {
      std::string why;
      const auto ending = at_point(call, n, why);
      ++(ending == Ending::not_killed ? missed : points);
      doubts += ending == Ending::doubt;
      violations += ending == Ending::violation;
      if (ending == Ending::once || ending == Ending::not_killed) continue;
      UNSCOPED_INFO(call << " number " << n << ": " << why);
      if (ending == Ending::violation) CHECK(ending != Ending::violation);
    }
  std::cout << "kill sweep: points " << points << ", violations " << violations << ", in doubt " << doubts << "\n";
  CHECK(points > 100);
  CHECK(missed < points / 4);  // how often it polls and wakes is not the same every time
  CHECK(violations == 0);
}
