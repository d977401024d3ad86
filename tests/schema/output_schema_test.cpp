// The schemas of what the program prints: events and plans, held against what it really prints.
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "base/json.h"
#include "tests/schema/conforming.h"
#include "tests/support/command.h"
#include "run/event_shapes.h"
#include "view/event_json.h"
#include "view/event_schema.h"
#include "view/plan_schema.h"
#include "view/runbook_schema.h"

namespace runbook::tests {
namespace {

namespace fs = std::filesystem;

const fs::path source = RUNBOOK_SOURCE_DIR;

// Every kind of thing that a plan tells of a step.
constexpr const char* runbook = R"(runbook: 1
id: shown
title: 보이는 것
lock: shown
vars: { n: { type: int, default: 3 }, tags: { type: list, default: [a, b] } }
preconditions:
  - { id: there, shell: "true" }
  - 'vars.n == 3'
steps:
  - { id: first, shell: echo 5, changes: none, outputs: { five: 'int(lines[0])' }, expected: 1s..2s, env: { A: "${vars.n}" } }
  - id: polled
    shell: '[ -e there ] || { touch there; exit 1; }'
    changes: none
    retry: { every: 100ms, for: 10s }
    hold: 200ms
  - { id: skipped, when: 'vars.n == 4', shell: ls, changes: none }
  - { id: asked, manual: { ask: 확인, items: [하나, { text: 행 수, input: int }] }, timeout: 1m }
  - { id: approved, approve: { ask: 승인, by: ["user:nobody_else"] }, timeout: 1m, on_fail: continue }
  - id: changing
    shell: exit 3
    changes: a file
    confirm: shown
    rerun: safe
    retry: { every: 100ms, for: 300ms }
    preconditions: [{ id: free, shell: "true" }]
    undo: { shell: "true" }
    probe: { shell: "true", expect: exit == 0 }
success:
  - { id: fine, shell: "true" }
finally:
  - { id: bye, shell: "true", changes: none }
after: [보고서]
)";

void check_conforms(const std::string& schema, const std::vector<std::string>& files, std::size_t least) {
  const auto said = conformity(schema, files);
  for (const auto& line : said.wrong) UNSCOPED_INFO(line);
  CHECK(said.wrong.empty());
  CHECK(said.conforming >= least);
}

std::string without(std::string text, const std::string& part, const std::string& instead) {
  const auto at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.replace(at, part.size(), instead);
}

}  // namespace

TEST_CASE("the checked-in schemas of events and plans are those that the program makes") {
  check_schema_file("event.schema.json", schema_text(event_schema()));
  check_schema_file("plan.schema.json", schema_text(plan_schema()));
  const Workplace place;
  for (const char* of : {"runbook", "event", "plan"}) {
    const auto said = place.runbook({"schema", of});
    CHECK(said.code == 0);
    CHECK((said.out == read_file(source / "schemas" / (std::string(of) + ".schema.json"))));
  }
  CHECK(place.runbook({"schema", "steps"}).code == 2);
}

TEST_CASE("an event of every type conforms; one that lacks a field, or has another, does not") {
  const Workplace place;
  std::string good, bad;
  for (const auto& [type, fields] : event_shapes()) {
    const auto body = decode_body(type, "{}");
    REQUIRE((body && *body));
    const std::string line = event_json("k7f3", Event{7, Instant(), **body});
    good += line + "\n";
    for (const auto& [part, instead] : std::vector<std::pair<std::string, std::string>>{{"\"seq\":7", "\"seq\":\"7\""},
                                                                                        {"\"seq\":7,", ""},
                                                                                        {"\"type\":", "\"more\":1,\"type\":"},
                                                                                        {"\"type\":\"", "\"type\":\"x"}})
      bad += without(line, part, instead) + "\n";
  }
  place.write("good.jsonl", good);
  place.write("bad.jsonl", bad);
  check_conforms("event.schema.json", {place.path() + "/good.jsonl"}, event_shapes().size());
  const auto said = conformity("event.schema.json", {place.path() + "/bad.jsonl"});
  CHECK(said.conforming == 0);
  CHECK(said.wrong.size() == 4 * event_shapes().size());
}

