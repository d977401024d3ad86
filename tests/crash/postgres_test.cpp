// PostgreSQL crashes (`-m immediate`, nothing more is written) at each message between it and the engine, which is killed with it
// at every second one; the numbers of the transactions that were lost are then used up by others, which commit. Role and database
// ask for commits that do not wait for the disk. Every change is there once in the end.
#include <signal.h>
#include <sys/syscall.h>

#include <catch2/catch.hpp>
#include <iostream>

#include "tests/crash/points.h"
#include "tests/crash/tracer.h"

using namespace runbook;
using namespace runbook::tests;

namespace {

bool is_message(const Call& call) {
  return !call.left && (call.number == SYS_sendto || call.number == SYS_recvfrom || call.number == SYS_connect);
}

void crash_and_use_up_numbers() {
  PostgresServer::get().crash();
  for (int i = 0; i < 3; ++i) PostgresServer::get().psql("INSERT INTO effect(tag, step) VALUES ('somebody else', 'other')");
}

Judgement crashed_at(int n, const HttpServer& web) {
  Everything all(web);
  int seen = 0;
  bool crashed = false;
  const bool both = n % 2 == 0;
  const auto ran = trace(all.words(), all.place.environment, all.place.path(), {Actor::engine}, [&](const Call& call) {
    if (crashed || !is_message(call) || ++seen != n) return Then{};
    crashed = true;
    crash_and_use_up_numbers();
    return both ? Then{Then::kill} : Then{};
  });
  if (!crashed) return {Judgement::Ending::missed, ""};
  all.look();
  auto judged = all.settle(Hit::server, ran.out);
  if (!judged.why.empty()) judged.why += "\nits engine: exit " + std::to_string(ran.code) + "\n" + ran.err;
  return judged;
}

}  // namespace

TEST_CASE("PostgreSQL crashes at any message, alone or with the engine: every change is made once", "[postgres]") {
  if (!may_trace()) {
    std::cout << "postgres: skipped, no tracing here\n";
    return;
  }
  make_the_table();
  const auto& server = PostgresServer::get();
  server.psql("ALTER ROLE runbook SET synchronous_commit = off; ALTER DATABASE postgres SET synchronous_commit = off");
  const HttpServer web;
  int messages = 0;
  {
    const Everything all(web);
    const auto ran = trace(all.words(), all.place.environment, all.place.path(), {Actor::engine}, [&](const Call& call) {
      messages += is_message(call);
      return Then{};
    });
    INFO(ran.err);
    REQUIRE(ran.code == 0);
  }
  std::vector<Point> points;
  for (int n = 1; n <= messages; ++n)
    points.push_back({"postgres-" + std::to_string(n), [&web, n](std::size_t) { return crashed_at(n, web); }});
  const auto totals = try_points("postgres", points, {90, 1});  // one at a time: they have one server
  server.psql("ALTER ROLE runbook RESET synchronous_commit; ALTER DATABASE postgres RESET synchronous_commit");
  CHECK(totals.violations == 0);
  CHECK(totals.missed * 4 <= totals.points);
}
