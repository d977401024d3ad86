#include "tests/schema/conforming.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/support/command.h"

namespace runbook::tests {
namespace {

const std::string source = RUNBOOK_SOURCE_DIR;

}  // namespace

Conformity conformity(const std::string& schema, const std::vector<std::string>& files) {
  const Workplace place;
  // Debian's own interpreter: its packages are not another's.
  std::string command = "/usr/bin/python3 " + source + "/tests/schema/conforms.py " + source + "/schemas/" + schema;
  for (const auto& file : files) command += " '" + file + "'";
  const auto said = place.shell(command);
  INFO(said.err);
  REQUIRE(said.code == 0);
  Conformity out;
  std::istringstream lines(said.out);
  for (std::string line; std::getline(lines, line);)
    if (line.ends_with(" conform")) out.conforming = std::stoul(line);
    else out.wrong.push_back(line);
  return out;
}

void check_schema_file(const std::string& name, const std::string& text) {
  const std::string path = source + "/schemas/" + name;
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  INFO("schemas/" << name << " is not what the tables make; UPDATE_GOLDEN=1 writes it");
  CHECK((read_file(path) == text));
}

}  // namespace runbook::tests
