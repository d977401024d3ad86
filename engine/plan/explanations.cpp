#include "plan/explanations.h"

#include <array>

namespace runbook {
namespace {

constexpr std::array<Explanation, 28> table{{
    {"RB401", "Steps can be needed that stand in the same list; of a step in a group, the group is needed.",
     "같은 목록의 단계만 기다릴 수 있습니다. 그룹 안의 단계는 그룹을 기다립니다.",
     R"(- { id: db_verify, shell: ls, changes: none }
- { id: undo, shell: ls, changes: none, needs: [db_verfy] })",
     R"(- { id: db_verify, shell: ls, changes: none }
- { id: undo, shell: ls, changes: none, needs: [db_verify] })"},
    {"RB402", "Steps that wait for each other never start.", "서로를 기다리는 단계는 시작하지 않습니다.",
     R"(- { id: a, shell: ls, changes: none, needs: [b] }
- { id: b, shell: ls, changes: none, needs: [a] })",
     R"(- { id: a, shell: ls, changes: none }
- { id: b, shell: ls, changes: none, needs: [a] })"},
    {"RB403", "A step cannot wait for itself.", "단계는 자기 자신을 기다릴 수 없습니다.",
     "- { id: a, shell: ls, changes: none, needs: [a] }", "- { id: a, shell: ls, changes: none }"},
    {"RB404", "A step's values may be read only where it has certainly ended: name it in `needs`, or move this below it.",
     "단계의 값은 그 단계가 확실히 끝난 곳에서만 읽습니다: `needs` 에 쓰거나 아래로 옮기십시오.",
     R"(- { id: first, shell: ls, changes: none, when: steps.second.exit == 0 }
- { id: second, shell: ls, changes: none })",
     R"(- { id: second, shell: ls, changes: none }
- { id: first, shell: ls, changes: none, when: steps.second.exit == 0 })"},
    {"RB405", "The lock is taken before anything runs, so its name must be known then.",
     "lock 은 아무것도 실행하기 전에 잡으므로 그때 이름을 알 수 있어야 합니다.", "lock: ''", "lock: deployment/web"},
    {"RB406", "The variable has neither a default nor a question: it may be missing where it is used.",
     "변수에 기본값도 질문도 없습니다: 쓰는 곳에서 값이 없을 수 있습니다.",
     R"(vars: { tag: { type: string } }
title: 'rollback to ${vars.tag}')",
     R"(vars: { tag: { type: string, required: true } }
title: 'rollback to ${vars.tag}')"},
    {"RB407", "A `for_each` inside another is not supported: make one list of both.",
     "`for_each` 안의 `for_each` 는 지원하지 않습니다: 하나의 목록으로 만드십시오.",
     R"(- id: all
  for_each: [a, b]
  steps:
    - { id: each, for_each: [1, 2], shell: ls, changes: none })",
     R"(- id: all
  for_each: [a, b]
  steps:
    - { id: each, shell: ls, changes: none })"},
    {"RB408", "The elements must have different keys, and there are at most 1,000.",
     "원소의 키는 서로 달라야 하고 1,000 개까지입니다.", "- { id: each, for_each: [a, a], shell: ls, changes: none }",
     "- { id: each, for_each: [a, b], shell: ls, changes: none }"},
    {"RB451",
     "Nothing can change what the condition comes to: the step always or never runs. A step whose failure ends the run is never "
     "seen as failed by another one: `rescue:` is what is done then, or `on_fail: continue` lets the run go on.",
     "조건의 결과를 바꿀 수 있는 것이 없습니다: 단계가 항상 실행되거나 결코 실행되지 않습니다. 실패하면 실행이 끝나는 단계의 "
     "실패는 다른 단계가 볼 수 없습니다: 그때 할 일은 `rescue:` 에 쓰거나, `on_fail: continue` 로 계속하게 하십시오.",
     "- { id: look, shell: ls, changes: none, when: 'false' }",
     R"(vars: { look: { type: bool, default: false } }
steps:
  - { id: look, shell: ls, changes: none, when: vars.look })"},
    {"RB452",
     "(production) Whoever runs this at night needs to know whose it is and whom to call. The contact is printed at every failure.",
     "(production) 밤에 실행하는 사람은 담당자와 연락처를 알아야 합니다. 연락처는 실패할 때마다 표시됩니다.", "title: rollback",
     R"(title: rollback
owner: DevOps
contact: 02-000-0000)"},
    {"RB454",
     "`kubectl rollout undo` run twice goes forward to the broken version. After a crash only a probe can tell whether it was done.",
     "`kubectl rollout undo` 를 두 번 실행하면 고장 난 버전으로 다시 갑니다. 중단된 뒤에는 probe 만이 실행 여부를 압니다.",
     R"(- id: undo
  shell: kubectl rollout undo deployment/web
  changes: image)",
     R"(- id: now
  shell: kubectl get deployment/web -o json
  changes: none
  outputs: { image: 'json.spec.template.spec.containers[0].image' }