TEST_CASE("what a run prints and show tells conforms") {
  const Workplace place;
  place.write("shown.yaml", runbook);
  std::string printed;
  const auto take = [&](const std::vector<std::string>& arguments) { printed += place.runbook(arguments).out; };
  take({"run", "shown.yaml", "--progress", "json"});
  const std::string id = place.run_id();
  CHECK(place.runbook({"note", id, "a remark"}).code == 0);
  CHECK(place.runbook({"confirm", id, "asked", "1"}).code == 0);
  CHECK(place.runbook({"confirm", id, "asked", "2", "--answer", "12"}).code == 0);
  take({"resume", id, "--progress", "json", "--no-input"});
  CHECK(place.runbook({"reject", id, "approved", "--reason", "no"}).code == 0);
  take({"resume", id, "--progress", "json", "--no-input", "--confirm", "changing=shown"});
  CHECK(place.runbook({"stop", id, "--reason", "enough"}).code == 0);
  const auto shown = parse_json(place.runbook({"show", id, "--output", "json"}).out);
  REQUIRE((shown && shown->find("events") != nullptr));
  std::string told;
  std::set<std::string> types;
  for (const auto& event : *shown->find("events")->list()) {
    told += to_json(event) + "\n";
    types.insert(*event.find("type")->string());
  }
  place.write("printed.jsonl", printed);
  place.write("told.jsonl", told);
  check_conforms("event.schema.json", {place.path() + "/printed.jsonl", place.path() + "/told.jsonl"}, 60);
  for (const char* type : {"run_created", "attempt_finished", "step_skipped", "waiting", "answered", "noted", "run_finished"}) {
    INFO(type);
    CHECK(types.contains(type));
  }
}

TEST_CASE("what --plan prints conforms, with and without checks") {
  const Workplace place;
  place.write("shown.yaml", runbook);
  std::vector<std::string> files;
  const auto plan = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"run", "--plan", "--output", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const std::string name = "plan" + std::to_string(files.size()) + ".jsonl";
    place.write(name, place.runbook(arguments).out);
    files.push_back(place.path() + "/" + name);
  };
  plan({"shown.yaml"});
  plan({"shown.yaml", "--no-checks"});
  place.write("part.yaml",
              "runbook: 1\nvars: { n: { type: int, default: 1 }, who: { type: string } }\n"
              "steps: [{ id: s, shell: ls, changes: none }]\n");
  place.write("uses.yaml",
              "runbook: 1\nsteps: [{ id: each, for_each: [a, b], use: { file: part.yaml, vars: { who: \"${item}\" } } }]\n");
  plan({"uses.yaml"});
  for (const auto& entry : fs::directory_iterator(source / "runbooks"))
    if (entry.path().extension() == ".yaml") plan({entry.path().string(), "--no-checks"});
  check_conforms("plan.schema.json", files, files.size());
  const std::string good = place.read("plan0.jsonl");
  CHECK(good.find("\"preconditions:there\":{\"verdict\":\"met\"") != std::string::npos);
  CHECK(place.read("plan2.jsonl")
            .find(R"({"file":"part.yaml","in":"each[]","variables":{"n":{"source":"caller","value":1},)"
                  R"("who":{"source":"passed","value":"${item}"}}})") != std::string::npos);
  place.write("bad.jsonl", without(good, "\"digest\":", "\"digset\":") + without(good, "\"role\":\"", "\"role\":\"x") +
                               without(good, "\"timeout\":\"", "\"timeout\":\"x"));
  CHECK(conformity("plan.schema.json", {place.path() + "/bad.jsonl"}).wrong.size() == 3);
}

}  // namespace runbook::tests
