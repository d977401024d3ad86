// A command on another host, with the engine, the engine's hand there, or the supervisor there killed at each system call that
// something outside of it can notice. What stands for ssh runs here what it is told: connections are what other tests cut.
#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>
#include <sstream>

#include "tests/crash/points.h"
#include "tests/crash/tracer.h"
#include "tests/e2e/shown_run.h"

using namespace runbook;
using namespace runbook::tests;

namespace {

using Ending = Judgement::Ending;

constexpr const char* steps = R"yaml(steps:
  - { id: one, ssh: { host: there, script: 'echo one >> "$LOG"' }, changes: log }
  - { id: again, ssh: { host: there, script: 'echo again >> "$LOG"; test -e "$LOG.ready" || { : > "$LOG.ready"; exit 1; }' }, changes: log, rerun: safe, retry: { every: 10ms, for: 50s } }
  - { id: look, ssh: { host: there, script: 'cat "$LOG"' }, changes: none, expect: 'lines[0] == "one"' }
)yaml";

class OtherHost {
 public:
  OtherHost() {
    place.write("bin/ssh", "#!/bin/sh\nfor command; do :; done\nexec /bin/sh -c \"$command\"\n", true);
    place.write("a.yaml", runbook_of(steps));
    place.environment["PATH"] = place.path() + "/bin:" + std::getenv("PATH");
    place.environment["LOG"] = place.path() + "/log";
    place.environment["XDG_STATE_HOME"] = place.path() + "/host";
  }
  std::vector<std::string> words() const { return {program(), "run", "a.yaml"}; }
  std::size_t times(const std::string& step) const {
    std::istringstream lines(place.read("log"));
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line);) count += line == step;
    return count;
  }

  // Says the truth about what is asked, goes on, and compares with what must be.
  Judgement settle(Hit hit) const {
    if (place.run_id().empty()) return times("one") == 0 ? Judgement{} : Judgement{Ending::violation, "effects without a run"};
    Outcome ended;
    bool doubted = false;
    for (int round = 0; round < 10; ++round) {
      ended = place.shell("timeout -s KILL 60 '" + program() + "' resume @last");
      if (ended.code != 7) break;
      doubted = true;
      for (const char* step : {"one", "again"}) {
        const auto shown = ShownRun(place).step(step);
        const auto* question = shown.find("question");
        if (question == nullptr || question->is_null()) continue;
        place.shell("'" + program() + "' resolve @last " + step + " --reason looked --as " +
                    (times(step) > 0 ? "done" : "not-done"));
      }
    }
    if (doubted && hit == Hit::engine) return {Ending::violation, "it was asked, though nothing on the host was lost"};
    if (ended.code != 0) return {Ending::violation, "resumed: exit " + std::to_string(ended.code) + "\n" + ended.err};
    if (times("one") != 1) return {Ending::violation, "one took effect " + std::to_string(times("one")) + " times"};
    if (times("again") < 1 || (times("again") < 2 && !doubted)) return {Ending::violation, "again took effect once"};
    return {doubted ? Ending::in_doubt : Ending::sound, {}};
  }

  Workplace place;
};

void kill_everywhere(const std::string& name, Actor actor, Hit hit, int seconds) {
  if (!may_trace()) {
    std::cout << name << ": skipped, tracing is not allowed here\n";
    return;
  }
  int calls = 0;
  {
    const OtherHost all;
    const auto ran = trace(all.words(), all.place.environment, all.place.path(), {actor}, [&](const Call& call) {
      calls += !call.left && is_loud(call);
      return Then{};
    });
    INFO(ran.err);
    REQUIRE(ran.code == 0);
    REQUIRE(calls > 20);
  }
  std::vector<Point> points;
  for (int n = 1; n <= calls; ++n)
    points.push_back({name + "-" + std::to_string(n), [actor, hit, n](std::size_t) {
                        const OtherHost all;
                        int seen = 0;
                        bool killed = false;
                        const auto ran =
                            trace(all.words(), all.place.environment, all.place.path(), {actor}, [&](const Call& call) {
                              if (call.left || !is_loud(call) || ++seen != n) return Then{};
                              killed = true;
                              return Then{Then::kill};
                            });
                        if (!killed) return Judgement{Ending::missed, ""};
                        auto judged = all.settle(hit);
                        if (!judged.why.empty()) judged.why += "\nits engine: exit " + std::to_string(ran.code) + "\n" + ran.err;
                        return judged;
                      }});
  const auto totals = try_points(name, points, {seconds});
  CHECK(totals.violations == 0);
  CHECK(totals.missed * 4 <= totals.points);
}

}  // namespace

TEST_CASE("ssh: the engine killed at any of its calls: done once over there, nothing in doubt", "[ssh]") {
  kill_everywhere("ssh engine", Actor::engine, Hit::engine, 35);
}

TEST_CASE("ssh: the engine's hand on the host killed at any of its calls: the engine connects again, nothing in doubt", "[ssh]") {
  kill_everywhere("ssh host", Actor::host, Hit::engine, 30);
}

TEST_CASE("ssh: the supervisor there killed at any of its calls: in doubt at worst, never twice", "[ssh]") {
  kill_everywhere("ssh supervisor", Actor::supervisor, Hit::supervisor, 20);
}
