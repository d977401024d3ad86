// The power is cut under the state directory, after every sync and at random calls: what was not synced is gone, the machine
// comes back as another world, and the run is resumed. In doubt is allowed there; an effect twice, an effect without its intent
// and a result that was shown and is lost are not.
#include <sys/syscall.h>

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <random>

#include "tests/crash/loop_disk.h"
#include "tests/crash/points.h"
#include "tests/crash/tracer.h"

using namespace runbook;
using namespace runbook::tests;

namespace {

constexpr int random_points = 60;
constexpr unsigned seed = 20261126;
const std::set<Actor> writers{Actor::engine, Actor::supervisor, Actor::step};

bool is_sync(const Call& call) {
  return call.number == SYS_fsync || call.number == SYS_fdatasync || call.number == SYS_msync || call.number == SYS_syncfs ||
         call.number == SYS_sync_file_range;
}

enum class Moment { after_a_sync, at_a_call };
bool is_at(const Call& call, Moment moment) {
  return moment == Moment::after_a_sync ? call.left && is_sync(call) : !call.left && is_loud(call);
}

// In a pid namespace of its own, which dies at once: the next engine is in another world, as after a boot.
std::vector<std::string> in_a_world_of_its_own(const Everything& all) {
  std::vector<std::string> words{"unshare", "--pid", "--fork", "--mount-proc"};
  for (const auto& word : all.words()) words.push_back(word);
  return words;
}

struct Counts {
  int syncs = 0, calls = 0;
};

Counts counts_of(const std::string& type, const HttpServer& web) {
  LoopDisk disk(type);
  disk.format();
  Everything all(web);
  all.place.environment["RUNBOOK_STATE_DIR"] = disk.path() + "/state";
  Counts counts;
  const auto ran = trace(in_a_world_of_its_own(all), all.place.environment, all.place.path(), writers, [&](const Call& call) {
    counts.syncs += is_at(call, Moment::after_a_sync);
    counts.calls += is_at(call, Moment::at_a_call);
    return Then{};
  });
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  return counts;
}

Judgement cut_at(LoopDisk& disk, Moment moment, int n, const HttpServer& web) {
  disk.format();
  Everything all(web);
  all.place.environment["RUNBOOK_STATE_DIR"] = disk.path() + "/state";
  bool cut = false;
  int seen = 0;
  const auto ran = trace(in_a_world_of_its_own(all), all.place.environment, all.place.path(), writers, [&](const Call& call) {
    if (!is_at(call, moment) || ++seen != n) return Then{};
    disk.cut();
    cut = true;
    return Then{Then::kill_all};
  });
  if (!cut) return {Judgement::Ending::missed, ""};
  disk.plug_in();
  all.look();
  return all.settle(Hit::machine, ran.out);
}

void cut_everywhere(const std::string& type) {
  if (const auto why = may_trace() ? LoopDisk::why_not(type) : "tracing is not allowed here"; !why.empty()) {
    std::cout << "power cuts on " << type << ": skipped, " << why << "\n";
    return;
  }
  make_the_table();
  const HttpServer web;
  std::array<std::unique_ptr<LoopDisk>, workers> disks;
  for (auto& disk : disks) disk = std::make_unique<LoopDisk>(type);
  const auto counts = counts_of(type, web);
  std::vector<Point> points;
  for (int n = 1; n <= counts.syncs; ++n)
    points.push_back({type + "-sync-" + std::to_string(n),
                      [&, n](std::size_t worker) { return cut_at(*disks[worker], Moment::after_a_sync, n, web); }});
  std::mt19937 dice(seed);
  std::uniform_int_distribution<int> call(1, counts.calls);
  for (int i = 0; i < random_points; ++i) {
    const int n = call(dice);
    points.push_back({type + "-call-" + std::to_string(n),
                      [&, n](std::size_t worker) { return cut_at(*disks[worker], Moment::at_a_call, n, web); }});
  }
  std::cout << "power cuts on " << type << ": after each of " << counts.syncs << " syncs, and at " << random_points << " of "
            << counts.calls << " calls, seed " << seed << "\n";
  const auto totals = try_points("power cuts on " + type, points, {70});
  CHECK(totals.violations == 0);
  CHECK(totals.missed * 4 <= totals.points);
}

}  // namespace

TEST_CASE("the power goes under ext4: what was shown is kept, every effect is had once", "[power]") { cut_everywhere("ext4"); }

TEST_CASE("the power goes under xfs: what was shown is kept, every effect is had once", "[power]") { cut_everywhere("xfs"); }
