// Files that use files: whose steps, whose variables, whose names.
#include "reading.h"

namespace runbook::testing {
namespace {

MemoryFiles files_of(const std::string& main, const std::string& part) {
  return files_in({{"runbook.yaml", "runbook: 1\n" + main}, {"parts/part.yaml", "runbook: 1\n" + part}});
}

std::string value_in(const Runbook& book, unsigned unit, const std::string& name) {
  const auto& variable = book.units[unit].variables.at(name);
  return variable.value ? to_text(*variable.value) : "(none)";
}

const std::string one_step = "steps: [{ id: s, shell: ls, changes: none }]\n";

}  // namespace

TEST_CASE("use in steps is a group of that file's steps, with its title and outputs") {
  const Runbook book = read(files_of(
      "steps: [{ id: check, use: parts/part.yaml, needs: [] }]\n",
      "title: 검증 ${vars.v}\nvars: { v: { type: string, default: x } }\n" + one_step + "outputs: { n: steps.s.exit }\n"));
  REQUIRE(book.units.size() == 2);
  const Step& group = book.steps[0];
  CHECK(group.is_group);
  CHECK(group.is_use);
  CHECK(group.unit == 0);
  CHECK(text_of(group.title) == "검증 x");
  CHECK(group.outputs.size() == 1);
  CHECK(group.outputs_unit == 1);
  REQUIRE(group.steps.size() == 1);
  CHECK(group.steps[0].unit == 1);
  CHECK(book.units[1].cwd == "/books/parts");
}

TEST_CASE("lists are spliced where they are used, and bare expressions are numbered in the whole list") {
  const Runbook book = read(files_of(
      "preconditions: ['true', { use: parts/part.yaml }, 'true', { id: check_5, expect: 'true' }, 'true']\n" + one_step +
          "success: [{ use: parts/part.yaml }, 'true']\nafter: [하나, { use: parts/part.yaml }]\n",
      "preconditions: ['1 == 1', { id: own, expect: 'true' }]\nsuccess: ['1 == 1']\nafter: [둘, { title: 셋, items: [a] }]\n"));
  const auto ids = [](const std::vector<Step>& list) {
    std::vector<std::string> out;
    for (const auto& one : list) out.push_back(one.id);
    return out;
  };
  CHECK(ids(book.preconditions) == std::vector<std::string>{"check_1", "check_2", "own", "check_4", "check_5", "check_6"});
  CHECK(ids(book.success) == std::vector<std::string>{"check_1", "check_2"});
  CHECK(book.preconditions[1].unit == 1);
  REQUIRE(book.after.size() == 3);
  CHECK(text_of(book.after[2].title) == "셋");
  CHECK(book.after[2].unit != 0);
}

TEST_CASE("a variable gets what is passed, else the caller's, else its default") {
  const std::string part =
      "vars: { a: { type: string, default: part }, b: { type: string, default: part }, c: { type: string, default: part } }\n" +
      one_step;
  const Runbook book =
      read(files_of("vars: { a: { type: string, default: caller }, b: { type: string, default: caller } }\n"
                    "steps: [{ id: x, use: { file: parts/part.yaml, vars: { a: passed } } }, { id: y, use: parts/part.yaml }]\n",
                    part));
  CHECK(value_in(book, 1, "a") == "passed");
  CHECK(value_in(book, 1, "b") == "caller");
  CHECK(value_in(book, 1, "c") == "part");
  CHECK(value_in(book, 2, "a") == "caller");
  CHECK(book.units[1].variables.at("a").source == Variable::Source::passed);
  CHECK(book.units[1].variables.at("b").source == Variable::Source::outer);
}

TEST_CASE("what the caller neither passes nor declares becomes the caller's") {
  const auto files = files_of(
      "requires: { env: [USER] }\nsteps: [{ id: x, use: parts/part.yaml }, { id: y, sql: { db: reports, query: SELECT 1 } }]\n",
      "requires: { env: [DB_HOST], commands: [psql] }\nvars: { tag: { type: string, ask: 어느 태그 } }\n"
      "secrets: { password: { file: secret } }\nconnections: { reports: { host: \"${env.DB_HOST}\", password: \"${secrets.password}\" } }\n" +
          one_step);
  const Runbook asked = read(files);
  CHECK(asked.unanswered == std::vector<std::string>{"tag"});
  CHECK(asked.units[0].secrets.at("password").what[0] == "/books/parts/secret");
  CHECK(asked.units[0].connections.contains("reports"));
  CHECK(asked.units[0].requires_.env.size() == 2);
  CHECK(asked.units[0].requires_.commands.empty());
  Inputs inputs = inputs_of("runbook.yaml");
  inputs.variables["tag"] = "v5.3.1";
  inputs.environment["DB_HOST"] = "db1";
  inputs.environment["USER"] = "kim";
  const Runbook given = read(files, inputs);
  CHECK(value_in(given, 0, "tag") == "v5.3.1");
  CHECK(value_in(given, 1, "tag") == "v5.3.1");
}

TEST_CASE("a default made of a passed variable stays the used file's own") {
  const Runbook book = read(files_of(
      "vars: { name: { type: string, default: other } }\nsteps: [{ id: x, use: { file: parts/part.yaml, vars: { name: web } } }, { id: y, use: { file: parts/part.yaml, vars: { name: api } } }]\n",
      "vars:\n  name: { type: string }\n  url: { type: string, default: \"http://${vars.name}\" }\n  health: { type: string, default: \"${vars.url}/health\" }\n"
      "  port: { type: int, default: 80 }\n" +
          one_step));
  CHECK(value_in(book, 1, "health") == "http://web/health");
  CHECK(value_in(book, 2, "health") == "http://api/health");
  CHECK_FALSE(book.units[0].variables.contains("health"));
  CHECK(book.units[0].variables.contains("port"));
}

TEST_CASE("passed values keep their types and may name the caller's variables") {
  const Runbook book = read(files_of(
      "vars: { n: { type: int, default: 3 }, hosts: { type: list, default: [a, b] } }\n"
      "steps: [{ id: x, use: { file: parts/part.yaml, vars: { count: \"${vars.n}\", all: \"${vars.hosts}\", text: \"n=${vars.n}\", on: true } } }]\n",
      "vars: { count: { type: int }, all: { type: list }, text: { type: string }, on: { type: bool } }\n" + one_step));
  CHECK(value_in(book, 1, "count") == "3");
  CHECK(value_in(book, 1, "all") == R"(["a","b"])");
  CHECK(value_in(book, 1, "text") == "n=3");
  CHECK(value_in(book, 1, "on") == "true");
}

TEST_CASE("names of used files are relative to the file that uses them, and errors name them as the operator would") {
  const MemoryFiles files = files_in({{"team/runbook.yaml", "runbook: 1\nsteps: [{ id: x, use: ../parts/a.yaml }]\n"},
                                      {"parts/a.yaml", "runbook: 1\nsteps: [{ id: y, use: b.yaml }]\n"},
                                      {"parts/b.yaml", "runbook: 1\nsteps: [{ id: z, shell: ls, changes: none }]\n"}});
  const Runbook book = read(files, inputs_of("team/runbook.yaml"));
  REQUIRE(book.sources.size() == 3);
  CHECK(book.sources[1].name == "parts/a.yaml");
  CHECK(book.sources[2].path == "/books/parts/b.yaml");
  CHECK(book.steps[0].steps[0].steps[0].id == "z");
}

TEST_CASE("a used file's settings hold for its own steps only") {
  const Runbook book = read(files_of(
      "defaults: { every: 1s }\nsteps: [{ id: x, use: parts/part.yaml }, { id: y, shell: ls, changes: none, retry: { for: 1m } }]\n",
      "defaults: { every: 9s }\ncwd: sub\nsteps: [{ id: s, shell: ls, changes: none, retry: { for: 1m } }]\n"));
  CHECK(book.steps[0].steps[0].retry->every == std::chrono::seconds(9));
  CHECK(book.steps[1].retry->every == std::chrono::seconds(1));
  CHECK(book.units[1].cwd == "/books/parts/sub");
}

}  // namespace runbook::testing
