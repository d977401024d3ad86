// The schema of runbooks: made from the tables, kept in schemas/, true of every valid file there is and of no broken one.
#include "view/runbook_schema.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "action/kinds.h"
#include "runbook/keyed_map.h"
#include "tests/schema/conforming.h"
#include "tests/support/command.h"
#include "view/key_reference.h"

namespace runbook::tests {
namespace {

namespace fs = std::filesystem;

const fs::path source = RUNBOOK_SOURCE_DIR;

std::vector<std::string> yaml_files(const fs::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".yaml") out.push_back(entry.path().string());
  return out;
}

void check_all_conform(const std::vector<std::string>& files) {
  const auto said = conformity("runbook.schema.json", files);
  for (const auto& line : said.wrong) UNSCOPED_INFO(line);
  CHECK(said.wrong.empty());
  CHECK(said.conforming == files.size());
}

}  // namespace

TEST_CASE("the checked-in schema is the one that the tables make") {
  check_schema_file("runbook.schema.json", schema_text(runbook_schema(all_kinds())));
}

TEST_CASE("the checked-in reference is the one that the tables make") {
  check_schema_file("reference.md", reference_markdown(key_reference(all_kinds(), Language::english)));
  check_schema_file("reference.ko.md", reference_markdown(key_reference(all_kinds(), Language::korean)));
}

TEST_CASE("every key of the tables is in the schema, with its words in both languages") {
  const Value schema = runbook_schema(all_kinds());
  const Value* definitions = schema.find("definitions");
  REQUIRE(definitions != nullptr);
  for (const Where where : all_places()) {
    const Value* place = where == Where::top ? &schema : definitions->find(place_id(where));
    REQUIRE(place != nullptr);
    for (const Key& key : all_keys()) {
      if (!key.in(where)) continue;
      INFO(place_id(where) << ": " << key.name);
      const Value* property = place->find("properties")->find(key.name);
      CHECK(property != nullptr);
      if (property == nullptr) continue;
      const std::string description = *property->find("description")->string();
      CHECK(description.find(key.doc_en) != std::string::npos);
      CHECK(description.find(key.doc_ko) != std::string::npos);
    }
    for (const auto* kind : all_kinds()) {
      const Value* properties = place->find("properties");
      const bool is_taken = takes_action(where) && !(kind->asks_people && asks_nobody(where));
      CHECK(is_taken == (properties->find(kind->name) != nullptr));
    }
  }
}

TEST_CASE("the runbooks of the project conform to the schema") {
  auto files = yaml_files(source / "runbooks");
  for (auto& file : yaml_files(source / "examples")) files.push_back(std::move(file));
  for (const auto& file : files) {
    INFO(file);
    CHECK(read_file(file).starts_with("# yaml-language-server: $schema=../schemas/runbook.schema.json\n"));
  }
  for (auto& file : yaml_files(source / "tests/view/rollback")) files.push_back(std::move(file));
  CHECK(files.size() >= 11);
  check_all_conform(files);
}

TEST_CASE("what the reader takes, the schema takes: every valid file of its tests") {
  const Workplace place;
  fs::create_directory(place.path() + "/valid");
  for (const char* tests : {"test-runbook", "test-plan"}) {
    const auto said = place.shell("KEEP_VALID=" + place.path() + "/valid " RUNBOOK_BINARY_DIR "/" + tests);
    INFO(said.out);
    REQUIRE(said.code == 0);
  }
  const auto files = yaml_files(place.path() + "/valid");
  CHECK(files.size() > 100);
  check_all_conform(files);
}

