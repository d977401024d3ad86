// Completion as bash asks for it: the script is sourced, the line typed, what would be offered is printed.
#include "cli/completion.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "cli/arguments.h"
#include "tests/support/command.h"

namespace runbook::tests {
namespace {

constexpr const char* restore = R"(runbook: 1
title: 복구
vars: { tag: { type: string, default: v1, help: "the tag" }, table: { type: string, default: orders } }
steps:
  - { id: look, shell: "true", changes: none }
  - { id: data, steps: [{ id: restore, shell: "true", changes: data, confirm: yes_do_it, optional: "필요합니까?" }] }
  - { id: ask, manual: 확인, timeout: 1m }
)";

struct Desk : Workplace {
  Desk() {
    write("restore.yaml", restore);
    write("books/verify.yaml", "runbook: 1\nsteps: [{ id: a, shell: ls, changes: none }]\n");
    write("books/part.yaml", "runbook: 1\nsuccess: ['true']\n");
    write("other.yaml", "kind: Deployment\n");
    write("notes.txt", "");
  }
  // What bash would offer, each followed by a blank.
  std::string offered(const std::string& line) const {
    write("line", line);
    const auto said =
        shell("source <(" + program() +
              " completion bash) && COMP_LINE=$(cat line; echo .) && COMP_LINE=${COMP_LINE%.} && "
              "COMP_POINT=${#COMP_LINE} && PATH=" RUNBOOK_BINARY_DIR ":$PATH && _runbook && echo \"${COMPREPLY[@]}\"");
    INFO(said.err);
    CHECK(said.code == 0);
    return said.out.substr(0, said.out.size() - 1);
  }
};

}  // namespace

TEST_CASE("commands, flags and their words come from the command line's own description") {
  const Desk desk;
  CHECK(desk.offered("runbook res") == "resume resolve");
  CHECK(desk.offered("runbook nonsense ") == "");
  CHECK(desk.offered("runbook run --pl") == "--plan");
  CHECK(desk.offered("runbook run --wh") == "--what-if");
  CHECK(desk.offered("runbook run --progress ") == "auto tty plain json");
  CHECK(desk.offered("runbook resolve x y --as not") == "not-done");
  CHECK(desk.offered("runbook completion ") == "bash zsh fish");
  CHECK(desk.offered("runbook explain --keys check_") == "check_timeout");
  CHECK(desk.offered("runbook lint --explain RB45") == "RB451 RB452 RB454 RB455 RB456 RB457 RB458 RB459");
  for (const auto& command : command_words()) {
    INFO(command.name);
    CHECK_FALSE(command.help.empty());
    CHECK(desk.offered("runbook " + command.name).find(command.name) != std::string::npos);
  }
}

TEST_CASE("a file is completed by the runbooks of its folder, without parts and other YAML") {
  const Desk desk;
  CHECK(desk.offered("runbook run ") == "restore.yaml");
  CHECK(desk.offered("runbook lint books/") == "books/verify.yaml");
  CHECK(desk.offered("runbook run restore.yaml ") == "");
  CHECK(desk.offered("runbook lint restore.yaml r") == "restore.yaml");
}

TEST_CASE("variables and steps are the file's") {
  const Desk desk;
  CHECK(desk.offered("runbook run restore.yaml --var ") == "table= tag=");
  CHECK(desk.offered("runbook run restore.yaml --var ta") == "table= tag=");
  CHECK(desk.offered("runbook run restore.yaml --with ") == "data/restore");
  CHECK(desk.offered("runbook run restore.yaml --confirm ") == "data/restore=");
  CHECK(desk.offered("runbook run restore.yaml --answer ") == "ask=");
}

TEST_CASE("runs and their steps are those of the state directory") {
  const Desk desk;
  CHECK(desk.offered("runbook show ") == "");
  CHECK(desk.runbook({"run", "restore.yaml", "--without", "data/restore", "--no-input"}).code == 7);
  const std::string id = desk.run_id();
  CHECK(desk.offered("runbook show ") == id + " @last");
  CHECK(desk.offered("runbook show @") == "@last");
  CHECK(desk.offered("runbook resolve " + id + " data/") == "data/restore");
  CHECK(desk.offered("runbook confirm @last a") == "ask");
  CHECK(desk.offered("runbook show --state-dir elsewhere ") == "");
}

