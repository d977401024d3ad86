#include "runbook/explanations.h"

#include <array>

namespace runbook {
namespace {

constexpr std::array<Explanation, 67> table{{
    {"RB201", "The language has no such key. Nothing unknown is ever ignored.",
     "언어에 그런 키가 없습니다. 모르는 것을 무시하는 일은 없습니다.", "tittle: rollback", "title: rollback"},
    {"RB202", "The key exists and belongs elsewhere: `runbook explain --keys KEY` says where.",
     "그 키는 다른 곳에 씁니다: `runbook explain --keys 키` 를 보십시오.", "timeout: 5m", "defaults: { timeout: 5m }"},
    {"RB203", "A key is missing that has to be there.", "꼭 있어야 하는 키가 없습니다.", "- { shell: ls, changes: none }",
     "- { id: look, shell: ls, changes: none }"},
    {"RB204", "The key has no value. Write one, or leave the key out.", "키에 값이 없습니다. 값을 쓰거나 키를 지우십시오.",
     "title:", "title: rollback"},
    {"RB205", "Here stand keys with values.", "여기에는 키와 값을 씁니다.", "defaults: [5m]", "defaults: { timeout: 5m }"},
    {"RB206", "Here stands a list, also of one.", "하나라도 목록으로 씁니다.", "references: plan.md", "references: [plan.md]"},
    {"RB207", "[ ] makes a list. Quote the text.", "[ ] 는 목록이 됩니다. 따옴표로 싸십시오.", "contact: [연락처 정보]",
     R"(contact: "[연락처 정보]")"},
    {"RB208", "{ } or `: ` makes a map. Quote the sentence.", "{ } 나 `: ` 는 맵이 됩니다. 문장을 따옴표로 싸십시오.",
     R"(after:
  - 롤백 후: 서비스 정상)",
     R"(after:
  - '롤백 후: 서비스 정상')"},
    {"RB209", "This engine reads version 1 of the language.", "이 엔진은 언어 버전 1 을 읽습니다.",
     R"(runbook: 2
steps: [{ id: a, shell: ls, changes: none }])",
     R"(runbook: 1
steps: [{ id: a, shell: ls, changes: none }])"},
    {"RB210", "Names are lower-case letters, digits and `_`, as in expressions and shells; titles may be anything.",
     "이름은 소문자, 숫자, `_` 입니다. 제목은 무엇이든 됩니다.", "- { id: 롤백, shell: ls, changes: none }",
     "- { id: rollback, title: 롤백, shell: ls, changes: none }"},
    {"RB211", "The name means something already, in expressions or to programs.",
     "식이나 프로그램에서 이미 뜻이 있는 이름입니다.", "- { id: state, shell: ls, changes: none }",
     "- { id: look, shell: ls, changes: none }"},
    {"RB212", "Two in one list with the same id: commands and expressions could not tell them apart.",
     "한 목록에 같은 id 가 둘입니다: 명령과 식에서 구별할 수 없습니다.",
     R"(- { id: look, shell: ls, changes: none }
- { id: look, shell: pwd, changes: none })",
     R"(- { id: look, shell: ls, changes: none }
- { id: where, shell: pwd, changes: none })"},
    {"RB213", "Only certain words can stand here.", "여기에는 정해진 단어만 쓸 수 있습니다.", "risk: hihg", "risk: high"},
    {"RB214", "`yes` and `no` are texts here; true and false are the two.",
     "`yes` 와 `no` 는 글입니다. true 나 false 를 쓰십시오.",
     "- { id: ok, approve: { ask: go on, not_operator: yes }, timeout: 5m }",
     "- { id: ok, approve: { ask: go on, not_operator: true }, timeout: 5m }"},
    {"RB215", "A whole number within its range.", "범위 안의 정수를 씁니다.",
     "- { id: ok, approve: { ask: go on, count: many }, timeout: 5m }",
     "- { id: ok, approve: { ask: go on, count: 2 }, timeout: 5m }"},
    {"RB216", "A duration carries its unit; a range is written with two dots.",
     "시간에는 단위를 씁니다. 범위는 점 두 개로 씁니다.", "expected: 2-3m", "expected: 2m..3m"},
    {"RB217", "This is used before the first step, so it can name only variables with a value and the environment.",
     "첫 단계 전에 쓰이므로 값이 있는 변수와 환경만 쓸 수 있습니다.", "cwd: ${steps.look.path}",
     R"(vars: { place: { type: path, default: . } }
cwd: ${vars.place})"},
    {"RB218", "The pattern is no regular expression (RE2). It has to match the whole value.",
     "정규식이 아닙니다 (RE2). 값 전체에 맞아야 합니다.", R"(vars: { tag: { type: string, default: v1, pattern: "[a-" } })",
     R"(vars: { tag: { type: string, default: v1, pattern: "[a-z0-9]+" } })"},
    {"RB219", "YAML 1.1 readers take an unquoted yes, no, on, off for a bool. Quote it.",
     "YAML 1.1 도구는 따옴표 없는 yes, no, on, off 를 참거짓으로 읽습니다. 따옴표로 싸십시오.", "title: no", "title: 'no'"},
    {"RB220", "Names of environment variables are letters, digits and `_`.", "환경 변수의 이름은 글자, 숫자, `_` 입니다.",
     "env: { DB-HOST: db1 }", "env: { DB_HOST: db1 }"},
    {"RB221", "The text is empty.", "글이 비어 있습니다.", "- { id: look, shell: '', changes: none }",
     "- { id: look, shell: ls, changes: none }"},
    {"RB222", "The list is empty. Fill it, or leave the key out.", "목록이 비어 있습니다. 채우거나 키를 지우십시오.",
     "- { id: ask, manual: { ask: ready, items: [] }, timeout: 5m }",
     "- { id: ask, manual: { ask: ready, items: [backup is there] }, timeout: 5m }"},
    {"RB223", "An escape has put a control character into a name or title, where it could change what a terminal shows.",
     "이스케이프로 제어 문자가 들어갔습니다. 터미널에 보이는 것을 바꿀 수 있습니다.", R"(cwd: "a\u0007")", "cwd: a"},
    {"RB230", "Here an expression stands alone; `${ }` puts one into a text.",
     "여기에는 식만 씁니다. `${ }` 는 글 안에 식을 넣을 때 씁니다.",
     R"(vars: { skip: { type: bool, default: false } }
steps:
  - { id: look, shell: ls, changes: none, when: '${vars.skip}' })",
     R"(vars: { skip: { type: bool, default: false } }
steps:
  - { id: look, shell: ls, changes: none, when: vars.skip })"},
    {"RB231", "Values never become code: variables reach a script as environment variables of the same name.",
     "값은 코드가 되지 않습니다: 변수는 같은 이름의 환경 변수로 전달됩니다.",
     R"(vars: { tag: { type: string, default: v1 } }
steps:
  - { id: out, shell: 'git checkout ${vars.tag}', changes: files })",
     R"(vars: { tag: { type: string, default: v1 } }
steps:
  - { id: out, shell: 'git checkout "$tag"', changes: files })"},
    {"RB232", "This must stand as it is, because it is read before any value is known.",
     "값을 알기 전에 읽는 것이라 그대로 써야 합니다.", "references: ['${env.DOC}']", "references: [docs/plan.md]"},
    {"RB233",
     "A secret would be shown or stored here. It may stand in a step's `env`, in `connections`, and in `headers` and `json` of http.",
     "비밀 값이 보이거나 저장됩니다. 단계의 `env`, `connections`, http 의 `headers` 와 `json` 에만 씁니다.",
     R"(secrets: { token: { env: TOKEN } }
title: 'with ${secrets.token}')",
     R"(secrets: { token: { env: TOKEN } }
