// Scripts before bash -n and shellcheck: what they say, and where in the YAML that is.
#include "cli/script_check.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "cli/script_findings.h"
#include "planning.h"
#include "tests/support/command.h"

namespace runbook::testing {
namespace {

constexpr const char* everywhere = "/usr/bin:/bin";

// "RB505 6:7 `fi`", one a line: code, place, and what is underlined.
std::string said(const std::string& text, const std::string& path = everywhere) {
  const std::string whole = "runbook: 1\n" + text;
  auto check = check_scripts(plan_of(text), path);
  CHECK(check.trouble.empty());
  in_order(check.diagnostics);
  std::string out;
  for (const auto& d : check.diagnostics) {
    std::size_t begin = 0;
    for (std::uint32_t line = 1; line < d.at.line; ++line) begin = whole.find('\n', begin) + 1;
    out += fmt::format("{} {}:{} `{}`\n", d.code, d.at.line, d.at.column, whole.substr(begin + d.at.column - 1, d.at.length));
  }
  return out;
}

}  // namespace

TEST_CASE("a script that no shell can read is told at its place in the YAML, however it is written there") {
  struct Case {
    const char* text;
    const char* says;
  };
  const auto c = GENERATE(values<Case>({
      {"steps: [{ id: a, shell: 'echo \"열린', changes: none }]", "RB505 2:26 `echo \"열린`\n"},
      {"steps:\n  - id: a\n    shell: |\n      for x in 1; do\n        echo 가\n      fi\n    changes: none", "RB505 7:7 `fi`\n"},
      {"steps:\n  - id: a\n    shell: >-\n      echo 가\n      나; done\n    changes: none", "RB505 6:12 `done`\n"},
      {"steps:\n  - { id: a, shell: \"echo \\\"가\\\"; )\", changes: none }", "RB505 3:36 `)`\n"},
      {"steps:\n  - { id: a, shell: \"echo 1\\necho 2; )\", changes: none }", "RB505 3:38 `)`\n"},
      {"steps:\n  - id: a\n    shell: |\n      if true; then\n        ls\n    changes: none", "RB505 6:9 `ls`\n"},
      {"steps: [{ id: a, shell: { interpreter: bash, script: 'if' }, changes: none }]", "RB505 2:55 `if`\n"},
      {"steps: [{ id: a, shell: { interpreter: sh -e, script: 'a() (' }, changes: none }]", "RB505 2:56 `a() (`\n"},
      {"steps: [{ id: a, ssh: { host: h, script: 'if' }, changes: none }]", "RB505 2:43 `if`\n"},
      {"steps: [{ id: a, shell: ls, changes: x, undo: { shell: 'if' } }]", "RB505 2:57 `if`\n"},
      {"vars: { v: { type: string, ask: which, choices: { shell: 'ls; )' } } }\nsteps: [{ id: a, shell: 'echo $v', changes: none }]",
       "RB505 2:63 `)`\n"},
      {"success: [{ id: a, shell: 'if' }]", "RB505 2:28 `if`\n"},
      {"steps:\n  - id: a\n    shell: |\n      cat <<END\n      text\n    changes: none", "RB506 5:7 `cat <<END`\n"},
      // What is no shell's, and what is fine.
      {"steps: [{ id: a, shell: { interpreter: python3, script: 'print(\"if\")' }, changes: none }]", ""},
      {"steps: [{ id: a, shell: { argv: [if] }, changes: none }]", ""},
      {"steps: [{ id: a, shell: ls, changes: none }]", ""},
  }));
  INFO(c.text);
  CHECK(said(std::string(c.text) + "\n").find(c.says) == 0);
  if (std::string_view(c.says).empty()) CHECK(said(std::string(c.text) + "\n").empty());
}

TEST_CASE("the same script in several steps is told at each of them, and every script of a file in one pass") {
  CHECK(
      said(
          "steps: [{ id: a, shell: 'if', changes: none }, { id: b, shell: 'if', changes: none }, { id: c, shell: ')', changes: none }]\n") ==
      "RB505 2:26 `if`\nRB505 2:65 `if`\nRB505 2:104 `)`\n");
}

TEST_CASE("shellcheck speaks at the place that it means, and knows what arrives as environment") {
  CHECK(said("steps:\n  - { id: a, shell: 'echo \"가나\" $(ls); echo \"$nowhere\"', changes: none }\n") ==
        "RB507 3:36 `$(ls)`\nRB507 3:49 `$nowhere`\n");
  CHECK(said("vars: { tag: { type: string, default: a } }\nenv: { PLACE: b }\n"
             "steps: [{ id: a, shell: 'echo \"$tag $PLACE $own\"', changes: none, env: { own: c } }]\n") == "");
  // Two words that only look like it are none of its warnings.
  CHECK(said("steps: [{ id: a, shell: 'cd /tmp; echo $HOME', changes: none }]\n") == "");
  CHECK(said("steps: [{ id: a, ssh: { host: h, script: 'echo \"${x[0]}\"' }, changes: none }]\n").find("RB507 2:49") == 0);
}

TEST_CASE("where shellcheck is not installed nothing is said of it, and where there is no bash nothing of that") {
  const tests::Workplace place;
  const std::filesystem::path folder = place.path() + "/bin";
  std::filesystem::create_directory(folder);
  const std::string text =
      "steps: [{ id: a, shell: 'for f in $(ls); do echo \"$f\"; done', changes: none }, { id: b, shell: 'if', changes: none }]\n";
  CHECK(said(text, folder.string()) == "");
  std::filesystem::create_symlink("/bin/bash", folder / "bash");
  CHECK(said(text, folder.string()) == "RB505 2:97 `if`\n");
}

TEST_CASE("a script that is plain is put before nothing") {
  tests::Workplace place;
  const auto lint = [&](const char* script) {
    place.write("a.yaml", "runbook: 1\nid: a\ntitle: t\nsteps: [{ id: a, title: t, shell: '" + std::string(script) +
                              "', changes: none }]\n");
    return place.runbook({"lint", "a.yaml"}).err;
  };
  place.environment["TMPDIR"] = place.path() + "/gone";
  CHECK(lint("kubectl get pods").empty());
  CHECK(lint("kubectl get $(pods)").find("no place for temporary files") != std::string::npos);
}

TEST_CASE("nothing of a script is run by looking at it") {
  const tests::Workplace place;
  const std::string proof = place.path() + "/proof";
  said("steps: [{ id: a, shell: 'touch " + proof + "', changes: none }, { id: b, shell: '$(touch " + proof +
       "); if', changes: none }," + "{ id: c, shell: '); touch " + proof +
       "', changes: none }, { id: d, shell: { interpreter: sh, script: '`touch " + proof + "`' }, changes: none }]\n");
  CHECK_FALSE(std::filesystem::exists(proof));
}

TEST_CASE("what shells print is read, whichever shell it is") {
  using Kind = ScriptFinding::Kind;
  const auto found = read_syntax_errors(
      "1.bash: line 3: syntax error near unexpected token `fi'\n1.bash: line 3: `fi'\n1.bash: line 9: another that follows\n"
      "2.sh: 4: Syntax error: end of file unexpected\n3.bash: line 7: warning: here-document at line 2 delimited by end-of-file\n"
      "no place here\n4.bash: line x: y\n");
  REQUIRE(found.size() == 3);
  CHECK(found[0] == ScriptFinding{Kind::syntax, "1.bash", 3, 0, 0, "", "syntax error near unexpected token `fi'", "fi"});
  CHECK(found[1] == ScriptFinding{Kind::syntax, "2.sh", 4, 0, 0, "", "Syntax error: end of file unexpected", ""});
  CHECK(found[2] == ScriptFinding{Kind::warning, "3.bash", 2, 0, 0, "", "here-document delimited by end-of-file", ""});
  CHECK(read_shellcheck("not JSON").empty());
  CHECK(read_shellcheck("{\"comments\": [{}]}").size() == 1);
}

}  // namespace runbook::testing
