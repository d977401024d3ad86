// Files that are made to cost more than they are: `runbook lint` names what is wrong and is done, in little memory.
#include <catch2/catch.hpp>
#include <sstream>

#include "tests/support/command.h"

namespace runbook::tests {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

struct Linted {
  int code = -1;
  long kilobytes = 0;
  double seconds = 0;  // of the processor
  std::string out;
};

// Measured by a small process of its own: what a child used most counts from its fork, and this program is large.
Linted lint(const Workplace& place, const std::string& file) {
  const auto said =
      place.shell("/usr/bin/python3 " RUNBOOK_SOURCE_DIR "/tests/cli/measured.py out " + program() + " lint " + file);
  REQUIRE(said.code == 0);
  std::istringstream numbers(said.out);
  Linted out;
  numbers >> out.code >> out.kilobytes >> out.seconds;
  out.out = place.read("out");
  return out;
}

std::string times(std::size_t count, const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

std::string numbered(std::size_t count, const std::string& before, const std::string& after) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += before + std::to_string(i) + after;
  return out;
}

// Each list ten times the one before.
std::string laughs() {
  std::string out = "runbook: 1\nx0: &x0 [" + times(10, "lol, ") + "]\n";
  for (int i = 1; i < 12; ++i)
    out += "x" + std::to_string(i) + ": &x" + std::to_string(i) + " [" + times(10, "*x" + std::to_string(i - 1) + ", ") + "]\n";
  return out;
}

std::string indented(std::size_t depth) {
  std::string out;
  for (std::size_t i = 0; i < depth; ++i) out += std::string(i, ' ') + "a:\n";
  return out;
}

}  // namespace