- id: undo
  shell: kubectl rollout undo deployment/web
  changes: image
  probe:
    shell: kubectl get deployment/web -o json
    expect: json.spec.template.spec.containers[0].image != steps.now.image)"},
    {"RB455", "`rerun: safe` lets the engine run it again by itself, and `kubectl rollout undo` run twice goes forward.",
     "`rerun: safe` 이면 엔진이 스스로 다시 실행하는데, `kubectl rollout undo` 는 두 번 실행하면 새 버전이 됩니다.",
     R"(- id: undo
  shell: kubectl rollout undo deployment/web
  changes: image
  rerun: safe)",
     R"(- id: undo
  shell: kubectl rollout undo deployment/web
  changes: image
  probe: { shell: kubectl rollout history deployment/web, expect: 'stdout.contains("v1")' })"},
    {"RB456",
     "`all()` of an empty list is true: with a wrong label no pod is looked at, and all are well. Ask for the size, too.",
     "빈 목록의 `all()` 은 참입니다: 레이블이 틀리면 파드를 하나도 보지 않고 모두 정상이 됩니다. 크기도 물으십시오.",
     R"(success:
  - id: pods
    shell: kubectl get pods -l app=web -o json
    expect: json.items.all(p, p.status.phase == "Running"))",
     R"(success:
  - id: pods
    shell: kubectl get pods -l app=web -o json
    expect: size(json.items) > 0 && json.items.all(p, p.status.phase == "Running"))"},
    {"RB457",
     "The operator gives a value, and nothing looks at it. Use it, or delete it. Not said where a step runs a file, which sees every variable in its environment.",
     "운영자가 값을 주어도 아무도 보지 않습니다. 쓰거나 지우십시오. 파일을 실행하는 단계가 있으면 말하지 않습니다: 그 파일은 모든 변수를 환경에서 봅니다.",
     R"(vars: { tag: { type: string, ask: which } }
steps:
  - { id: out, shell: git checkout v5.3.0, changes: files })",
     R"(vars: { tag: { type: string, ask: which } }
steps:
  - { id: out, shell: git checkout "$tag", changes: files })"},
    {"RB458",
     "`ssh` joins its words with blanks and the shell on the other host reads them again: a value with a `;` in it is a command there.",
     "`ssh` 는 인수를 이어 붙이고 그곳의 셸이 다시 해석합니다: 값에 `;` 이 있으면 명령이 됩니다.",
     R"(vars: { file: { type: string, ask: which } }
steps:
  - { id: clean, shell: 'ssh web1 "rm -- $file"', changes: file })",
     R"(vars: { file: { type: string, ask: which } }
