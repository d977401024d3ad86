// Where a variable's value comes from, and what types make of it.
#include "reading.h"

namespace runbook::testing {
namespace {

Variable variable(const std::string& declaration, const std::optional<std::string>& given = {}) {
  Inputs inputs = inputs_of("runbook.yaml");
  if (given) inputs.variables["v"] = *given;
  inputs.environment["HOME"] = "/home/kim";
  return read("requires: { env: [HOME] }\nvars:\n  base: { type: string, default: b }\n  v: " + declaration + "\nsteps: []\n",
              inputs)
      .units[0]
      .variables.at("v");
}

std::string shown(const Variable& v) {
  return v.value ? std::string(kind_name(v.value->kind())) + " " + to_text(*v.value) : "(none)";
}

}  // namespace

TEST_CASE("a default has its variable's type") {
  struct Case {
    const char* declared;
    const char* value;
  };
  const auto c = GENERATE(values<Case>({
      {"{ type: string, default: 3.10 }", "string 3.10"},
      {"{ type: string, default: \"true\" }", "string true"},
      {"{ type: string, default: 0777 }", "string 0777"},
      {"{ type: string, default: \"${vars.base}-${env.HOME}\" }", "string b-/home/kim"},
      {"{ type: int, default: 3 }", "int 3"},
      {"{ type: int, default: \"3\" }", "int 3"},
      {"{ type: number, default: 0.01 }", "double 0.01"},
      {"{ type: number, default: 1 }", "double 1"},
      {"{ type: bool, default: true }", "bool true"},
      {"{ type: path, default: ./backups/a.gz }", "string ./backups/a.gz"},
      {"{ type: enum, choices: [low, high], default: high }", "string high"},
      {"{ type: list, default: [a, 1, true] }", R"(list ["a",1,true])"},
      {"{ type: list, default: [\"${vars.base}\"] }", R"(list ["b"])"},
      {"{ type: list, default: \"a,b\" }", R"(list ["a","b"])"},
      {"{ type: list, default: [] }", "list []"},
      {"{ type: int, choices: [1, 2], default: 2 }", "int 2"},
      {"{ type: string, pattern: \"[a-z]+\", default: abc }", "string abc"},
  }));
  INFO(c.declared);
  const Variable v = variable(c.declared);
  CHECK(shown(v) == c.value);
  CHECK(v.source == Variable::Source::fallback);
}

TEST_CASE("a duration is a duration") {
  CHECK(shown(variable("{ type: duration, default: 90s }")) == std::string(kind_name(Value::Kind::duration)) + " 1m30s");
}

TEST_CASE("a given value is read by its type") {
  struct Case {
    const char* declared;
    const char* given;
    const char* value;
  };
  const auto c = GENERATE(values<Case>({
      {"{ type: string }", "", "string "},
      {"{ type: string, default: a }", "b=c", "string b=c"},
      {"{ type: int, ask: 몇 개 }", "-5", "int -5"},
      {"{ type: list, required: true }", "a,b", R"(list ["a","b"])"},
      {"{ type: list }", R"(["a", 1])", R"(list ["a",1])"},
      {"{ type: bool, default: true }", "false", "bool false"},
      {"{ type: string, choices: { shell: git tag }, ask: 어느 태그 }", "v5", "string v5"},
  }));
  INFO(c.declared << " " << c.given);
  const Variable v = variable(c.declared, c.given);
  CHECK(shown(v) == c.value);
  CHECK(v.source == Variable::Source::given);
}

TEST_CASE("what is asked or required and not given waits for an answer") {
  const Runbook book = read(
      "vars:\n  b: { type: string, required: true }\n  a: { type: string, ask: 무엇 }\n  c: { type: string }\n  d: { type: string, default: x }\nsteps: []\n");
  CHECK(book.unanswered == std::vector<std::string>{"b", "a"});
  CHECK(book.units[0].variables.at("a").source == Variable::Source::asked);
  CHECK(book.units[0].variables.at("c").source == Variable::Source::unset);
}

TEST_CASE("candidates are an action that reads") {
  const Variable v = variable("{ type: string, ask: 어느 태그, choices: { shell: git tag --list } }");
  REQUIRE(v.candidates.has_value());
  CHECK(v.candidates->kind->name == "shell");
  CHECK(v.choices.empty());
}

TEST_CASE("answers that are missing hide no other errors") {
  const MemoryFiles files = files_in(
      {{"runbook.yaml",
        "runbook: 1\nvars:\n  a: { type: string, ask: 무엇 }\n  b: { type: string, default: \"${vars.a}\" }\ncwd: \"${vars.a}\"\n"
        "steps: [{ id: x, shell: ls, changes: none, timeout: 5 }]\n"}});
  const auto reading = read_runbook(inputs_of("runbook.yaml"), files, all_kinds());
  REQUIRE(reading.diagnostics.size() == 1);
  CHECK(reading.diagnostics[0].code == "RB216");
}

}  // namespace runbook::testing