TEST_CASE("a bomb, a bad encoding, a limit that is exceeded: a clear error, and little memory") {
  using namespace std::string_literals;
  const std::string head = "runbook: 1\nowner: a\ncontact: b\n", step = "steps:\n  - { id: a, shell: ls, changes: none";
  const std::size_t large = (2U << 20U) - 1000;
  struct Case {
    const char* what;
    std::string text;
    const char* says;
  };
  const std::vector<Case> cases{
      {"aliases of aliases", laughs(), "RB118"},
      {"an alias within itself", head + "x: &x [*x]\n", "RB117"},
      {"anchors on one another", head + "x: " + numbered(100, "&a", " [") + times(100, "]") + "\n", "RB119"},
      {"brackets", "a: " + times(large, "[") + "\n", "RB119"},
      {"braces", "a: " + times(large / 4, "{a: ") + "\n", "RB119"},
      {"indentation", indented(1900), "RB119"},
      {"dashes", times(large / 2, "- ") + "a\n", "RB119"},
      {"question marks", times(large / 2, "? ") + "a\n", "RB119"},
      {"many values", "a: [" + times(large / 2, "x,") + "]\n", "RB118"},
      {"many keys", numbered(170'000, "k", ": 1\n"), "RB118"},
      {"one key again and again", times(large / 5, "a: 1\n"), "RB111"},
      {"many tags", times(large / 7, "- !x y\n"), "RB113"},
      {"many aliases of nothing", times(large / 5, "- *x\n"), "RB139"},
      {"many documents", times(large / 4, "---\n"), "RB114"},
      {"a large file", std::string(60U << 20U, '#') + "\n", "RB101"},
      {"a long line that is no map", std::string(large, 'x') + "\n", "RB205"},
      {"a quote that is never closed", "a: \"" + std::string(large, 'x') + "\n", "RB115"},
      {"a quote full of quotes", "a: '" + times(large / 2, "''") + "\n", "RB115"},
      {"a long block that is no runbook", "|\n" + times(large / 4, " xx\n"), "RB205"},
      {"nothing but comments", times(large / 2, "#\n"), "RB107"},
      {"a comment without end", std::string(large, '#'), "RB106"},
      {"no UTF-8", "a: \xff\n", "RB102"},
      {"no UTF-8 at the end of a large file", "# " + std::string(large, 'x') + "\xc3\n", "RB102"},
      {"UTF-16", "\xff\xfe"s + "r\0u\0n\0"s, "RB102"},
      {"UTF-16, the other way", "\xfe\xff"s + "\0r\0u\0n"s, "RB102"},
      {"UTF-32", "r\0\0\0u\0\0\0n\0\0\0"s, "RB103"},
      {"a NUL", head + "a: b\0c\n"s, "RB103"},
      {"many NULs", std::string(large, '\0'), "RB103"},
      {"many control characters", times(large, "\x01") + "\n", "RB104"},
      {"many characters that turn the text", times(large / 3, "\u202e") + "\n", "RB105"},
      {"a deep expression", head + step + ", when: \"" + std::string(100'000, '(') + "\" }\n", "RB3"},
      {"a long expression", head + step + ", when: \"" + times(300'000, "1 + ") + "1 == 1\" }\n", "RB3"},
      {"many expressions in one text", head + step + ", title: \"" + times(50'000, "${x}") + "\" }\n", "RB3"},
      {"a template in a template", head + step + ", title: \"" + times(300'000, "${") + "\" }\n", "RB119"},
      {"a pattern of patterns", head + "vars: { v: { type: string, pattern: \"((a{1000}){1000}){1000}\" } }\n" + step + " }\n",
       "RB218"},
      {"a file that uses itself", head + "steps: [{ id: a, use: bomb.yaml }]\n", "RB271"},
      {"many steps of one name", head + "steps:\n" + times(20'000, "- { id: a, shell: ls, changes: none }\n"), "RB212"},
      {"many unknown keys", head + numbered(50'000, "stepz", ": 1\n"), "RB201"},
      {"many needs", head + "steps:\n" + numbered(12'000, "- { id: s", ", shell: ls, changes: none, needs: [t] }\n"), "RB401"},
      {"a long circle",
       head + "steps:\n" + numbered(12'000, "- { id: s", ", shell: ls, changes: none, needs: [s0] }\n") +
           "- { id: s0, shell: ls, changes: none }\n",
       "RB212"},
      {"a long duration", head + "defaults: { timeout: " + std::string(100'000, '9') + "s }\n" + step + " }\n", "RB216"},
  };
  const Workplace place;
  for (const auto& c : cases) {
    place.write("bomb.yaml", c.text);
    const auto said = lint(place, "bomb.yaml");
    UNSCOPED_INFO(c.what << ": " << said.kilobytes / 1024 << " MiB, " << said.seconds << " s");
    INFO(said.out.substr(0, 500));
    CHECK(said.code == 3);
    CHECK(said.out.find(std::string("error[") + c.says) != std::string::npos);
    CHECK(said.out.size() < 1'000'000);
    if (!sanitized) CHECK(said.kilobytes < 64 * 1024);
  }
}

TEST_CASE("files that use two files that use two files cost little") {
  const Workplace place;
  for (int i = 0; i < 40; ++i) {
    const std::string next = std::to_string(i + 1) + ".yaml";
    place.write(i == 0 ? "bomb.yaml" : std::to_string(i) + ".yaml",
                "runbook: 1\nsteps: [{ id: a, use: " + next + " }, { id: b, use: " + next + " }]\n");
  }
  place.write("40.yaml", "runbook: 1\nsteps: [{ id: s, shell: ls, changes: none }]\n");
  const auto said = lint(place, "bomb.yaml");
  CHECK(said.code == 3);
  CHECK(said.out.find("RB272") != std::string::npos);
  if (!sanitized) CHECK(said.kilobytes < 64 * 1024);
}

TEST_CASE("what never ends is not read to its end") {
  const Workplace place;
  const auto said = lint(place, "/dev/zero");
  CHECK(said.code == 3);
  CHECK(said.out.find("larger than") != std::string::npos);
  if (!sanitized) CHECK(said.kilobytes < 64 * 1024);
}

}  // namespace runbook::tests
