// Scripts as functions in bash's environment: what is let pass must be what `bash -n` has nothing to say about.
#include "cli/bash_functions.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>
#include <sstream>

#include "tests/support/command.h"

namespace runbook::testing {
namespace {

constexpr const char* everywhere = "/usr/bin:/bin";

std::vector<std::size_t> doubtful(const std::vector<std::string>& scripts, const std::string& path = everywhere) {
  const tests::Workplace place;
  TimedChildren children(std::chrono::minutes(5));
  const auto found = doubtful_scripts({scripts.begin(), scripts.end()}, children, place.path(), path);
  REQUIRE(found);
  return *found;
}

const std::vector<std::string>& whole_scripts() {
  static const std::vector<std::string> scripts{
      "kubectl get $(kubectl config current-context) | wc -l",
      "for x in 1 2; do\n  echo \"$x\"\ndone",
      "if [ -f x ]; then\n  cat x\nelse\n  exit 1\nfi",
      "f() {\n  local a=$1\n  echo \"${a:-none}\"\n}\nf x",
      "cat <<END\n$a } {\nEND\necho after",
      "cat <<'A' <<-B\none\nA\n\ttwo\n\tB",
      "case $x in\n  a) b ;;\n  (c|d) e;& f) g;;\nesac",
      "while read -r line; do echo \"$line\"; done < <(ls)",
      "# only a comment }",
      "# one\n\n# two",
      "x=(a b)\n[[ ${x[0]} =~ ^(a|b)$ ]] && ((y = 1 + 2))",
      "awk '{ print $1 }' x | sed 's/}/{/'",
      "a\r\nb\r",
      "(cd /x && tar c .) > y 2>&1",
      "echo `ls` $((1 + 2)) ${x//a/b} $'it\\'s' \"$(cat <<E\nin\nE\n)\"",
      "{ a; b; } || { c; }",
      "set -x; trap 'rm -f \"$t\"' EXIT",
      "coproc a { b; }",
      "echo } {",
      "time a; ! b",
  };
  return scripts;
}

// Whatever might end a function before its end, or go on behind it.
const std::vector<std::string> broken{"}",
                                      "{",
                                      "}\necho run\n{",
                                      "}; echo run; {",
                                      "}\necho run\nf() {",
                                      "if",
                                      "fi",
                                      "(",
                                      ")",
                                      "`",
                                      "$(",
                                      "<(",
                                      "\"",
                                      "'",
                                      "$'",
                                      "${",
                                      "a &&",
                                      "a ||",
                                      "a |",
                                      "a |\n",
                                      "cat <<E",
                                      "cat <<E\nx",
                                      "cat <<E\n: runbook_end_of_script\n}",
                                      "a\n: runbook_end_of_script\n}\necho run\n{",
                                      "f()",
                                      "f() {",
                                      "function f",
                                      "x=(",
                                      "[[ a",
                                      "((1",
                                      "case x in",
                                      "case x in a)",
                                      "for x",
                                      "for x in a",
                                      "do a; done",
                                      "a;;",
                                      "a & & b",
                                      "if a;\r then b; fi",
                                      "echo $(cat <<E\nx\n)",
                                      "echo `cat <<E\nx\n`",
                                      "coproc",
                                      "{ echo }",
                                      "a )",
                                      "ls !(a)",
                                      "<<E",
                                      "a >",
                                      "select x",
                                      "until",
                                      "!\n&& a",
                                      "a() b",
                                      "[[ a b ]]",
                                      "a <<-'E'\n E",
                                      "while a; do b",
                                      "$((",
                                      "$((1)",
                                      "echo \"${x:-\"",
                                      "a ;& b",
                                      "}#",
                                      "{ a; }\n}",
                                      "in\n;;"};

std::string mutant(std::string script, std::mt19937& random) {
  const std::vector<const char*> pieces{"}",
                                        "{",
                                        "(",
                                        ")",
                                        "'",
                                        "\"",
                                        "`",
                                        "$(",
                                        "\n",
                                        "\\",
                                        "\r",
                                        "<<E\n",
                                        "fi",
                                        "done",
                                        "esac",
                                        ";",
                                        ";;",
                                        "&&",
                                        "|",
                                        "&",
                                        "#",
                                        "if ",
                                        "then ",
                                        "\nE\n",
                                        "}; echo run; {",
                                        "}\necho run\n{",
                                        "]]",
                                        "[[ ",
                                        "((",
                                        "))",
                                        "$'",
                                        "<(",
                                        "for ",
                                        "!",
                                        "time",
                                        "\ncoproc ",
                                        "f() ",
                                        "\\\n",
                                        "cat <<-'E'\n",
                                        ": runbook_end_of_script\n"};
  for (auto times = 1 + random() % 3; times > 0; --times) {
    const auto at = random() % (script.size() + 1);
    if (random() % 2 == 0) script.erase(at, 1 + random() % 5);
    else script.insert(at, pieces[random() % pieces.size()]);
  }
  return script;
}

// Those about which `bash -n` says something, or which it refuses.
std::set<std::size_t> refused(const std::vector<std::string>& scripts) {
  const tests::Workplace place;
  for (std::size_t i = 0; i < scripts.size(); ++i) place.write(fmt::format("{}.bash", i), "set -eu\n" + scripts[i]);
  const auto said =
      place.shell("for f in *.bash; do e=$(bash -n \"$f\" 2>&1) || e=bad; if [ -n \"$e\" ]; then echo \"${f%.bash}\"; fi; done");
  std::set<std::size_t> out;
  std::istringstream lines(said.out);
  for (std::size_t i = 0; lines >> i;) out.insert(i);
  return out;
}

}  // namespace

TEST_CASE("scripts that bash reads without a word are not doubtful, thousands of them at once") {
  CHECK(doubtful(whole_scripts()).empty());
  std::vector<std::string> many;
  for (std::size_t i = 0; i < 3000; ++i)
    many.push_back(whole_scripts()[i % whole_scripts().size()] + fmt::format("\necho {}", i));
  many[1234] = "if";
  many[2900] = std::string(100000, 'a');  // longer than an environment should hold: for `bash -n`
  CHECK(doubtful(many) == std::vector<std::size_t>{1234, 2900});
}

TEST_CASE("what bash -n complains of is doubtful, whatever was made of a script") {
  // NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* given = std::getenv("BASH_FUNCTIONS_SEED");
  const auto seed = given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10)) : 1;
  std::mt19937 random(seed);
  auto scripts = broken;
  while (scripts.size() < 400) scripts.push_back(mutant(whole_scripts()[random() % whole_scripts().size()], random));
  const auto bad = refused(scripts);
  const auto found = doubtful(scripts);
  std::string passed;
  for (const auto i : bad)
    if (!std::binary_search(found.begin(), found.end(), i)) passed += fmt::format("{}\n--\n", scripts[i]);
  INFO("seed " << seed);
  CHECK(passed == "");
  CHECK(bad.size() > scripts.size() / 4);
  CHECK(found.size() < scripts.size() * 3 / 4);
}

TEST_CASE("nothing of a script is run by giving it to bash as a function") {
  const tests::Workplace place;
  const std::string run = "echo > " + place.path() + "/proof";
  const std::vector<std::string> scripts{run,
                                         "}\n" + run + "\n{",
                                         "}; " + run + "; {",
                                         "$(" + run + ")",
                                         "`" + run,
                                         ")\n" + run,
                                         "x() { " + run + "; }; x",
                                         "a <<E\n$(" + run + ")\nE",
                                         "trap '" + run + "' EXIT DEBUG"};
  doubtful(scripts);
  for (const auto& script : scripts) doubtful({script});
  CHECK_FALSE(place.has("proof"));
}

TEST_CASE("where there is no bash every script is left to whatever comes") {
  const tests::Workplace place;
  CHECK(doubtful({"a", "b", "c"}, place.path()) == std::vector<std::size_t>{0, 1, 2});
}

}  // namespace runbook::testing
