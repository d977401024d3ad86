#include "yaml/explanations.h"

#include <array>

namespace runbook::yaml {
namespace {

constexpr std::array<Explanation, 38> table{{
    {"RB101", "The file is larger than 2 MiB. A runbook is a document that somebody reads: split it with `use`.",
     "파일이 2 MiB 를 넘습니다. 런북은 사람이 읽는 문서입니다. `use` 로 나누십시오.", "", "", "it takes a file of 2 MiB"},
    {"RB102",
     "The file is not valid UTF-8; perhaps it was saved as CP949 (EUC-KR). Save it as UTF-8: `iconv -f cp949 -t utf-8 OLD > NEW`.",
     "파일이 UTF-8 이 아닙니다. CP949 (EUC-KR) 로 저장되었을 수 있습니다. UTF-8 로 저장하십시오: `iconv -f cp949 -t utf-8 OLD > NEW`.",
     "", "", "it cannot be shown in UTF-8"},
    {"RB103", "A NUL byte: the file is no text, or was damaged.", "NUL 바이트가 있습니다: 텍스트 파일이 아니거나 손상되었습니다.",
     "", "", "it cannot be seen"},
    {"RB104", "A control character that no editor shows. Delete it; in a quoted text write it as an escape.",
     "편집기에 보이지 않는 제어 문자가 있습니다. 지우거나, 따옴표 안에서 이스케이프로 쓰십시오.", "", "", "it cannot be seen"},
    {"RB105", "A character that changes the order in which text is shown: what is read is not what is run. Delete it.",
     "글이 보이는 순서를 바꾸는 문자입니다: 보이는 것과 실행되는 것이 다릅니다. 지우십시오.", "", "", "it cannot be seen"},
    {"RB106",
     "The last line does not end with a newline: a file that was cut off by a full disk or a broken transfer looks like this.",
     "마지막 줄이 줄바꿈으로 끝나지 않습니다: 디스크가 차거나 전송이 끊겨 잘린 파일이 이렇습니다.", "", "",
     "it is what stands behind the last line"},
    {"RB107", "The file has no content.", "파일에 내용이 없습니다.", "", "", "it is an empty file"},
    {"RB108",
     "A file that begins with `---` says that it ends with `...`: without that line nobody can tell whether it was cut off at the end of a step.",
     "`---` 로 시작하는 파일은 `...` 로 끝나야 합니다: 그 줄이 없으면 단계의 끝에서 잘렸는지 알 수 없습니다.", "", "",
     "it is what stands around the whole file"},
    {"RB110", "The YAML parser does not understand this, and none of the usual mistakes explains it.",
     "YAML 로 읽을 수 없고, 흔한 실수에도 해당하지 않습니다.", "", "", "every mistake that is known has a code of its own"},
    {"RB111", "The same key twice: YAML readers would silently take the last. Delete one, or merge them.",
     "같은 키가 두 번 있습니다: 다른 YAML 도구는 말없이 마지막 것을 씁니다. 하나를 지우거나 합치십시오.",
     R"(title: first
title: second)",
     "title: first"},
    {"RB112", "Merge keys hide what holds. Write the keys out, or name a whole value with an alias.",
     "병합 키는 무엇이 적용되는지 감춥니다. 키를 다 쓰거나, 값 전체를 별칭으로 쓰십시오.",
     R"(defaults: &d { timeout: 5m }
source:
  <<: *d)",
     "defaults: { timeout: 5m }"},
    {"RB113", "An unquoted `!` at the beginning is a YAML tag: the expression behind it would be lost. Quote it.",
     "따옴표 없이 `!` 로 시작하면 YAML 태그입니다: 뒤의 식이 사라집니다. 따옴표로 싸십시오.",
     R"(runbook: 1
vars: { skip: { type: bool, default: false } }
steps:
  - id: deploy
    when: !vars.skip
    shell: ./deploy
    changes: a new version)",
     R"(runbook: 1
vars: { skip: { type: bool, default: false } }
steps:
  - id: deploy
    when: '!vars.skip'
    shell: ./deploy
    changes: a new version)"},
    {"RB114", "`---` begins a second document, and everything behind it would be ignored. One file is one runbook.",
     "`---` 는 두 번째 문서의 시작이고, 그 뒤는 무시될 것입니다. 파일 하나가 런북 하나입니다.",
     R"(title: first
---
title: second)",
     "title: first"},
    {"RB115", "The quote that begins here is not closed.", "여기서 시작한 따옴표가 닫히지 않았습니다.", R"(title: "rollback)",
     R"(title: "rollback")"},
    {"RB116", "A key must be a text, not a list or a map.", "키는 글이어야 합니다. 목록이나 맵은 키가 될 수 없습니다.",
     "[owner]: DevOps", "owner: DevOps"},
    {"RB117", "The alias refers to what it stands in: it would never end.",
     "별칭이 자기를 담고 있는 것을 가리킵니다: 끝나지 않습니다.", "references: &all [a.md, *all]", "references: [a.md]"},
    {"RB118", "More than 200,000 values, aliases counted as often as they are used: no document is that long.",
     "값이 200,000 개를 넘습니다 (별칭은 쓰인 만큼 셉니다).", "", "", "it takes 200,000 values"},
    {"RB119", "Nested deeper than 64 levels.", "64 단계보다 깊게 중첩되어 있습니다.", "", "", "it takes 65 levels"},
    {"RB120", "` #` starts a comment, so the text ends inside its own quotes. Write a script as a block.",
     "` #` 는 주석의 시작이라 글이 따옴표 안에서 끊깁니다. 스크립트는 블록으로 쓰십시오.",
     R"(- id: tell
  shell: echo "step #1"
  changes: none)",
     R"(- id: tell
  shell: |
    echo "step #1"
  changes: none)"},
    {"RB121",
     "` #` starts a comment: the rest of the sentence is gone. Quote the text; or write a comment with two blanks before `# `.",
     "` #` 는 주석의 시작입니다: 문장의 나머지가 사라집니다. 따옴표로 싸거나, 주석이면 공백 두 개 뒤에 `# ` 로 쓰십시오.",
     "title: rollback of #42 and later", "title: 'rollback of #42 and later'"},
    {"RB122", "Inside { } a comma separates keys, also within parentheses. Quote the expression.",
     "{ } 안의 쉼표는 괄호 안에서도 키를 나눕니다. 식을 따옴표로 싸십시오.",
     "- { id: pods, shell: kubectl get pods -o json, changes: none, expect: json.items.exists(p, p.ok) }",
     R"yaml(- { id: pods, shell: kubectl get pods -o json, changes: none, expect: "json.items.exists(p, p.ok)" })yaml"},
    {"RB123", "Inside [ ] a comma separates entries, also within parentheses. Quote the text.",
     "[ ] 안의 쉼표는 괄호 안에서도 항목을 나눕니다. 따옴표로 싸십시오.", "references: [plan(a, b).md]",
     R"(references: ["plan(a, b).md"])"},
    {"RB124", "`{{ }}` is another tool's template; YAML reads a map in a map. Here it is `${vars.name}`.",
     "`{{ }}` 는 다른 도구의 템플릿이고, YAML 은 맵 안의 맵으로 읽습니다. 여기서는 `${vars.name}` 입니다.", "title: {{ tag }}",
     R"(vars: { tag: { type: string, default: v1 } }
title: rollback to ${vars.tag})"},
    {"RB130", "YAML is indented with spaces; a tab is an error. Let your editor replace it.",
     "YAML 의 들여쓰기는 공백입니다. 편집기에서 탭을 공백으로 바꾸십시오.", "defaults:\n\ttimeout: 5m",
     R"(defaults:
  timeout: 5m)"},
    {"RB131", "A text that begins with a quote ends with it; what follows cannot be read. Quote the whole expression.",
     "따옴표로 시작한 글은 그 따옴표로 끝납니다. 식 전체를 따옴표로 싸십시오.",
     R"(- id: health
  http: { get: "http://collector/health" }
  expect: "ok" == json.status)",
     R"(- id: health
  http: { get: "http://collector/health" }
  expect: '"ok" == json.status')"},
    {"RB132", "`: ` ends a plain text and makes a key of it. Quote the whole, or write it as a block.",
     "`: ` 는 따옴표 없는 글을 끝내고 키로 만듭니다. 전체를 따옴표로 싸거나 블록으로 쓰십시오.",
     R"(- id: fetch
  shell: curl -H "Accept: text/plain" http://collector
  changes: none)",
     R"(- id: fetch
  shell: |
    curl -H "Accept: text/plain" http://collector
  changes: none)"},
    {"RB133", "The bracket that opens here is never closed.", "여기서 연 괄호가 닫히지 않았습니다.", "references: [a.md",
     "references: [a.md]"},
    {"RB134", "This bracket closes nothing.", "이 괄호가 닫을 것이 없습니다.", "references: [a.md]]", "references: [a.md]"},
    {"RB135", "A plain text cannot begin with this character. Quote it.",
     "따옴표 없는 글은 이 문자로 시작할 수 없습니다. 따옴표로 싸십시오.", "owner: @devops", "owner: '@devops'"},
    {"RB136", "This line is no key: after a key comes a colon and a blank.",
     "이 줄은 키가 아닙니다: 키 뒤에는 콜론과 공백이 옵니다.",
     R"(id: rollback
owner DevOps)",
     R"(id: rollback
