#include "cli/explanations.h"

#include <array>
#include <span>

#include "action/explanations.h"
#include "cel/explanations.h"
#include "plan/explanations.h"
#include "runbook/explanations.h"
#include "yaml/explanations.h"

namespace runbook {
namespace {

// Of cli/messages.h.
constexpr std::array<Explanation, 6> table{{
    {"RB501",
     "The script, or `file` of sql, names a file that is not there, seen from the step's `cwd`; or this folder is not there itself, "
     "and no step names it, which could make it. With --strict an error.",
     "스크립트나 sql 의 `file` 이 가리키는 파일이 단계의 `cwd` 에 없거나, 그 폴더가 없고 만드는 단계도 없습니다. --strict 이면 "
     "오류입니다.",
     "- { id: go, shell: ./no-such-script, changes: version }", "- { id: go, shell: deploy-tool run, changes: version }"},
    {"RB502",
     "The section of the document that the runbook was written from has changed since: read it, correct the runbook, renew `hash`.",
     "런북의 바탕이 된 문서의 절이 그 뒤에 바뀌었습니다. 읽고 런북을 고친 뒤 `hash` 를 새로 적으십시오.", "", "",
     "it takes a document beside the runbook"},
    {"RB503", "The document, or its section, that the runbook was written from is not there.",
     "런북의 바탕이 된 문서나 절이 없습니다.", "", "", "it takes a document beside the runbook"},
    {"RB505",
     "`bash -n` (or `sh -n`) cannot read the script. The lines before the mistake would run before bash finds it. `run` and "
     "`resume --amend` refuse the runbook before anything is changed; `--plan --no-checks` does not look.",
     "`bash -n` (또는 `sh -n`) 이 스크립트를 읽지 못합니다. 잘못된 줄의 앞 줄들은 실행된 뒤에야 bash 가 압니다. `run` 과 `resume "
     "--amend` 는 아무것도 바꾸기 전에 거부합니다. `--plan --no-checks` 는 보지 않습니다.",
     R"(- id: look
  shell: |
    for pod in a b; do
      echo "$pod"
    fi
  changes: none)",
     R"(- id: look
  shell: |
    for pod in a b; do
      echo "$pod"
    done
  changes: none)"},
    {"RB506", "The shell reads the script and warns: mostly a here-document whose end is missing.",
     "셸이 읽기는 하지만 경고합니다: 대개 끝이 없는 here-document 입니다.",
     R"(- id: look
  shell: |
    cat <<END
    text
  changes: none)",
     R"(- id: look
  shell: |
    cat <<END
    text
    END
  changes: none)"},
    {"RB507",
     "shellcheck's errors and warnings; its own page explains the SC code. Only `lint` asks it. Not said where shellcheck is not installed.",
     "shellcheck 의 오류와 경고입니다. SC 코드는 그 페이지에 설명이 있습니다. `lint` 만 묻습니다. shellcheck 가 없으면 말하지 않습니다.",
     R"(- id: look
  shell: |
    for f in $(ls); do echo "$f"; done
  changes: none)",
     R"(- id: look
  shell: |
    for f in *; do echo "$f"; done
  changes: none)"},
}};

}  // namespace

std::vector<const Explanation*> all_explanations() {
  std::vector<const Explanation*> out;
  for (const std::span<const Explanation> part :
       {yaml::explanations(), runbook_explanations(), cel::explanations(), plan_explanations(),
        std::span<const Explanation>(table), action_explanations()})
    for (const auto& one : part) out.push_back(&one);
  return out;
}

const Explanation* find_explanation(std::string_view code) {
  for (const auto* one : all_explanations())
    if (one->code == code) return one;
  return nullptr;
}

}  // namespace runbook
