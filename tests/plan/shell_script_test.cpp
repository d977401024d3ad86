// What a script calls, read from its text.
#include "plan/shell_script.h"

#include <catch2/catch.hpp>

namespace runbook::testing {
namespace {

// "name word word | name word", variables in braces behind their word.
std::string shown(std::string_view script) {
  std::string out;
  for (const auto& command : shell_commands(script)) {
    out += out.empty() ? "" : " | ";
    std::string line;
    for (const auto* list : {&command.assignments, &command.words})
      for (const auto& word : *list) {
        line += (line.empty() ? "" : " ") + word.text;
        for (const auto& variable : word.variables) {
          line += "{" + variable.name + "}";
          CHECK(script.substr(variable.offset, 1) == "$");
        }
      }
    out += line;
  }
  return out;
}

}  // namespace

TEST_CASE("a script is read as the commands in it") {
  struct Case {
    const char* script;
    const char* commands;
  };
  const auto c = GENERATE(values<Case>({
      {"kubectl get pods", "kubectl get pods"},
      {"a 'b c' \"d e\" f\\ g", "a b c d e f g"},
      {"a; b && c || d | e & f\ng", "a | b | c | d | e | f | g"},
      {"if a; then b; else c; fi", "a | b | c"},
      {"for x in 1 2; do echo \"$x\"; done", "x in 1 2 | echo $x{x}"},
      {"A=1 B=\"$b\" c", "A=1 B=$b{b} c"},
      {"a >out 2>&1 <in b", "a b"},
      {"a 2 >b 22", "a 2 22"},
      {"a # b; c\nd", "a | d"},
      {"a x#y", "a x#y"},
      {"cat <<END\nrm -rf /\nEND\nls", "cat | ls"},
      {"cat <<-'END' >f\n\t$x\n\tEND\nls", "cat | ls"},
      {"a \"$(b \"$x\")\" c", "b $x{x} | a $(b \"$x\") c"},
      {"a `b $x` c", "b $x{x} | a `b $x` c"},
      {"a $((1 + x)) b", "1 + x | a $((1 + x)) b"},
      {"a \"${x:-$y}\" '$z' \\$w \"\\$v\"", "a ${x:-$y}{x} $z $w $v"},
      {"a \"${x@Q}\"", "a ${x@Q}"},
      {"a <(b) c", "a | b | c"},
      {"a \\\n  b", "a b"},
      {"", ""},
      {"a \"unclosed", "a unclosed"},
      {"a $(unclosed", "unclosed | a $(unclosed"},
      {"a ${unclosed", "a ${unclosed{unclosed}"},
      {"echo `", "echo `"},
      {"a )", "a"},
      {"한글 '가 나'", "한글 가 나"},
  }));
  INFO(c.script);
  CHECK(shown(c.script) == c.commands);
}

TEST_CASE("the program is named behind those that only start it") {
  const auto name = [](std::string_view script) { return std::string(shell_commands(script).at(0).name()); };
  CHECK(name("sudo -n /usr/bin/systemctl stop a") == "systemctl");
  CHECK(name("timeout -k 5 10s ssh a") == "10s");  // a flag with a value of its own: not known, and nothing is claimed
  CHECK(name("timeout 10s ssh a") == "ssh");
  CHECK(name("env A=1 kubectl get") == "kubectl");
  CHECK(name("sudo") == "sudo");
  CHECK(name("sudo -u postgres psql -c x") == "psql");
  CHECK(name("sudo -g dba -u postgres psql") == "psql");
  for (const char* short_of : {"sudo -u postgres", "sudo -u", "env -u A", "sudo -u postgres -g dba"})
    CHECK_FALSE(name(short_of).empty());
}

TEST_CASE("whatever a script is, reading it ends") {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "$(";
  CHECK(shell_commands(deep).size() < 100);
  const std::string odd = "\"'`$(){}<>|&;#\\\n \t=aA1";
  std::uint32_t state = 1;
  for (int round = 0; round < 20'000; ++round) {
    std::string script;
    for (int i = 0; i < 24; ++i) {
      state = state * 1664525U + 1013904223U;
      script += odd[(state >> 16U) % odd.size()];
    }
    INFO(script);
    for (const auto& command : shell_commands(script))
      for (const auto& word : command.words) CHECK(word.offset + word.length <= script.size());
  }
}

}  // namespace runbook::testing
