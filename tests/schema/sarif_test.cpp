// What `lint --output sarif` prints, held against the standard's shapes by a validator that is not ours.
#include <catch2/catch.hpp>

#include "base/json.h"
#include "tests/schema/conforming.h"
#include "tests/support/command.h"

namespace runbook::tests {
namespace {

constexpr const char* schema = "../tests/schema/sarif.schema.json";

std::string sarif_of(const Workplace& place) {
  place.write(
      "롤백 계획.yaml",
      "runbook: 1\ntittle: 롤백\nsteps:\n  - { id: a, shell: ls, changes: none }\n  - { id: a, shell: ls, needs: [b] }\n");
  place.write("scripts.yaml",
              "runbook: 1\nvars: { tag: { type: string, default: v1 } }\nsteps:\n"
              "  - { id: 가, shell: ls }\n  - { id: a, shell: 'echo \"가', changes: none }\n");
  place.write("advice.yaml",
              "runbook: 1\nvars: { tag: { type: string, default: v1 } }\nsteps:\n"
              "  - { id: a, shell: 'echo \"가\"; )', changes: none }\n  - { id: b, shell: touch f, changes: f }\n");
  const auto got = place.runbook({"lint", "--output", "sarif", "--profile", "production"});
  CHECK(got.code == 3);
  CHECK(got.err == "");
  return got.out;
}

std::string without(std::string text, const std::string& part, const std::string& instead) {
  const auto at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.replace(at, part.size(), instead);
}

}  // namespace

TEST_CASE("findings conform to SARIF, and every result names its rule") {
  const Workplace place;
  const std::string text = sarif_of(place);
  place.write("good.sarif", text);
  const auto said = conformity(schema, {place.path() + "/good.sarif"});
  for (const auto& line : said.wrong) UNSCOPED_INFO(line);
  CHECK(said.wrong.empty());
  CHECK(said.conforming == 1);

  const auto sarif = parse_json(text);
  REQUIRE(sarif);
  const auto& run = (*sarif->find("runs")->list())[0];
  const auto& rules = *run.find("tool")->find("driver")->find("rules")->list();
  const auto& results = *run.find("results")->list();
  CHECK(rules.size() >= 6);
  CHECK(results.size() >= 8);
  for (const auto& result : results) {
    const auto index = static_cast<std::size_t>(*result.find("ruleIndex")->integer());
    REQUIRE(index < rules.size());
    CHECK(*rules[index].find("id") == *result.find("ruleId"));
  }
}

TEST_CASE("what SARIF forbids is found by this test") {
  const Workplace place;
  const std::string text = sarif_of(place);
  const std::vector<std::pair<std::string, std::string>> changes{{"\"2.1.0\"", "\"2.0\""},
                                                                 {"\"startLine\": ", "\"startLine\": -"},
                                                                 {"\"ruleIndex\": ", "\"index\": "},
                                                                 {"\"level\": \"error\"", "\"level\": \"fatal\""},
                                                                 {"%EB", "롤"},
                                                                 {"\"physicalLocation\"", "\"place\""}};
  std::vector<std::string> files;
  for (const auto& [part, instead] : changes) {
    const auto name = std::to_string(files.size()) + ".sarif";
    place.write(name, without(text, part, instead));
    files.push_back(place.path() + "/" + name);
  }
  const auto said = conformity(schema, files);
  CHECK(said.conforming == 0);
  CHECK(said.wrong.size() == changes.size());
}

}  // namespace runbook::tests