steps:
  - { id: clean, ssh: { host: web1, script: 'rm -- "$file"' }, changes: file })"},
    {"RB459",
     "What counts as reading is run again after a crash and by `retry`, and runs before a rollback is approved. This command changes something.",
     "읽기만 하는 것은 중단된 뒤에, `retry` 로, 승인 전에도 실행됩니다. 이 명령은 무언가를 바꿉니다.",
     "- { id: down, shell: kubectl scale deployment/web --replicas=0, changes: none }",
     "- { id: down, shell: kubectl scale deployment/web --replicas=0, changes: no pods any more }"},
    {"RB460", "Whoever reads the file reads this, and no log masks it. Declared under `secrets` it is masked everywhere.",
     "파일을 읽는 사람이 다 보고, 로그에서도 가려지지 않습니다. `secrets` 에 선언하면 어디서나 가려집니다.",
     "- { id: load, shell: ./load, env: { DB_PASSWORD: hunter2 }, changes: data }",
     R"(secrets: { db: { env: DB_PASSWORD } }
steps:
  - { id: load, shell: ./load, env: { DB_PASSWORD: '${secrets.db}' }, changes: data })"},
    {"RB461",
     "(production) `runbook undo` reverts only what has an `undo`. Where there is no way back, `confirm` makes the operator say so.",
     "(production) `runbook undo` 는 `undo` 가 있는 단계만 되돌립니다. 되돌릴 수 없으면 `confirm` 으로 확인하게 하십시오.",
     "- { id: out, shell: git checkout v2, changes: files }",
     "- { id: out, shell: git checkout v2, changes: files, undo: { shell: git checkout v1 } }"},
    {"RB462", "(production) It says that new pods have started, not that the service does what it should. Ask the service.",
     "(production) 새 파드가 시작되었다는 뜻이지 서비스가 제대로 된다는 뜻이 아닙니다. 서비스에 물으십시오.",
     "- { id: rolled, shell: kubectl rollout status deployment/web, changes: none }",
     R"(steps:
  - { id: rolled, shell: kubectl rollout status deployment/web, changes: none }
success:
  - { id: health, http: { get: "http://web/health" }, expect: json.status == "ok" })"},
    {"RB463",
     "(production) Without `sslmode: verify-full` anybody on the way can be the server, read the password, and answer the checks.",
     "(production) `sslmode: verify-full` 이 없으면 중간의 누구라도 서버인 척하고 비밀번호를 읽고 검사에 답할 수 있습니다.",
     "connections: { reports: { host: db1.example, dbname: reports } }",
     "connections: { reports: { host: db1.example, dbname: reports, sslmode: verify-full } }"},
    {"RB464", "Variables reach a script under their names; the element of a `for_each` and secrets only where `env` passes them.",
     "변수는 그 이름으로 스크립트에 전달되지만 `for_each` 의 요소와 비밀 값은 `env` 로 전달해야 합니다.",
     R"(steps:
  - { id: hosts, for_each: '["a", "b"]', shell: ping -c 1 "$item", changes: none })",
     R"(steps:
  - { id: hosts, for_each: '["a", "b"]', shell: ping -c 1 "$host", env: { host: '${item}' }, changes: none })"},
    {"RB465",
     "Only after `|` do line ends stay: after `>`, in quotes, and without either YAML makes one line of all. The first command is "
     "then given the others as words, a comment swallows them, and the step may succeed all the same.",
     "줄바꿈은 `|` 뒤에서만 남습니다. `>`, 따옴표, 또는 둘 다 없을 때 YAML 은 한 줄로 만듭니다. 그러면 첫 명령이 나머지를 인수로 "
     "받거나 주석이 삼키고, 단계는 그래도 성공할 수 있습니다.",
     R"(- id: stop
  shell: >-
    echo stopping
    systemctl stop collector
  changes: collector)",
     R"(- id: stop
  shell: |
    echo stopping
    systemctl stop collector
  changes: collector)"},
    {"RB466",
     "In texts a value is `${vars.tag}`, in scripts \"$tag\", in SQL `$1` with `params`. Neither `argv` nor `env` nor `cwd` is read "
     "by a shell: `~/app` and `$tag` are no more than these characters there.",
     "글에서는 `${vars.tag}`, 스크립트에서는 \"$tag\", SQL 에서는 `params` 와 함께 `$1` 로 씁니다. `argv`, `env`, `cwd` 는 셸이 "
     "읽지 않습니다: `~/app` 과 `$tag` 는 그 글자 그대로입니다.",
     R"(vars: { tag: { type: string, default: v1 } }
steps:
  - { id: out, shell: { argv: [git, checkout, $tag] }, changes: files })",
     R"(vars: { tag: { type: string, default: v1 } }