TEST_CASE("fish offers the same, each with its words") {
  const Desk desk;
  CHECK(desk.runbook({"run", "restore.yaml", "--without", "data/restore", "--no-input"}).code == 7);
  const std::string id = desk.run_id();
  const auto offered = [&](const std::string& line) {
    desk.write("line", line);
    const auto said = desk.shell("PATH=" RUNBOOK_BINARY_DIR
                                 ":$PATH HOME=$PWD fish --no-config -c "
                                 "'runbook completion fish | source; complete -C (cat line)'");
    INFO(said.err);
    CHECK(said.code == 0);
    return said.out;
  };
  CHECK(
      offered("runbook res") ==
      "resolve\tsay what became of a step in doubt, or settle one by hand\nresume\tgo on with a run; --amend: by a corrected runbook\n");
  CHECK(offered("runbook run --pl") == "--plan\tshow the plan after checking the preconditions, and stop\n");
  CHECK(offered("runbook run res") == "restore.yaml\t복구\n");
  CHECK(offered("runbook run restore.yaml --var ta") == "table=\ntag=\tthe tag\n");
  CHECK(offered("runbook show " + id) == id + "\t복구\n");
  CHECK(offered("runbook resolve @last data/r") == "data/restore\n");
  CHECK(offered("runbook completion f") == "fish\n");
}

TEST_CASE("zsh completes what is typed") {
  const Desk desk;
  CHECK(desk.runbook({"run", "restore.yaml", "--without", "data/restore", "--no-input"}).code == 7);
  const std::string id = desk.run_id();
  struct Case {
    std::string typed, line;
  };
  const std::vector<Case> cases{
      {"runbook resu", "runbook resume "},
      {"runbook run --pla", "runbook run --plan "},
      {"runbook run res", "runbook run restore.yaml "},
      {"runbook lint books/v", "runbook lint books/verify.yaml "},
      {"runbook run restore.yaml --var tab", "runbook run restore.yaml --var table="},
      {"runbook show " + id.substr(0, id.size() - 1), "runbook show " + id + " "},
      {"runbook resolve @last data/r", "runbook resolve @last data/restore "},
      {"runbook run --progress pl", "runbook run --progress plain "},
      {"runbook run nothing-li", "runbook run nothing-li"},
  };
  // A shell of its own on a terminal of its own; ^X writes down what stands on its line and empties it.
  desk.write("setup.zsh", R"(PROMPT= RPROMPT=
autoload -Uz compinit && compinit -D -u
source <(runbook completion zsh)
report() { print -r -- "$BUFFER|" > report.new; mv report.new report; BUFFER=; }
zle -N report
bindkey '^X' report
bindkey '^I' complete-word
: > ready
)");
  desk.write("drive.zsh", R"(zmodload zsh/zpty zsh/zselect
wait_for() { until [[ -e $1 ]]; do zpty -r -t z ignored; zselect -t 1; done }
zpty z zsh -f -i
zpty -w z 'source setup.zsh'
wait_for ready
while IFS= read -r line; do
  rm -f report
  zpty -w -n z "$line"$'\t\x18'
  wait_for report
  cat report
done < typed
zpty -d z
)");
  std::string typed, expected;
  for (const auto& one : cases) {
    typed += one.typed + "\n";
    expected += one.line + "|\n";
  }
  desk.write("typed", typed);
  const auto said = desk.shell("PATH=" RUNBOOK_BINARY_DIR ":$PATH HOME=$PWD TERM=dumb timeout 60 zsh -f drive.zsh");
  INFO(said.err);
  CHECK(said.out == expected);
}

TEST_CASE("bash completes a line with the script, as with any command's") {
  const Desk desk;
  const auto said = desk.shell("source <(" + program() + " completion bash) && complete -p runbook && bash -n <(" + program() +
                               " completion bash)");
  CHECK(said.code == 0);
  CHECK(said.out == "complete -o bashdefault -o default -F _runbook runbook\n");
  CHECK(desk.runbook({"completion", "zsh"}).out.starts_with("#compdef runbook\n"));
  CHECK(desk.runbook({"completion", "fish"}).out.find("complete -c runbook") != std::string::npos);
  CHECK(desk.runbook({"completion", "tcsh"}).code == 2);
}

}  // namespace runbook::tests
