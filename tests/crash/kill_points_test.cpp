// The engine, a supervisor, or a step is killed at each system call that something outside of it can notice (a kill before one
// that nothing can notice is the kill at the next that something can), then resumed: every effect once, every result kept.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

#include "tests/crash/points.h"
#include "tests/crash/tracer.h"

using namespace runbook;
using namespace runbook::tests;

namespace {

// Of the quiet calls every so many, to show that they are what they are said to be.
int every_so_many() { return std::getenv("CRASH_EVERY") != nullptr ? 1 : 31; }

struct Counts {
  int loud = 0, quiet = 0;
};

Counts calls_of(Actor actor, const HttpServer& web) {
  const Everything all(web);
  Counts counts;
  const auto ran = trace(all.words(), all.place.environment, all.place.path(), {actor}, [&](const Call& call) {
    if (!call.left) ++(is_loud(call) ? counts.loud : counts.quiet);
    return Then{};
  });
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  return counts;
}

Judgement killed_at(Actor actor, Hit hit, bool loud, int n, const HttpServer& web) {
  Everything all(web);
  bool killed = false;
  int seen = 0;
  const auto ran = trace(all.words(), all.place.environment, all.place.path(), {actor}, [&](const Call& call) {
    if (call.left || is_loud(call) != loud || ++seen != n) return Then{};
    killed = true;
    return Then{Then::kill};
  });
  if (!killed) return {Judgement::Ending::missed, ""};  // how often it polls and wakes is not the same every time
  all.look();
  auto judged = all.settle(hit, ran.out);
  if (!judged.why.empty()) judged.why += "\nits engine: exit " + std::to_string(ran.code) + "\n" + ran.err;
  return judged;
}

void kill_everywhere(const std::string& name, Actor actor, Hit hit, int seconds) {
  if (!may_trace()) {
    std::cout << name << ": skipped, tracing is not allowed here\n";
    return;
  }
  make_the_table();
  const HttpServer web;
  const auto counts = calls_of(actor, web);
  std::vector<Point> points;
  for (int n = 1; n <= counts.loud; ++n)
    points.push_back(
        {name + "-" + std::to_string(n), [&web, actor, hit, n](std::size_t) { return killed_at(actor, hit, true, n, web); }});
  for (int n = 1; n <= counts.quiet; n += every_so_many())
    points.push_back({name + "-quiet-" + std::to_string(n),
                      [&web, actor, hit, n](std::size_t) { return killed_at(actor, hit, false, n, web); }});
  std::cout << name << ": " << counts.loud << " calls that can be noticed, all of them; " << counts.quiet
            << " that cannot, one in " << every_so_many() << "\n";
  const auto totals = try_points(name, points, {seconds});
  CHECK(totals.violations == 0);
  CHECK(totals.missed * 4 <= totals.points);
  if (hit == Hit::engine) CHECK(totals.in_doubt == 0);
}

}  // namespace

TEST_CASE("an engine killed at any of its system calls: every effect once, nothing in doubt", "[engine]") {
  kill_everywhere("engine", Actor::engine, Hit::engine, 340);
}

TEST_CASE("a supervisor killed at any of its system calls: in doubt at worst, never twice, never a success that was none",
          "[supervisor]") {
  kill_everywhere("supervisor", Actor::supervisor, Hit::supervisor, 120);
}

TEST_CASE("a step killed at any of its system calls: a failure that is true, and done once in the end", "[step]") {
  kill_everywhere("step", Actor::step, Hit::step, 80);
}
