#include "cli/output_age.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/run/staged_run.h"

using namespace runbook;
using namespace std::chrono_literals;

TEST_CASE("the age of a step's output is that of the file that was written last; an empty one says nothing") {
  tests::StagedRun run("steps:\n  - {id: a, shell: x, changes: y, needs: []}\n  - {id: b, shell: x, changes: y, needs: []}\n");
  const auto folder = std::filesystem::temp_directory_path() / ("runbook-ages-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const auto write = [&](const std::string& name, const std::string& text, std::chrono::seconds ago) {
    std::ofstream(folder / name) << text;
    std::filesystem::last_write_time(folder / name, std::filesystem::file_time_type::clock::now() - ago);
  };
  write("0000.1.out", "text", 100s);
  write("0000.1.err", "text", 20s);
  write("0001.1.out", "", 5s);
  const auto ages = output_ages(run.state, folder.string());
  std::filesystem::remove_all(folder);
  REQUIRE(ages.size() == 1);
  CHECK(ages.at(0) >= 20s);
  CHECK(ages.at(0) < 60s);
}
