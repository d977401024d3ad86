// `runbook new`: what it writes lints and runs, and it writes over nothing. `source:`: lint tells when the document has changed.
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/support/command.h"

namespace runbook::tests {
namespace {

namespace fs = std::filesystem;
using Catch::Contains;

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

constexpr const char* plan = R"(# Restart

**When to use**: it answers slowly

## Steps
1. Look
   ```bash
   ls
   ```
2. Restart it
   ```bash
   touch restarted
   ```
)";

}  // namespace

TEST_CASE("a new runbook lints without a warning, plans and runs, in both languages") {
  Workplace w;
  const bool in_korean = GENERATE(false, true);
  w.environment["RUNBOOK_LANG"] = in_korean ? "ko" : "en";
  const auto made = w.runbook({"new", "Full Rollback"});
  INFO(made.err);
  REQUIRE(made.code == 0);
  CHECK_THAT(w.read("Full Rollback.yaml"), Contains("\nid: full-rollback\n"));
  const auto linted = w.runbook({"lint", "Full Rollback.yaml"});
  INFO(linted.out);
  CHECK(linted.code == 0);
  CHECK(linted.out == (in_korean ? "파일 1개, 오류 0개, 경고 0개\n" : "1 files, 0 errors, 0 warnings\n"));
  CHECK(w.runbook({"run", "Full Rollback.yaml", "--plan"}).code == 0);
  const auto ran = w.runbook({"run", "Full Rollback.yaml", "--no-input"});
  INFO(ran.err);
  CHECK(ran.code == 0);
}

TEST_CASE("nothing that exists is written over") {
  const Workplace w;
  w.write("a.yaml", "mine");
  w.write("plan.md", plan);
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"new", "a"}, {"new", "a.yaml"}, {"new", "b", "-o", "a.yaml"}, {"new", "--from", "plan.md", "-o", "a.yaml"}}) {
    const auto made = w.runbook(words);
    CHECK(made.code == 2);
    CHECK_THAT(made.err, Contains("a.yaml"));
  }
  CHECK(w.read("a.yaml") == "mine");
  CHECK(w.runbook({"new"}).code == 2);
  CHECK(w.runbook({"new", "--from", "nowhere.md"}).code == 2);
}

TEST_CASE("the first line names the schema of the nearest folder upward that keeps one") {
  const Workplace w;
  fs::create_directories(w.path() + "/books/deep");
  CHECK(w.runbook({"new", "a", "-o", "books/deep/a.yaml"}).code == 0);
  CHECK(first_line(w.read("books/deep/a.yaml")) == "# yaml-language-server: $schema=../schemas/runbook.schema.json");
  w.write("schemas/runbook.schema.json", "{}");
  CHECK(w.runbook({"new", "b", "-o", "books/deep/b.yaml"}).code == 0);
  CHECK(first_line(w.read("books/deep/b.yaml")) == "# yaml-language-server: $schema=../../schemas/runbook.schema.json");
  CHECK(w.runbook({"new", "c"}).code == 0);
  CHECK(first_line(w.read("c.yaml")) == "# yaml-language-server: $schema=schemas/runbook.schema.json");
}

TEST_CASE("a plan becomes a file that lints, or is printed") {
  const Workplace w;
  w.write("docs/plan.md", plan);
  fs::create_directories(w.path() + "/books");
  const auto printed = w.runbook({"new", "--from", "docs/plan.md"});
  CHECK(printed.code == 0);
  CHECK_THAT(printed.out, Contains("use_when: it answers slowly\n") && Contains("document: docs/plan.md\n"));
  CHECK(w.runbook({"new", "--from", "docs/plan.md", "-o", "books/restart.yaml"}).code == 0);
  const auto text = w.read("books/restart.yaml");
  CHECK_THAT(text, Contains("\nid: restart\n") && Contains("document: ../docs/plan.md\n") && Contains("# plan.md:6\n"));
  const auto linted = w.runbook({"lint", "books/restart.yaml"});
  INFO(linted.out);
  CHECK(linted.code == 0);
  CHECK_THAT(linted.out, Contains("RB243") && !Contains("RB50"));
}

