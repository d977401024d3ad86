// What an author sees in an editor: the real yaml-language-server (npm) reads a runbook whose first line names the schema by a
// relative path, as the runbooks of the project do.
#include <catch2/catch.hpp>
#include <algorithm>
#include <filesystem>

#include "base/json.h"
#include "tests/support/command.h"
#include "tests/support/node_packages.h"

namespace runbook::tests {
namespace {

const std::string source = RUNBOOK_SOURCE_DIR;
constexpr const char* modeline = "# yaml-language-server: $schema=../schemas/runbook.schema.json\n";

// The answers, in order; the first is what the editor marks.
std::vector<Value> editor(const std::string& text, const std::string& questions) {
  const Workplace place;
  std::filesystem::create_directory(place.path() + "/schemas");
  place.write("schemas/runbook.schema.json", read_file(source + "/schemas/runbook.schema.json"));
  std::filesystem::create_directory(place.path() + "/runbooks");
  place.write("runbooks/book.yaml", text);
  const auto said =
      place.shell("timeout 60 node " + source + "/tests/editor/language_server.mjs " RUNBOOK_BINARY_DIR "/../node " +
                  place.path() + "/runbooks/book.yaml " + questions);
  INFO(said.out << said.err);
  REQUIRE(said.code == 0);
  std::vector<Value> answers;
  for (std::size_t begin = 0; begin < said.out.size();) {
    const auto end = said.out.find('\n', begin);
    const auto answer = parse_json(said.out.substr(begin, end - begin));
    REQUIRE(answer);
    answers.push_back(*answer);
    begin = end + 1;
  }
  return answers;
}

bool offers(const Value& answer, const char* word) {
  return std::find(answer.list()->begin(), answer.list()->end(), Value(word)) != answer.list()->end();
}

}  // namespace

TEST_CASE("the editor offers the keys of a step, and the words of a key") {
  if (!has_node_packages()) return;
  const auto answers = editor(std::string(modeline) + "runbook: 1\nsteps:\n  - id: look\n    shell: ls\n    \n    rerun: \n",
                              "completion 5 4 completion 6 11");
  REQUIRE(answers.size() == 3);
  for (const char* key : {"timeout", "needs", "changes", "expect", "undo", "probe", "for_each"}) {
    INFO(key);
    CHECK(offers(answers[1], key));
  }
  for (const char* key : {"id", "shell", "owner", "late"}) {  // there already, or of another place
    INFO(key);
    CHECK_FALSE(offers(answers[1], key));
  }
  CHECK(*answers[2].list() == Value::List{"safe"});
}

TEST_CASE("the editor shows what a key means, in both languages") {
  if (!has_node_packages()) return;
  const auto answers = editor(std::string(modeline) + "runbook: 1\nsteps:\n  - id: look\n    shell: ls\n    changes: none\n",
                              "hover 5 6 hover 2 2");
  REQUIRE(answers.size() == 3);
  CHECK(answers[0].list()->empty());
  CHECK(answers[1].string()->find("what it changes") != std::string::npos);
  CHECK(answers[1].string()->find("바꾸는 것") != std::string::npos);
  CHECK_FALSE(answers[2].string()->empty());
}

TEST_CASE("the editor marks a misspelt key, and a value of the wrong kind, in its line") {
  if (!has_node_packages()) return;
  const auto answers = editor(std::string(modeline) +
                                  "runbook: 1\nsteps:\n  - id: look\n    shell: ls\n    timeut: 5m\n  - id: two\n    shell: ls\n"
                                  "    needs: look\n",
                              "");
  REQUIRE(answers.size() == 1);
  std::vector<std::int64_t> lines;
  for (const auto& marked : *answers[0].list()) lines.push_back(*marked.find("line")->integer());
  CHECK(lines == std::vector<std::int64_t>{5, 8});
}

TEST_CASE("the editor marks nothing in the runbooks of the project") {
  if (!has_node_packages()) return;
  for (const char* folder : {"/runbooks", "/examples"})
    for (const auto& entry : std::filesystem::directory_iterator(source + folder)) {
      if (entry.path().extension() != ".yaml") continue;
      INFO(entry.path());
      const auto answers = editor(read_file(entry.path()), "");
      CHECK(to_json(answers[0]) == "[]");
    }
}

}  // namespace runbook::tests