steps:
  - { id: look, shell: ls, changes: none, env: { T: '${secrets.token}' } })"},
    {"RB240", "A step does one thing, named by its key: shell, sql, http, ssh, manual, approve, steps, use.",
     "단계는 한 가지를 합니다: shell, sql, http, ssh, manual, approve, steps, use.", "- { id: look, title: what is there }",
     "- { id: look, title: what is there, shell: ls, changes: none }"},
    {"RB241", "Two actions in one step: which of them failed, and what is repeated? Make two steps.",
     "한 단계에 동작이 둘입니다: 무엇이 실패했는지 알 수 없습니다. 두 단계로 나누십시오.",
     "- { id: both, shell: ls, http: { get: 'http://a' }, changes: none }",
     R"(- { id: one, shell: ls, changes: none }
- { id: two, http: { get: 'http://a' } })"},
    {"RB242", "`changes` takes a sentence about what changes, or the word `none`.",
     "`changes` 에는 바뀌는 것에 대한 문장이나 `none` 을 씁니다.", "- { id: look, shell: ls, changes: 없음 }",
     "- { id: look, shell: ls, changes: none }"},
    {"RB243", "Nobody can see what this step does to the world, so it is taken to change something. Say it.",
     "이 단계가 무엇을 바꾸는지 알 수 없어 무언가 바꾸는 것으로 봅니다. 적으십시오.", "- { id: look, shell: kubectl get pods }",
     "- { id: look, shell: kubectl get pods, changes: none }"},
    {"RB244", "Only what is safe to repeat is repeated. To wait for an effect, add a step that only looks.",
     "되풀이해도 안전한 것만 되풀이합니다. 효과를 기다리려면 보기만 하는 단계를 추가하십시오.",
     "- { id: go, shell: ./deploy, changes: version, retry: { every: 5s, for: 1m } }",
     R"(- { id: go, shell: ./deploy, changes: version }
- { id: up, shell: ./is-up, changes: none, retry: { every: 5s, for: 1m } })"},
    {"RB245", "`retry` needs an end.", "`retry` 에는 끝이 필요합니다.",
     "- { id: up, shell: ./is-up, changes: none, retry: { every: 5s } }",
     "- { id: up, shell: ./is-up, changes: none, retry: { every: 5s, for: 1m } }"},
    {"RB246",
     "The tries end before the condition can have held that long: `for` counts from the first look, `hold` from the first true "
     "one. Without `for` there is time enough: a criterion has 1m to become true, and `hold` after that.",
     "조건이 그만큼 지켜지기 전에 시도가 끝납니다. `for` 는 처음 볼 때부터, `hold` 는 처음 참일 때부터 셉니다. `for` 를 쓰지 않으면 "
     "시간은 충분합니다: 성공 기준은 1m 안에 참이 되면 되고, 그 뒤에 `hold` 만큼 더 봅니다.",
     "- { id: up, shell: ./is-up, changes: none, hold: 2m, retry: { every: 5s, for: 1m } }",
     "- { id: up, shell: ./is-up, changes: none, hold: 2m, retry: { every: 5s, for: 5m } }"},
    {"RB247", "`hold` looks again and again, so the step must only read.",
     "`hold` 는 되풀이해서 보므로 읽기만 하는 단계여야 합니다.", "- { id: go, shell: ./deploy, changes: version, hold: 1m }",
     "- { id: up, shell: ./is-up, changes: none, hold: 1m }"},
    {"RB248", "People are waited for: say how long.", "사람을 기다립니다: 얼마나 기다릴지 적으십시오.",
     "- { id: ok, approve: go on }", "- { id: ok, approve: go on, timeout: 15m }"},
    {"RB249", "Checks and probes only read: they are evaluated as often as needed.",
     "검사와 probe 는 읽기만 합니다: 필요한 만큼 되풀이해서 봅니다.",
     R"(success:
  - { id: tell, shell: ./notify, changes: message })",
     R"(success:
  - { id: up, shell: ./is-up })"},
    {"RB250", "A probe is asked whether the effect is there: `expect` gives the answer.",
     "probe 는 효과가 있는지 답합니다: `expect` 가 그 답입니다.",
     "- { id: go, shell: ./deploy, changes: version, probe: { shell: ./version } }",
     R"(- { id: go, shell: ./deploy, changes: version, probe: { shell: ./version, expect: 'stdout == "v2"' } })"},
    {"RB251", "A check is an expression, or a map with an action.", "검사는 식이거나 동작이 있는 맵입니다.",
     R"(success:
  - [exit == 0])",
     R"(success:
  - { id: up, shell: ./is-up })"},
    {"RB252", "The same need twice says nothing more than once.", "같은 것을 두 번 기다려도 한 번과 같습니다.",
     R"(- { id: one, shell: ls, changes: none }
- { id: two, shell: ls, changes: none, needs: [one, one] })",
     R"(- { id: one, shell: ls, changes: none }
