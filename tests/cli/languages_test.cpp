// What stands in a person's way, told in their language.
#include <catch2/catch.hpp>

#include "tests/support/command.h"

namespace runbook::tests {
namespace {

using Catch::Contains;

void write_files(const Workplace& w) {
  w.write("needs.yaml",
          "runbook: 1\nrequires: { env: [NOT_THERE_A], commands: [not-there-b] }\n"
          "steps: [{ id: a, shell: 'true', changes: none }]\n");
  w.write("asks.yaml",
          "runbook: 1\nvars:\n  asked: { type: string, ask: 'which node?' }\n"
          "  helped: { type: string, required: true, help: a host of the list }\n"
          "steps: [{ id: a, shell: 'true', changes: none }]\n");
  w.write("locks.yaml", "runbook: 1\nlock: one\nsteps: [{ id: a, shell: 'false', changes: none }]\n");
  w.write("part.yaml", "runbook: 1\nsuccess: [{ id: a, shell: 'true' }]\n");
}

}  // namespace

TEST_CASE("what is in the way of a command is said in English and in Korean") {
  struct Case {
    std::vector<std::string> command;
    std::string english, korean;
  };
  const std::vector<Case> cases{
      {{"run", "needs.yaml"},
       "✗ the environment variable NOT_THERE_A is not set",
       "✗ 환경 변수 NOT_THERE_A 이(가) 설정되어 있지 않습니다"},
      {{"run", "needs.yaml"}, "✗ the command not-there-b is not in PATH", "✗ 명령 not-there-b 이(가) PATH 에 없습니다"},
      {{"run", "needs.yaml"}, "what the runbook requires is not there", "런북이 요구하는 것이 없습니다"},
      {{"run", "asks.yaml"}, "these values are missing", "다음 값이 없고"},
      {{"run", "asks.yaml"}, "--var asked=...   which node?", "--var asked=...   which node?"},
      {{"run", "asks.yaml"}, "--var helped=...   a host of the list", "--var helped=...   a host of the list"},
      {{"run", "part.yaml"}, "this file has no steps", "이 파일에는 단계가 없습니다"},
      {{"run", "locks.yaml"}, "the lock one is held by run", "잠금 one 은(는) 아직 열려 있는 실행"},
      {{"run", "locks.yaml"}, "see it: runbook show", "보기: runbook show"},
      {{"logs", "@last", "b"}, "has no step `b`", "단계 `b` 이(가) 없습니다"},
      {{"eval", "1", "--run", "@last", "--step", "b"}, "has no step `b`", "단계 `b` 이(가) 없습니다"},
      {{"show", "nowhere"}, "there is no run `nowhere`", "실행 `nowhere` 이(가)"},
      {{"undo", "@last"}, "nothing is left to undo", "되돌릴 것이 남아 있지 않습니다"},
  };
  Workplace w;
  write_files(w);
  CHECK(w.runbook({"run", "locks.yaml"}).code == 5);
  for (const auto& c : cases) {
    INFO(c.english);
    w.environment["RUNBOOK_LANG"] = "en";
    CHECK_THAT(w.runbook(c.command).err, Contains(c.english));
    w.environment["RUNBOOK_LANG"] = "ko";
    CHECK_THAT(w.runbook(c.command).err, Contains(c.korean));
  }
}

TEST_CASE("a plan marks what it requires where that was looked for") {
  Workplace w;
  write_files(w);
  const auto looked = w.runbook({"run", "needs.yaml", "--plan"});
  CHECK(looked.code == 4);
  CHECK_THAT(looked.out, Contains("REQUIRES  environment ✗ NOT_THERE_A | commands ✗ not-there-b"));
  const auto only_planned = w.runbook({"run", "needs.yaml", "--plan", "--no-checks"});
  CHECK(only_planned.code == 0);
  CHECK_THAT(only_planned.out, Contains("REQUIRES  environment NOT_THERE_A | commands not-there-b"));
}

}  // namespace runbook::tests