steps:
  - { id: out, shell: { argv: [git, checkout, '${vars.tag}'] }, changes: files })"},
    {"RB467",
     "The query is sent with as many values as `params` holds. Where it names more or fewer, the step fails when it runs.",
     "쿼리는 `params` 의 값과 함께 보내집니다. 쿼리가 더 많거나 적게 쓰면 단계는 실행될 때 실패합니다.",
     R"(connections: { db: { service: reports } }
steps:
  - { id: count, sql: { db: db, query: 'SELECT count(*) FROM a WHERE day = $1 AND n > $2', params: [3] } })",
     R"(connections: { db: { service: reports } }
steps:
  - { id: count, sql: { db: db, query: 'SELECT count(*) FROM a WHERE day = $1 AND n > $2', params: [3, 5] } })"},
    {"RB468", "libpq knows six words for `sslmode`, and a port is a number: with anything else it does not even try to connect.",
     "libpq 의 `sslmode` 는 여섯 가지이고 포트는 숫자입니다. 다른 값이면 연결을 시도하지도 않습니다.",
     "connections: { reports: { host: db1.example, dbname: reports, sslmode: verify_full } }",
     "connections: { reports: { host: db1.example, dbname: reports, sslmode: verify-full } }"},
    {"RB473",
     "What does not say what it `changes` only reads, and runs in a read-only transaction: this statement would fail there, in the middle of the run.",
     "`changes` 가 없으면 읽기만 하는 것이고 읽기 전용 트랜잭션에서 실행됩니다: 이 문장은 실행 도중에 실패합니다.",
     R"(connections: { db: { dbname: app } }
steps:
  - { id: clean, sql: { db: db, query: DELETE FROM jobs WHERE done } })",
     R"(connections: { db: { dbname: app } }
steps:
  - { id: clean, sql: { db: db, query: DELETE FROM jobs WHERE done }, changes: finished jobs are gone })"},
    {"RB474",
     "A blank that was copied from a web page (U+00A0) or typed with an input method (U+3000) does not part words: the shell looks for a command of the whole name, the database for such a column.",
     "웹 페이지에서 복사한 공백(U+00A0)이나 입력기의 전각 공백(U+3000)은 낱말을 나누지 않습니다: 셸은 그 전체를 이름으로 하는 명령을, 데이터베이스는 그런 열을 찾습니다.",
     "- { id: look, shell: ls\u00a0/srv, changes: none }", "- { id: look, shell: ls /srv, changes: none }"},
    {"RB475",
     "Names of variables are read as they are written: `$TAG` is not `$tag`. And what a step sets in its `env` is not set for its undo or its rescue. A name that a script sets itself, or that may be missing (`${TAG:-v1}`), is not meant.",
     "변수 이름은 대소문자를 구별합니다: `$TAG` 는 `$tag` 가 아닙니다. 단계의 `env` 는 undo 와 rescue 에 전달되지 않습니다. 스크립트가 스스로 설정하거나 없어도 되는 이름(`${TAG:-v1}`)은 해당하지 않습니다.",
     R"(vars: { tag: { type: string, default: v1 } }
steps:
  - { id: out, shell: git checkout "$TAG" -- "$tag", changes: files })",
     R"(vars: { tag: { type: string, default: v1 } }
steps:
  - { id: out, shell: git checkout "$tag", changes: files })"},
}};

}  // namespace

std::span<const Explanation> plan_explanations() { return table; }

}  // namespace runbook