TEST_CASE("what is wrong by its shape does not conform") {
  struct Case {
    const char* what;
    const char* text;
  };
  const std::vector<Case> cases{
      {"no version", "steps: []"},
      {"another version", "runbook: 2"},
      {"an unknown key of the file", "runbook: 1\ntittle: x"},
      {"a channel without a URL", "runbook: 1\nnotify: [{ format: json }]"},
      {"a notice of another name", "runbook: 1\nnotify: [{ url: http://x, tell: [done] }]"},
      {"a key for extensions", "runbook: 1\nx-mine: 1"},
      {"an id with capitals", "runbook: 1\nid: Roll"},
      {"a list for a text", "runbook: 1\ncontact: [a]"},
      {"a map for a text", "runbook: 1\ntitle: { a: b }"},
      {"an unknown word", "runbook: 1\nrisk: huge"},
      {"no unit", "runbook: 1\nexpected: 3"},
      {"a range with a dash", "runbook: 1\nexpected: 2-3m"},
      {"units out of order", "runbook: 1\ndefaults: { timeout: 3s1m }"},
      {"an unknown default", "runbook: 1\ndefaults: { retry: 3s }"},
      {"a variable without a type", "runbook: 1\nvars: { a: { default: x } }"},
      {"a variable that is no map", "runbook: 1\nvars: { a: x }"},
      {"a variable with a default and a question", "runbook: 1\nvars: { a: { type: string, default: x, ask: y } }"},
      {"an unknown type", "runbook: 1\nvars: { a: { type: text } }"},
      {"a reserved name", "runbook: 1\nvars: { items: { type: string } }"},
      {"an environment name with a dash", "runbook: 1\nenv: { A-B: x }"},
      {"a secret from two sources", "runbook: 1\nsecrets: { a: { env: A, file: b } }"},
      {"a connection of no kind", "runbook: 1\nconnections: { a: { hots: b } }"},
      {"a step without id", "runbook: 1\nsteps: [{ shell: ls }]"},
      {"a step without action", "runbook: 1\nsteps: [{ id: a }]"},
      {"a step of two actions", "runbook: 1\nsteps: [{ id: a, shell: ls, sql: { db: d, query: q } }]"},
      {"an action in a group", "runbook: 1\nsteps: [{ id: a, shell: ls, steps: [{ id: b, shell: ls }] }]"},
      {"an empty group", "runbook: 1\nsteps: [{ id: a, steps: [] }]"},
      {"steps and use", "runbook: 1\nsteps: [{ id: a, use: f.yaml, steps: [{ id: b, shell: ls }] }]"},
      {"an unknown key of a step", "runbook: 1\nsteps: [{ id: a, shell: ls, depends_on: [b] }]"},
      {"a step's key in a group", "runbook: 1\nsteps: [{ id: a, use: f.yaml, timeout: 3m }]"},
      {"a wrong step within a group", "runbook: 1\nsteps: [{ id: a, steps: [{ id: b, shel: ls }] }]"},
      {"needs that are no list", "runbook: 1\nsteps: [{ id: a, shell: ls, needs: b }]"},
      {"braces around an expression", "runbook: 1\nsteps: [{ id: a, shell: ls, when: \"${vars.a}\" }]"},
      {"a retry without limit", "runbook: 1\nsteps: [{ id: a, shell: ls, retry: { every: 3s } }]"},
      {"a probe without expect", "runbook: 1\nsteps: [{ id: a, shell: ls, probe: { shell: ls } }]"},
      {"an undo with an id", "runbook: 1\nsteps: [{ id: a, shell: ls, undo: { id: b, shell: ls } }]"},
      {"nobody to wait for", "runbook: 1\nsteps: [{ id: a, manual: look }]"},
      {"an unknown key of an action", "runbook: 1\nsteps: [{ id: a, shell: { scrpt: ls } }]"},
      {"a script and argv", "runbook: 1\nsteps: [{ id: a, shell: { script: ls, argv: [ls] } }]"},
      {"a text where a map is wanted", "runbook: 1\nsteps: [{ id: a, http: /health }]"},
      {"two verbs", "runbook: 1\nsteps: [{ id: a, http: { get: /a, post: /b } }]"},
      {"no verb", "runbook: 1\nsteps: [{ id: a, http: { base: b } }]"},
      {"two bodies", "runbook: 1\nsteps: [{ id: a, http: { post: /a, text: b, json: {} } }]"},
      {"sql without a database", "runbook: 1\nsteps: [{ id: a, sql: { query: q } }]"},
      {"a text for a number", "runbook: 1\nsteps: [{ id: a, approve: { ask: b, count: two }, timeout: 3m }]"},
      {"a checklist that became a map", "runbook: 1\nsteps: [{ id: a, manual: { ask: b, items: [{ c: d }] }, timeout: 3m }]"},
      {"needs in a check", "runbook: 1\nsuccess: [{ id: a, shell: ls, needs: [] }]"},
      {"a check of nothing", "runbook: 1\nsuccess: [{ id: a, title: b }]"},
      {"no_data in a precondition", "runbook: 1\npreconditions: [{ id: a, expect: b, no_data: ask }]"},
      {"use in a step's precondition", "runbook: 1\nsteps: [{ id: a, shell: ls, preconditions: [{ use: f.yaml }] }]"},
      {"a use without file", "runbook: 1\nsteps: [{ id: a, use: { vars: { b: 1 } } }]"},
      {"a follow-up that became a map", "runbook: 1\nafter: [{ later: clean }]"},
      {"no steps but a map of them", "runbook: 1\nsteps: { a: { shell: ls } }"},
      {"no map at all", "- a"},
  };
  const Workplace place;
  std::vector<std::string> files;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const std::string name = std::to_string(i) + ".yaml";
    place.write(name, cases[i].text);
    files.push_back(place.path() + "/" + name);
  }
  const auto said = conformity("runbook.schema.json", files);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    INFO(cases[i].what);
    const auto refused = [&](const std::string& line) { return line.starts_with(files[i] + ": "); };
    CHECK(std::any_of(said.wrong.begin(), said.wrong.end(), refused));
  }
  CHECK(said.conforming == 0);
}

TEST_CASE("`runbook schema` prints the schema") {
  const Workplace place;
  const auto said = place.runbook({"schema"});
  CHECK(said.code == 0);
  CHECK((said.out == read_file(source / "schemas/runbook.schema.json")));
}

}  // namespace runbook::tests
