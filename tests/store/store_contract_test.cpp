// What every store promises, asked of each of them.
#include <catch2/catch.hpp>

#include "tests/store/scratch.h"

using namespace runbook;

TEST_CASE("a run is created, appended to and read back", "[contract]") {
  auto made = GENERATE(as<std::string>{}, "memory", "sqlite");
  const Scratch scratch;
  const auto store = scratch.open(made);
  REQUIRE(store->create(new_run("r1"), rows(1, 2)));
  const auto lease = store->attach(run("r1"));
  REQUIRE(lease);
  const auto more = rows(3, 4);
  REQUIRE(store->append(*lease, {more, {}, "succeeded", false}));
  CHECK(store->read(run("r1")).value() == rows(1, 4));
  CHECK(store->read(run("r1"), 3).value() == rows(4, 4));
  const auto listed = store->runs().value();
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].status == "succeeded");
  CHECK(listed[0].events == 4);
  CHECK(listed[0].title == "title of r1");
  CHECK(store->snapshot(run("r1")).value() == std::string("snap\0shot", 9));
}