- { id: two, shell: ls, changes: none, needs: [one] })"},
    {"RB253", "A duration of zero would never end, or never begin.", "0 인 시간은 끝나지 않거나 시작하지 않습니다.",
     "defaults: { timeout: 0s }", "defaults: { timeout: 5m }"},
    {"RB254", "This kind of step takes other keys.", "이 종류의 단계에는 다른 키를 씁니다.", "- { id: count, sql: SELECT 1 }",
     R"(connections: { reports: { dbname: reports } }
steps:
  - { id: count, sql: { db: reports, query: SELECT 1 } })"},
    {"RB255", "The action has no such key.", "동작에 그런 키가 없습니다.", "- { id: up, http: { gett: 'http://a' } }",
     "- { id: up, http: { get: 'http://a' } }"},
    {"RB256", "The action needs this key.", "동작에 이 키가 필요합니다.",
     "- { id: ask, manual: { items: [ready] }, timeout: 5m }",
     "- { id: ask, manual: { ask: ready, items: [backup is there] }, timeout: 5m }"},
    {"RB257", "Connections are declared at the top of the file, under `connections`.",
     "연결은 파일 최상위의 `connections` 에 선언합니다.", "- { id: count, sql: { db: reports, query: SELECT 1 } }",
     R"(connections: { reports: { dbname: reports } }
steps:
  - { id: count, sql: { db: reports, query: SELECT 1 } })"},
    {"RB258", "The connection is of another kind: one with `url` is for http, the others are for sql.",
     "연결의 종류가 다릅니다: `url` 이 있으면 http, 나머지는 sql 입니다.",
     R"(connections: { api: { url: 'http://a' } }
steps:
  - { id: count, sql: { db: api, query: SELECT 1 } })",
     R"(connections: { api: { url: 'http://a' } }
