// The project's own runbooks: whatever the language becomes, they stay free of errors.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "planning.h"

namespace runbook::testing {
namespace {

namespace fs = std::filesystem;

class DiskFiles : public Files {
 public:
  Result<std::string, std::string> read(const std::string& path) const override {
    std::ifstream in(path, std::ios::binary);
    if (!in) return failure("cannot read " + path);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
};

}  // namespace

TEST_CASE("the runbooks of the project have no errors, with and without answers") {
  std::size_t found = 0;
  for (const auto& entry : fs::directory_iterator(fs::path(RUNBOOK_SOURCE_DIR) / "runbooks")) {
    if (entry.path().extension() != ".yaml") continue;
    ++found;
    Inputs inputs;
    inputs.path = entry.path().string();
    inputs.shown = entry.path().filename().string();
    auto reading = read_runbook(inputs, DiskFiles(), all_kinds());
    INFO(rendered(reading.diagnostics, reading.sources));
    REQUIRE(reading.runbook.has_value());
    const auto planning = make_plan(std::move(*reading.runbook), {});
    INFO(rendered(planning.diagnostics, reading.sources));
    CHECK(planning.plan.has_value());
    CHECK(reading.diagnostics.empty());
    CHECK(planning.diagnostics.empty());
  }
  CHECK(found >= 6);
}

}  // namespace runbook::testing