owner: DevOps)"},
    {"RB137", "The indentation fits nothing above. Keys of the same map begin in the same column.",
     "들여쓰기가 위의 어느 것과도 맞지 않습니다. 같은 맵의 키는 같은 칸에서 시작합니다.",
     R"(id: rollback
  owner: DevOps)",
     R"(id: rollback
owner: DevOps)"},
    {"RB138", "In double quotes a backslash begins an escape, and this is none. Use single quotes, or two backslashes.",
     "큰따옴표 안의 역슬래시는 이스케이프인데 이런 것은 없습니다. 작은따옴표를 쓰거나 역슬래시를 두 번 쓰십시오.",
     R"(title: "v5\.3")", R"(title: 'v5\.3')"},
    {"RB139", "An unquoted `*` at the beginning is an alias. Quote the text.",
     "따옴표 없이 `*` 로 시작하면 별칭입니다. 따옴표로 싸십시오.", "title: *.sql", "title: '*.sql'"},
    {"RB140", "Lines that begin with `%` are for YAML itself. Delete it.",
     "`%` 로 시작하는 줄은 YAML 자체에 대한 지시입니다. 지우십시오.", "", "", "it stands before the first line of a runbook"},
    {"RB141", "Inside { } and [ ] a `?` ends a plain text. Quote it.",
     "{ } 와 [ ] 안에서 `?` 는 따옴표 없는 글을 끝냅니다. 따옴표로 싸십시오.",
     "- { id: ask, manual: {ask: really?, input: bool}, timeout: 5m }",
     R"(- { id: ask, manual: {ask: "really?", input: bool}, timeout: 5m })"},
    {"RB142",
     "The lines of a block are indented deeper than its key; this line is not, so the block is empty and the line is none.",
     "블록의 줄은 그 키보다 깊게 들여 씁니다. 그렇지 않으면 블록은 비고 이 줄은 아무것도 아닙니다.",
     R"(- id: stop
  shell: |
  systemctl stop collector
  changes: the collector)",
     R"(- id: stop
  shell: |
    systemctl stop collector
  changes: the collector)"},
    {"RB143", "Behind the colon of a key, and behind the dash of an element, comes a blank.",
     "키의 쌍점 뒤와 목록의 `-` 뒤에는 공백이 옵니다.",
     R"(- id:look
  shell: date
  changes: none)",
     R"(- id: look
  shell: date
  changes: none)"},
    {"RB144",
     "A blank that was copied from a web page (U+00A0) or typed with an input method (U+3000) looks like one and is a letter: the line is not indented by it, the key has no value, the word is another word. Type it again with the space bar. Within a sentence it may stay.",
     "웹 페이지에서 복사한 공백(U+00A0)이나 입력기의 전각 공백(U+3000)은 공백처럼 보이지만 글자입니다: 들여쓰기도, 키와 값의 구분도 되지 않고, 낱말이 달라집니다. 스페이스 바로 다시 치십시오. 문장 안에서는 괜찮습니다.",
     "- { id: look, shell: date, changes: none\u00a0 }", "- { id: look, shell: date, changes: none }"},
}};

}  // namespace

std::span<const Explanation> explanations() { return table; }

}  // namespace runbook::yaml