steps:
  - { id: up, http: { base: api, get: /health } })"},
    {"RB259", "A question asks for one thing.", "질문은 한 가지를 묻습니다.",
     "- { id: ask, manual: { ask: which, choose: [a, b], input: int }, timeout: 5m }",
     "- { id: ask, manual: { ask: which, choose: [a, b] }, timeout: 5m }"},
    {"RB260", "`: ` has made a map of the item. Quote the sentence.",
     "`: ` 때문에 항목이 맵이 되었습니다. 문장을 따옴표로 싸십시오.",
     R"(- id: ask
  manual:
    ask: ready
    items:
      - 롤백 후: 서비스 정상
  timeout: 5m)",
     R"(- id: ask
  manual:
    ask: ready
    items:
      - '롤백 후: 서비스 정상'
  timeout: 5m)"},
    {"RB261", "The value does not fit the variable's type.", "값이 변수의 자료형에 맞지 않습니다.",
     "vars: { count: { type: int, default: many } }", "vars: { count: { type: int, default: 3 } }"},
    {"RB262", "`--var` names a variable that the runbook does not declare.", "`--var` 가 런북에 없는 변수를 가리킵니다.", "", "",
     "it is said of the command line: --var tagg=v1"},
    {"RB263", "The pattern must match the whole value.", "값 전체가 패턴에 맞아야 합니다.",
     "vars: { tag: { type: string, default: 5.3, pattern: 'v[0-9.]+' } }",
     "vars: { tag: { type: string, default: v5.3, pattern: 'v[0-9.]+' } }"},
    {"RB264", "The value is none of those that can be chosen.", "고를 수 있는 값이 아닙니다.",
     "vars: { level: { type: enum, choices: [low, high], default: hihg } }",
     "vars: { level: { type: enum, choices: [low, high], default: high } }"},
    {"RB265", "A variable is a map with a `type`, and a default or a question.",
     "변수는 `type` 이 있는 맵이고, 기본값이나 질문이 있습니다.", "vars: { tag: v1 }",
     "vars: { tag: { type: string, default: v1 } }"},
    {"RB266", "A used file declares the variable with another type. Give both the same, or pass it in `use: {vars}`.",
     "쓰는 파일이 같은 변수를 다른 자료형으로 선언했습니다. 같게 하거나 `use: {vars}` 로 넘기십시오.", "", "",
     "it takes two files"},
    {"RB267", "Two files that are used together declare this differently, and it can have only one meaning.",
     "함께 쓰는 두 파일이 다르게 선언했습니다. 뜻은 하나여야 합니다.", "", "", "it takes two files"},
    {"RB268", "A secret comes from one place: the environment, a file, or what a command prints.",
     "비밀 값의 출처는 하나입니다: 환경, 파일, 명령의 출력.", "secrets: { token: { env: TOKEN, file: token.txt } }",
     "secrets: { token: { env: TOKEN } }"},
    {"RB269", "Candidates are printed by an action that only reads, one a line.",
     "후보는 읽기만 하는 동작이 한 줄에 하나씩 출력합니다.",
     "vars: { tag: { type: string, ask: which, choices: { manual: choose } } }",
     "vars: { tag: { type: string, ask: which, choices: { shell: git tag } } }"},
    {"RB270", "A file that is used cannot be read. Paths are relative to the file that names them.",
     "쓰는 파일을 읽을 수 없습니다. 경로는 그것을 쓴 파일이 기준입니다.", "- { id: verify, use: nowhere.yaml }",
     "- { id: verify, steps: [{ id: up, shell: ./is-up, changes: none }] }"},
    {"RB271", "Files that use each other in a circle would never end.", "서로를 되풀이해 쓰는 파일은 끝나지 않습니다.",
     "- { id: again, use: runbook.yaml }", "- { id: once, shell: ls, changes: none }"},
    {"RB272", "More files are used than anybody can review.", "쓰는 파일이 너무 많습니다.", "", "", "it takes many files"},
    {"RB273", "The used file has no list of this name.", "쓰는 파일에 그 목록이 없습니다.", "", "", "it takes two files"},
    {"RB274", "A used file's `lock` and `finally` are its own and are not taken over: the caller says them if it needs them.",
     "쓰는 파일의 `lock` 과 `finally` 는 적용되지 않습니다. 필요하면 쓰는 쪽에 적으십시오.", "", "", "it takes two files"},
    {"RB275", "The files that are used together are too large.", "함께 쓰는 파일이 너무 큽니다.", "", "",
     "it takes 200,000 values"},
    {"RB276", "This request or statement changes something by its nature: say what, or `changes: none` if it only reads.",
     "이 요청이나 문장은 무언가를 바꿉니다. 무엇인지 적거나, 읽기만 하면 `changes: none` 을 적으십시오.",
     "- { id: find, http: { post: 'http://a/_search' } }", "- { id: find, http: { post: 'http://a/_search' }, changes: none }"},
    {"RB277", "`at_once` and `max_failures` say how a `for_each` goes on.",
     "`at_once` 와 `max_failures` 는 `for_each` 와 함께 씁니다.", "- { id: look, shell: ls, changes: none, at_once: 2 }",
     "- { id: look, for_each: [a, b], shell: ls, changes: none, at_once: 2 }"},
    {"RB278",
     "A step that runs longer than its `timeout` is ended, however well it goes. Without one the default of the file holds, which "
     "is 5m, for checks 10s (`defaults: { timeout, check_timeout }`).",
     "`timeout` 보다 오래 걸리는 단계는 잘되고 있어도 종료됩니다. 적지 않으면 파일의 기본값이 적용됩니다. 5m, 검사는 10s 입니다 "
     "(`defaults: { timeout, check_timeout }`).",
     "- { id: restore, shell: ./restore.sh, changes: data, expected: 10m..20m }",
     "- { id: restore, shell: ./restore.sh, changes: data, expected: 10m..20m, timeout: 40m }"},
    {"RB285", "Nobody is asked here: it is looked at by itself.", "여기서는 사람에게 묻지 않습니다: 스스로 봅니다.",
     R"(baseline:
  - { id: space, manual: how much is free, timeout: 5m })",
     R"(baseline:
  - { id: space, shell: df /tmp })"},
}};

}  // namespace

std::span<const Explanation> runbook_explanations() { return table; }

}  // namespace runbook
