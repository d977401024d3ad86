// `--limit`: what it takes, and that a file that is refused without it is read with it.
#include "cli/limit_flag.h"

#include <catch2/catch.hpp>

#include "tests/support/command.h"

namespace runbook::tests {

TEST_CASE("limits are amounts by name") {
  const auto limits = parse_limits({"size=64MiB", "nodes=10000000", "depth=200"});
  REQUIRE(limits);
  CHECK(limits->bytes == 64U << 20U);
  CHECK(limits->nodes == 10'000'000);
  CHECK(limits->depth == 200);
  CHECK(parse_limits({"size=3KiB"})->bytes == 3072);
  CHECK(parse_limits({"size=100", "size=200"})->bytes == 200);
  CHECK(parse_limits({})->nodes == yaml::Limits().nodes);
}

TEST_CASE("what is no limit is refused") {
  for (const char* flag : {"", "size", "size=", "size=0", "size=-1", "size=65MiB", "size=1GiB", "size=1mib", "size=1 MiB",
                           "size=99999999999999999999", "nodes=1MiB", "nodes=x", "nodes=100000001", "depth=401", "files=3"}) {
    INFO(flag);
    CHECK_FALSE(parse_limits({flag}));
  }
}

TEST_CASE("a file beyond the limits is refused with the flag that raises them, and read with it") {
  const Workplace place;
  const std::string head = "runbook: 1\nowner: a\ncontact: b\nsteps:\n  - { id: a, shell: ls, changes: none }\n";
  place.write("large.yaml", head + "# " + std::string(3U << 20U, 'x') + "\n");
  std::string many = head;
  for (int i = 0; i < 30'000; ++i) many += "  - { id: s" + std::to_string(i) + ", shell: ls, changes: none }\n";
  place.write("many.yaml", many);
  for (const auto& [file, flag] : {std::pair("large.yaml", "size=64MiB"), std::pair("many.yaml", "nodes=2000000")}) {
    INFO(file);
    const auto refused = place.runbook({"lint", file});
    CHECK(refused.code == 3);
    CHECK(refused.out.find(std::string("--limit ") + flag) != std::string::npos);
    CHECK(place.runbook({"lint", file, "--limit", flag}).code == 0);
  }
  CHECK(place.runbook({"lint", "many.yaml", "--limit", "nodes=many"}).code == 2);
}

TEST_CASE("a run of a file that needed a limit raised is resumed and shown without the flag") {
  const Workplace place;
  place.write("large.yaml", "runbook: 1\nowner: a\ncontact: b\nsteps:\n  - { id: a, manual: look, timeout: 5m }\n# " +
                                std::string(3U << 20U, 'x') + "\n");
  CHECK(place.runbook({"run", "large.yaml", "--no-input"}).code == 3);
  CHECK(place.runbook({"run", "large.yaml", "--no-input", "--yes", "--limit", "size=64MiB"}).code == 7);
  CHECK(place.runbook({"show", "@last"}).code == 0);
  CHECK(place.runbook({"confirm", "@last", "a"}).code == 0);
  CHECK(place.runbook({"resume", "@last", "--no-input"}).code == 0);
}

}  // namespace runbook::tests
