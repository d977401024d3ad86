// The command `lint`: files to what is said of them, by the program itself.
#include <catch2/catch.hpp>
#include <filesystem>

#include "base/json.h"
#include "tests/support/command.h"

namespace runbook::tests {
namespace {

namespace fs = std::filesystem;

constexpr const char* people = "owner: 팀\ncontact: '112'\n";

}  // namespace

TEST_CASE("the project's own runbooks and examples pass without a word, but for scripts and a document that are elsewhere") {
  const Workplace place;
  std::size_t count = 0;
  for (const char* folder : {"runbooks", "examples"})
    for (const auto& entry : fs::directory_iterator(fs::path(RUNBOOK_SOURCE_DIR) / folder)) {
      if (entry.path().extension() != ".yaml") continue;
      ++count;
      const auto got = place.runbook({"lint", "--output", "json", entry.path().string()});
      INFO(got.out << got.err);
      CHECK(got.code == 0);
      const auto said = parse_json(got.out);
      REQUIRE(said);
      for (const auto& one : *said->list())
        CHECK_THAT(to_text(*one.find("code")), Catch::Equals("RB501") || Catch::Equals("RB503"));  // scripts, and the document
    }
  CHECK(count >= 9);
}

TEST_CASE("a file that several use is complained about once") {
  const Workplace place;
  const std::string step = "runbook: 1\nowner: a\ncontact: b\nsteps: [{ id: one, use: part.yaml }]\n";
  place.write("a.yaml", step);
  place.write("b.yaml", step);
  place.write("part.yaml", "runbook: 1\nsteps: [{ id: x, shell: ls, changes: none, wehn: 'true' }]\n");
  const auto all = place.runbook({"lint", "a.yaml", "b.yaml", "part.yaml"});
  CHECK(all.code == 3);
  CHECK_THAT(all.out, Catch::Contains("wehn") && Catch::EndsWith("3 files, 1 errors, 0 warnings\n"));
  CHECK(parse_json(place.runbook({"lint", "--output", "json", "a.yaml", "b.yaml"}).out)->list()->size() == 1);
  CHECK(place.runbook({"lint", "b.yaml"}).code == 3);
}

TEST_CASE("a folder or a file of SQL that is not there is said before the run, unless a step may make it") {
  const Workplace place;
  const auto said = [&](const std::string& steps) {
    place.write("a.yaml", "runbook: 1\nconnections: { db: { service: a } }\nsteps:\n" + steps);
    const auto got = place.runbook({"lint", "--output", "json", "a.yaml"});
    INFO(got.out << got.err);
    const auto all = parse_json(got.out);
    REQUIRE(all);
    std::string out;
    for (const auto& one : *all->list()) out += to_text(*one.find("code")) + " " + to_text(*one.find("line")) + "\n";
    return out;
  };
  place.write("release/there.sql", "SELECT 1");
  struct Case {
    const char* steps;
    const char* said;
  };
  const auto c = GENERATE(values<Case>({
      {"  - { id: a, shell: ls, changes: none, cwd: ./releese }\n", "RB501 4\n"},
      {"  - { id: a, shell: ./x, changes: none, cwd: releese/now/ }\n", "RB501 4\n"},
      {"  - { id: a, shell: ls, changes: x, undo: { shell: ls, cwd: releese } }\n", "RB501 4\n"},
      {"  - { id: a, sql: { db: db, file: nofile.sql } }\n  - { id: b, sql: { db: db, file: /no/file.sql } }\n",
       "RB501 4\nRB501 5\n"},
      {"  - { id: a, sql: { db: db, file: there.sql } }\n", "RB501 4\n"},
      {"  - { id: a, sql: { db: db, file: there.sql }, cwd: release }\n", ""},
      {"  - { id: a, shell: ls, changes: none, cwd: release }\n", ""},
      {"  - { id: a, shell: ls, changes: none, cwd: /no/folder }\n", ""},
      {"  - { id: a, ssh: { host: h, script: ls }, changes: none, cwd: app }\n", ""},
      {"  - { id: a, shell: 'git clone https://h/app', changes: app }\n  - { id: b, shell: ls, changes: none, cwd: ./app }\n",
       ""},
      {"  - { id: a, shell: 'pg_dump >old.sql', changes: x }\n  - { id: b, sql: { db: db, file: old.sql } }\n", ""},
  }));
  CHECK(said(c.steps) == c.said);
}

TEST_CASE("the folder of a whole file that is not there is shown where it is written") {
  const Workplace place;
  const auto said = [&](const std::string& cwd) {
    place.write("a.yaml", "runbook: 1\n" + cwd + "\nsteps: [{ id: a, shell: ls, changes: none }]\n");
    return place.runbook({"lint", "a.yaml"}).out;
  };
  CHECK_THAT(said("cwd: './releese'  # of today"), Catch::Contains("warning[RB501]: `./releese` does not exist in /") &&
                                                       Catch::Contains("a.yaml:2:7") && Catch::Contains(" ^^^^^^^^^\n"));
  CHECK_THAT(said("cwd: ~/app"), Catch::Contains("warning[RB501]: `~/app` does not exist in /"));
  CHECK_THAT(said("cwd: /no/folder"), Catch::EndsWith("0 errors, 0 warnings\n"));
  CHECK_THAT(said("cwd: ."), Catch::EndsWith("0 errors, 0 warnings\n"));
}

TEST_CASE("a profile adds what it asks for; errors, and only they, give exit 3") {
  const Workplace place;
  place.write("a.yaml", std::string("runbook: 1\n") + "steps: [{ id: a, shell: touch f, changes: f }]\n");
  CHECK(place.runbook({"lint", "a.yaml"}).out == "1 files, 0 errors, 0 warnings\n");
  const auto production = place.runbook({"lint", "--profile", "production", "a.yaml"});
  CHECK(production.code == 0);
  CHECK(production.out.find("warning[RB461]: step `a` changes something and has no `undo`") != std::string::npos);
  CHECK(production.out.find("1 files, 0 errors, 3 warnings") != std::string::npos);
  place.write("b.yaml", std::string("runbook: 1\n") + people + "steps: [{ id: a, shell: 'if', changes: none }]\n");
  const auto wrong = place.runbook({"lint", "b.yaml"});
  CHECK(wrong.code == 3);
  CHECK(wrong.out.find("error[RB505]: the shell cannot read this script") != std::string::npos);
}

TEST_CASE("where the names that reach a script could not all be read, its syntax is looked at, and shellcheck is not asked") {
  const Workplace place;
  const std::string steps = "steps: [{ id: a, shell: 'echo \"$tag\"', changes: none }, { id: b, shell: 'if', changes: none }]\n";
  place.write("a.yaml", "runbook: 1\nvarz: { tag: { type: string, default: x } }\n" + steps);
  const auto got = place.runbook({"lint", "a.yaml"}).out;
  CHECK(got.find("error[RB201]") != std::string::npos);
  CHECK(got.find("error[RB505]") != std::string::npos);
  CHECK(got.find("2 errors, 0 warnings") != std::string::npos);
  place.write("b.yaml", "runbook: 1\ntitel: x\n" + steps);
  const auto known = place.runbook({"lint", "b.yaml"}).out;
  if (place.shell("command -v shellcheck").code == 0) CHECK(known.find("RB507") != std::string::npos);
}

TEST_CASE("a code is explained, and a mistyped one suggested") {
  const Workplace place;
  const auto got = place.runbook({"lint", "--explain", "RB302"});
  CHECK(got.code == 0);
  CHECK(got.out.find("RB302\n") == 0);
  CHECK(got.out.find("\nwrong:\n") != std::string::npos);
  CHECK(got.out.find("\nright:\n") != std::string::npos);
  CHECK(place.runbook({"lint", "--explain", "rb302"}).out == got.out);
  const auto unknown = place.runbook({"lint", "--explain", "RB3022"});
  CHECK(unknown.code == 2);
  CHECK(unknown.err.find("did you mean RB302?") != std::string::npos);
}

TEST_CASE("for GitHub each finding is one line that its runner understands") {
  const Workplace place;
  place.write("a,b.yaml", "runbook: 1\ntittle: 100%\nsteps: [{ id: a, shell: ls, changes: none }]\n");
  const auto got = place.runbook({"lint", "--output", "github", "a,b.yaml"});
  CHECK(got.code == 3);
  CHECK(got.out ==
        "::error file=a%2Cb.yaml,line=2,col=1,endColumn=7,title=RB201::unknown key `tittle`%0Adid you mean `title`?\n");
}

TEST_CASE("a runbook of a thousand different scripts is looked at, none left out") {
  const Workplace place;
  std::string text = "runbook: 1\nsteps:\n";
  for (int i = 0; i < 1000; ++i)
    text += "  - { id: s" + std::to_string(i) + ", shell: 'echo " + std::to_string(i) + (i % 100 == 99 ? "; )" : "") +
            "', changes: none }\n";
  place.write("big.yaml", text);
  const auto got = place.runbook({"lint", "big.yaml"});
  CHECK(got.err == "");
  CHECK(got.out.find("1 files, 10 errors, 0 warnings\n") != std::string::npos);
}

}  // namespace runbook::tests
