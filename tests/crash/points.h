// Crashes a fresh run at each of many points, two at a time, and counts how that ended.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "tests/crash/everything.h"

namespace runbook::tests {

constexpr std::size_t workers = 2;  // one a core of CI's smallest machine

struct Point {
  std::string name;  // "engine-417": what CRASH_POINT takes
  std::function<Judgement(std::size_t worker)> crash;
};

// What a suite may take; where that is not enough, it says how many points it has tried: they are spread over all.
struct Limits {
  int seconds = 0;
  std::size_t at_once = workers;
};

struct Totals {
  int points = 0, violations = 0, in_doubt = 0, missed = 0;
};

// Prints `SUITE: points N, violations V, in doubt K`, and each violation with its point's name. With CRASH_POINT set, only the
// point of that name is tried; with CRASH_EVERY there is no limit of time.
Totals try_points(const std::string& suite, const std::vector<Point>& points, Limits limits);

}  // namespace runbook::tests