TEST_CASE("a plan that is no text in UTF-8 is refused as a runbook is, and nothing is written") {
  using namespace std::string_literals;
  struct Case {
    std::string text;
    const char* says;
  };
  const auto c = GENERATE(values<Case>({
      {"# DB \xbc\xad\n", "error[RB102]"},
      {"\xff\xfe#\0 \0a\0\n\0"s, "iconv -f utf-16 -t utf-8"},
      {"#\0 \0a\0\n\0"s, "error[RB103]"},
      {"# a\n\0\n"s, "error[RB103]"},
  }));
  Workplace w;
  w.environment["RUNBOOK_LANG"] = "en";
  w.write("plan.md", c.text);
  const auto made = w.runbook({"new", "--from", "plan.md", "-o", "made.yaml"});
  INFO(made.err);
  CHECK(made.code == 2);
  CHECK_THAT(made.err, Contains(c.says) && Contains("plan.md:"));
  CHECK_FALSE(fs::exists(w.path() + "/made.yaml"));
}

TEST_CASE("what is only odd in a plan is no reason to refuse it") {
  const Workplace w;
  for (const std::string text : {"", "# a\x01\n", "# a\u202e", "\xEF\xBB\xBF# a\n"}) {
    w.write("plan.md", text);
    CHECK(w.runbook({"new", "--from", "plan.md"}).code == 0);
  }
}

TEST_CASE("lint tells when the section that a runbook came from has changed, and what to write") {
  const Workplace w;
  w.write("docs/plan.md", plan);
  CHECK(w.runbook({"new", "--from", "docs/plan.md", "-o", "restart.yaml"}).code == 0);
  const auto lint = [&] { return w.runbook({"lint", "restart.yaml"}).out; };
  CHECK_THAT(lint(), !Contains("RB50"));
  std::string changed = plan;
  changed.replace(changed.find("touch restarted"), 5, "rm -f");
  w.write("docs/plan.md", changed);
  const auto said = lint();
  INFO(said);
  REQUIRE_THAT(said, Contains("warning[RB502]") && Contains("restart.yaml:"));
  const auto at = said.find("`hash: \"");
  REQUIRE(at != std::string::npos);
  const auto hash = said.substr(at + 8, 12);
  std::string text = w.read("restart.yaml");
  text.replace(text.find("  hash: "), text.find('\n', text.find("  hash: ")) - text.find("  hash: "), "  hash: \"" + hash + "\"");
  w.write("restart.yaml", text);
  CHECK_THAT(lint(), !Contains("RB50"));
}

TEST_CASE("another section of the document may change; a section or document that is gone is told") {
  const Workplace w;
  const std::string other = "# Plan\n## One\nfirst\n## Two\nsecond\n";
  w.write("docs/plan.md", other);
  w.write("a.yaml",
          "runbook: 1\nowner: a\ncontact: b\ncwd: docs\nsource: { document: plan.md, section: One, hash: \"?\" }\n"
          "steps: [{ id: a, shell: ls, changes: none }]\n");
  const auto first = w.runbook({"lint", "a.yaml"}).out;
  const auto at = first.find("`hash: \"");
  REQUIRE(at != std::string::npos);
  std::string text = w.read("a.yaml");
  text.replace(text.find('?'), 1, first.substr(at + 8, 12));
  w.write("a.yaml", text);
  CHECK_THAT(w.runbook({"lint", "a.yaml"}).out, !Contains("RB50"));
  w.write("docs/plan.md", "# Plan\n## One\nfirst\n## Two\nsomething else\n");
  CHECK_THAT(w.runbook({"lint", "a.yaml"}).out, !Contains("RB50"));
  w.write("docs/plan.md", "# Plan\n## Two\nsecond\n");
  CHECK_THAT(w.runbook({"lint", "a.yaml"}).out, Contains("warning[RB503]"));
  fs::remove(w.path() + "/docs/plan.md");
  CHECK_THAT(w.runbook({"lint", "a.yaml"}).out, Contains("warning[RB503]"));
  CHECK(w.runbook({"lint", "a.yaml"}).code == 0);
}

}  // namespace runbook::tests
