// The editor and the engine say the same: valid runbooks are mutated, and each is held against the schema by ajv, as an editor
// does, and read by the engine. Where only the engine complains, it is for one of the reasons below; where only the schema
// does, the test fails.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <sstream>

#include "action/kinds.h"
#include "base/json.h"
#include "runbook/read_runbook.h"
#include "tests/schema/mutation.h"
#include "tests/support/changed_file.h"
#include "tests/support/command.h"
#include "tests/support/node_packages.h"

namespace runbook::tests {
namespace {

namespace fs = std::filesystem;

const fs::path source = RUNBOOK_SOURCE_DIR;
constexpr unsigned seed = 20261126;
constexpr int rounds = 6000;

// What only the engine says, and why a schema, which sees each value alone, does not: it knows neither names nor files, nor what
// an expression means. `about`: only where the mutation is about this, as the others of this code are the schema's as well.
struct Beyond {
  std::string_view code, about, why;
};
constexpr Beyond beyond[] = {
    {"RB107", "use", "files are names"},
    {"RB207", "default", "which kind of value a default is depends on the variable's type"},
    {"RB208", "default", "which kind of value a default is depends on the variable's type"},
    {"RB212", "", "that ids are unique takes the whole list"},
    {"RB217", "", "whether a `${vars.x}` gives a length is known when it is resolved"},
    {"RB220", "env", "names of environment variables in `secrets` are texts like any other"},
    {"RB216", "", "whether a `${vars.x}` gives a length is known when it is resolved"},
    {"RB221", "", "an empty text is a text"},
    {"RB223", "default", "a secret is named inside a text"},
    {"RB233", "", "a secret is named inside a text"},
    {"RB242", "changes", "`no` is a text like any other"},
    {"RB249", "changes", "a check may say `changes: none`, and nothing else"},
    {"RB257", "", "connections are names"},
    {"RB261", "", "what a value must be depends on the variable's type"},
    {"RB262", "", "variables are names"},
    {"RB263", "", "what a value must match stands in the variable's `pattern`"},
    {"RB264", "", "what a value may be stands in the variable's `choices`"},
    {"RB270", "", "files are names"},
    {"RB273", "", "what another file holds is not seen"},
    {"RB630", "host", "hosts are names"},
    {"RB624", "", "whether a URL may be relative depends on the connection"},
};
// Of expressions (RB3nn) a schema knows that they are texts.
constexpr std::string_view expressions = "RB3";

const Beyond* explanation(std::string_view code, std::string_view what) {
  for (const auto& row : beyond)
    if (row.code == code && what.find(row.about) != std::string_view::npos) return &row;
  return nullptr;
}

std::set<std::string> codes_of_errors(const std::string& path, const std::string& text) {
  Inputs inputs;
  inputs.path = inputs.shown = path;
  const auto reading = read_runbook(inputs, ChangedFile(path, text), all_kinds());
  std::set<std::string> codes;
  for (const auto& one : reading.diagnostics)
    if (one.severity == Severity::error) codes.insert(one.code);
  return codes;
}

struct Case {
  std::string path;
  Mutant mutant;
};

std::vector<Case> cases() {
  std::vector<std::pair<std::string, yaml::Node>> valid;
  for (const char* folder : {"runbooks", "examples"})
    for (const auto& entry : fs::directory_iterator(source / folder)) {
      if (entry.path().extension() != ".yaml") continue;
      Diagnostics warnings;
      auto root = yaml::parse(read_file(entry.path()), 0, {}, warnings);
      REQUIRE(root);
      valid.emplace_back(entry.path(), std::move(*root));
    }
  std::sort(valid.begin(), valid.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::mt19937 random(seed);
  std::vector<Case> out;
  for (const auto& [path, root] : valid) out.push_back({path, {"nothing", written(root) + "\n"}});
  for (int round = 0; round < rounds; ++round) {
    const auto& [path, root] = valid[random() % valid.size()];
    out.push_back({path, mutate(root, random)});
  }
  return out;
}

// ajv's word on each: "valid", or what is wrong.
std::vector<std::string> verdicts(const std::vector<Case>& all) {
  const Workplace place;
  std::string lines;
  for (const auto& one : all) lines += to_json(Value(one.mutant.text)) + "\n";
  place.write("texts", lines);
  const auto said = place.shell("node " + (source / "tests/schema/verdicts.mjs").string() + " " RUNBOOK_BINARY_DIR "/../node " +
                                (source / "schemas/runbook.schema.json").string() + " < texts");
  INFO(said.err);
  REQUIRE(said.code == 0);
  std::vector<std::string> out;
  std::istringstream stream(said.out);
  for (std::string line; std::getline(stream, line);) out.push_back(line);
  REQUIRE(out.size() == all.size());
  return out;
}

}  // namespace

TEST_CASE("ajv on the schema and the engine agree on mutated runbooks, but for what no schema can say") {
  if (!has_node_packages()) return;
  const auto all = cases();
  const auto schema = verdicts(all);
  std::set<const Beyond*> explained;
  int both = 0, neither = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& [path, mutant] = all[i];
    const auto codes = codes_of_errors(path, mutant.text);
    INFO("seed " << seed << ", number " << i << ": " << fs::path(path).filename().string() << ", " << mutant.what);
    const bool schema_takes = schema[i] == "valid";
    if (mutant.what == "nothing") CHECK((schema_takes && codes.empty()));
    if (schema_takes && codes.empty()) ++both;
    else if (!schema_takes && !codes.empty()) ++neither;
    else if (!schema_takes) FAIL_CHECK("only the schema refuses it: " << schema[i]);
    else
      for (const auto& code : codes) {
        if (code.starts_with(expressions)) continue;
        const auto* row = explanation(code, mutant.what);
        if (row != nullptr) explained.insert(row);
        else FAIL_CHECK("only the engine refuses it: " << code);
      }
  }
  CHECK(all.size() >= 2000);
  CHECK(both > 300);
  CHECK(neither > 1000);
  for (const auto& row : beyond) {
    INFO(row.code << " (" << row.why << ") explains nothing any more");
    CHECK(explained.contains(&row));
  }
}

}  // namespace runbook::tests
