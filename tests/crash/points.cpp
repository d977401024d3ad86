#include "tests/crash/points.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <new>

namespace runbook::tests {
namespace {

using Ending = Judgement::Ending;
using Clock = std::chrono::steady_clock;

#ifdef __SANITIZE_ADDRESS__
constexpr std::size_t thinned = 12;  // everything is many times slower: the sanitizer sees every kind of point, not each
#else
constexpr std::size_t thinned = 1;
#endif
constexpr int complaints = 10;  // printed in full; more say nothing new

// Of all workers, which are processes: ptrace and waitpid belong to one each.
struct Shared {
  std::atomic<std::size_t> next{0};
  std::atomic<int> points{0}, violations{0}, in_doubt{0}, missed{0};
};

Judgement crash(const Point& point, std::size_t worker) {
  try {
    return point.crash(worker);
  } catch (const std::exception& problem) {
    return {Ending::violation, std::string("the test itself failed: ") + problem.what()};
  } catch (...) {  // a REQUIRE
    return {Ending::violation, "the test itself failed"};
  }
}

// Every so many, then those between: whenever the time is up, what has been tried is spread over the whole.
std::vector<Point> spread(const std::vector<Point>& points) {
  std::vector<Point> out;
  constexpr std::size_t apart = 16;
  for (std::size_t first = 0; first < apart; ++first)
    for (std::size_t i = first; i < points.size(); i += apart) out.push_back(points[i]);
  return out;
}

void work(const std::string& suite, const std::vector<Point>& points, std::size_t worker, Clock::time_point until,
          Shared& shared) {
  for (std::size_t i = 0; Clock::now() < until && (i = shared.next++) < points.size();) {
    const auto judged = crash(points[i], worker);
    ++(judged.ending == Ending::missed ? shared.missed : shared.points);
    shared.in_doubt += judged.ending == Ending::in_doubt;
    if (judged.ending == Ending::violation && ++shared.violations <= complaints)
      std::cout << suite + ": VIOLATION at " + points[i].name + ": " + judged.why + "\n" << std::flush;
  }
}

// CRASH_TIME: that many hundredths of the suite's time.
Clock::duration time_for(const Limits& limits) {
  if (std::getenv("CRASH_EVERY") != nullptr) return std::chrono::hours(24);
  const char* share = std::getenv("CRASH_TIME");
  return std::chrono::seconds(limits.seconds) * (share == nullptr ? 100 : std::atoi(share)) / 100;
}

}  // namespace

Totals try_points(const std::string& suite, const std::vector<Point>& all, Limits limits) {
  auto points = spread(all);
  if (const char* only = std::getenv("CRASH_POINT"))
    std::erase_if(points, [&](const Point& point) { return point.name != only; });
  else if (thinned > 1) std::erase_if(points, [&, i = std::size_t{0}](const Point&) mutable { return i++ % thinned != 0; });
  const auto until = Clock::now() + time_for(limits);
  void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  auto& shared = *new (memory) Shared;
  std::cout << std::flush;
  std::vector<pid_t> processes;
  for (std::size_t worker = 0; worker < limits.at_once; ++worker) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      work(suite, points, worker, until, shared);
      ::_exit(0);  // the servers are the parent's
    }
    REQUIRE(pid > 0);
    processes.push_back(pid);
  }
  for (const auto pid : processes) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    CHECK(status == 0);  // a worker that died has not said what it found
  }
  const Totals totals{shared.points, shared.violations, shared.in_doubt, shared.missed};
  const auto tried = static_cast<std::size_t>(totals.points + totals.missed);
  if (tried < points.size()) std::cout << suite << ": the time was up after " << tried << " of " << points.size() << " points\n";
  ::munmap(memory, sizeof(Shared));
  std::cout << suite << ": points " << totals.points << ", violations " << totals.violations << ", in doubt " << totals.in_doubt
            << "\n"
            << std::flush;
  return totals;
}

}  // namespace runbook::tests
