#include "draft/starting_file.h"

#include <algorithm>
#include <cctype>

namespace runbook::draft {
namespace {

// What a reader meets in the order in which a run meets it; every value is one that runs as it stands.
constexpr std::string_view english = R"(runbook: 1
id: @ID@
title: "@ID@: what it brings about"
use_when: the situation in which somebody opens this file
expected: 1m..2m
owner: the team that answers for it
contact: whom to call
risk: low # low, medium, high, critical

vars:
  target: { type: string, default: collector, help: what it is done to }

# Must hold before anything changes; otherwise exit code 4.
preconditions:
  - id: tools
    title: the tools are there
    shell: command -v bash

steps:
  # A step runs after everything above it. Values reach the code as environment variables, never as text.
  - id: before
    title: what is there now
    shell: echo "$target is version 1"
    changes: none
    outputs: { version: "lines[0]" }
  - id: change
    title: the change
    shell: echo "changing $target"
    changes: "${vars.target} changes; here nothing does yet" # one sentence, or none
    rerun: safe # only where a second run does no harm
    timeout: 5m
    undo:
      shell: echo "back to $version"
      env: { version: "${steps.before.version}" }
      changes: "${vars.target} is as before"

# Every criterion gets its verdict: met, not met, no data. No data is never success.
success:
  - id: changed
    title: the change is there
    shell: echo "$target is fine"
    expect: stdout.contains(vars.target)

after:
  - write down what went differently than planned
)";
constexpr std::string_view korean = R"(runbook: 1
id: @ID@
title: "@ID@: 무엇을 이루는가"
use_when: 이 파일을 여는 상황
expected: 1m..2m
owner: 책임지는 팀
contact: 긴급 연락처
risk: low # low, medium, high, critical

vars:
  target: { type: string, default: collector, help: 대상 }

# 무엇이든 바꾸기 전에 맞아야 합니다. 아니면 종료 코드 4 입니다.
preconditions:
  - id: tools
    title: 도구가 있음
    shell: command -v bash

steps:
  # 단계는 위의 모두가 끝난 뒤 실행됩니다. 값은 글이 아니라 환경 변수로 코드에 전달됩니다.
  - id: before
    title: 지금의 상태
    shell: echo "$target is version 1"
    changes: none
    outputs: { version: "lines[0]" }
  - id: change
    title: 변경
    shell: echo "changing $target"
    changes: "${vars.target} 가 바뀝니다. 아직은 아무것도 바꾸지 않습니다" # 한 문장, 또는 none
    rerun: safe # 두 번 실행해도 해가 없을 때만
    timeout: 5m
    undo:
      shell: echo "back to $version"
      env: { version: "${steps.before.version}" }
      changes: "${vars.target} 가 이전으로 돌아갑니다"

# 기준마다 판정이 나옵니다: 충족, 미충족, 데이터 없음. 데이터가 없으면 성공이 아닙니다.
success:
  - id: changed
    title: 변경이 이루어짐
    shell: echo "$target is fine"
    expect: stdout.contains(vars.target)

after:
  - 계획과 달랐던 점을 적습니다
)";

}  // namespace

std::string starting_file(const std::string& id, Language language) {
  std::string out(language == Language::korean ? korean : english);
  static constexpr std::string_view mark = "@ID@";
  for (auto at = out.find(mark); at != std::string::npos; at = out.find(mark, at + id.size())) out.replace(at, mark.size(), id);
  return out;
}

std::string modeline(const std::string& schema) { return "# yaml-language-server: $schema=" + schema + "\n"; }

std::string id_from(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool is_word = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    if (is_word) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!out.empty() && out.back() != '-') out += '-';
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  out.erase(0, std::min(out.find_first_not_of("0123456789_-"), out.size()));
  return out.empty() ? "runbook" : out;
}

}  // namespace runbook::draft
