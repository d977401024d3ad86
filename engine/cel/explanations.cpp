#include "cel/explanations.h"

#include <array>

namespace runbook::cel {
namespace {

constexpr std::array<Explanation, 31> table{{
    {"RB301", "The expression breaks off, or something stands where a value must come.",
     "식이 끊겼거나, 값이 와야 할 자리에 다른 것이 있습니다.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: exit ==)",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: exit == 0)"},
    {"RB302", "A text inside the expression is not closed.", "식 안의 문자열이 닫히지 않았습니다.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'stdout == "ok')",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'stdout == "ok"')"},
    {"RB303", R"(There is no such escape. In a raw text, r"...", a backslash is a backslash.)",
     R"(그런 이스케이프는 없습니다. r"..." 안에서는 역슬래시가 그대로입니다.)",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'stdout.matches("\d+")')",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'stdout.matches(r"\d+")')"},
    {"RB304", "This begins like a number and is none.", "숫자처럼 시작하지만 숫자가 아닙니다.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: exit == 0x)",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: exit == 0)"},
    {"RB305", "Whole numbers have 64 bits. Write a double (`1e30`) if that is meant.",
     "정수는 64비트입니다. 더 큰 수는 실수(`1e30`)로 쓰십시오.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: exit < 99999999999999999999)",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: exit < 100)"},
    {"RB306", "This character has no meaning in an expression. Equality is `==`, and is `&&`, or is `||`.",
     "식에서 뜻이 없는 문자입니다. 같음은 `==`, 그리고는 `&&`, 또는은 `||` 입니다.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: exit = 0)",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: exit == 0)"},
    {"RB307", R"(The word is reserved by CEL and cannot be a name; a member can be written as ["..."].)",
     R"(CEL 이 예약한 단어라 이름이 될 수 없습니다. 필드라면 ["..."] 로 씁니다.)",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: return == 0)",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: exit == 0)"},
    {"RB308", "Parentheses or operators nested deeper than 200 levels.", "200단계보다 깊게 중첩되어 있습니다.", "", "",
     "it takes 200 levels"},
    {"RB309", "An expression has at most 64 KiB.", "식은 최대 64 KiB 입니다.", "", "", "it takes 64 KiB"},
    {"RB310", "The expression is not valid UTF-8; a file is looked at before (RB102).",
     "식이 올바른 UTF-8 이 아닙니다. 파일은 먼저 검사됩니다 (RB102).", "", "", "in a file it is RB102"},
    {"RB311", "The first argument of a macro is a new name for the element, the second an expression about it.",
     "매크로의 첫 인자는 원소를 부를 새 이름이고, 두 번째가 그에 대한 식입니다.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'json.items.exists(json.name, true)')",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'json.items.exists(p, p.name == "web")')"},
    {"RB312", "has() asks whether a field is there, and must name one.", "has() 는 필드가 있는지 묻습니다. 필드를 써야 합니다.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: has(json))",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: has(json.items))"},
    {"RB313", "A part of CEL that this language leaves out: messages are built in programs.",
     "CEL 에는 있지만 이 언어에는 없는 것입니다.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'Pod{name: 1} == 1')",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: exit == 0)"},
    {"RB314", "The expression is empty. Delete the key, or say what must hold.",
     "식이 비어 있습니다. 키를 지우거나 조건을 쓰십시오.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: '')",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: exit == 0)"},
    {"RB315", "`${` opens an expression in a text, and `}` closes it. A literal `${` is written `$${`.",
     "글 안의 `${` 는 식의 시작이고 `}` 가 끝입니다. 글자 그대로의 `${` 는 `$${` 로 씁니다.", "title: 'rollback ${run.id'",
     "title: 'rollback $${run.id'"},
    {"RB320", "No such name here. A step sees `vars steps checks run env` and the results of its own action.",
     "여기에 그런 이름은 없습니다. 단계는 `vars steps checks run env` 와 자기 동작의 결과를 봅니다.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: exitcode == 0)",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: exit == 0)"},
    {"RB321", "There is no step, variable or output of this name.", "그런 이름의 단계, 변수, 출력이 없습니다.",
     R"(- { id: now, shell: git rev-parse HEAD, changes: none, outputs: { ref: stdout.trim() } }
- { id: tell, shell: echo, changes: none, when: steps.now.reff != "" })",
     R"(- { id: now, shell: git rev-parse HEAD, changes: none, outputs: { ref: stdout.trim() } }
- { id: tell, shell: echo, changes: none, when: steps.now.ref != "" })"},
    {"RB322", "No such function.", "그런 함수는 없습니다.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'length(lines) == 1')",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'size(lines) == 1')"},
    {"RB323", "The function takes another number of arguments.", "함수의 인자 수가 다릅니다.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'stdout.contains() || true')",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'stdout.contains("ok") || true')"},
    {"RB324", "The function takes another type here. Convert it: int(), double(), string().",
     "함수가 다른 자료형을 받습니다. int(), double(), string() 으로 바꾸십시오.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'stdout.contains(5)')",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'stdout.contains("5")')"},
    {"RB325", "CEL converts nothing by itself: a text is no number. Convert one side.",
     "CEL 은 스스로 변환하지 않습니다: 글은 숫자가 아닙니다. 한쪽을 변환하십시오.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'stdout + 1 > 5')",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'int(stdout.trim()) + 1 > 5')"},
    {"RB326", "The operator does not work on this type.", "이 연산자는 이 자료형에 쓸 수 없습니다.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: '!stdout')",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'stdout == ""')"},
    {"RB327", "These two types are never equal, so the comparison always gives the same.",
     "두 자료형은 결코 같을 수 없어 비교 결과가 항상 같습니다.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'stdout == 5')",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'int(stdout.trim()) == 5')"},
    {"RB328", "A condition must be true or false.", "조건은 참이나 거짓이어야 합니다.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: stdout.trim())",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: stdout.trim() == "ok")"},
    {"RB329", "The pattern is no regular expression (RE2).", "정규식이 아닙니다 (RE2).",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'stdout.matches("[a-")')",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'stdout.matches("[a-z]")')"},
    {"RB330", "This is called as a method of a value, or as a function, not the other way round.",
     "값의 메서드로 부르는 것과 함수로 부르는 것이 다릅니다.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'contains(stdout, "ok")')",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'stdout.contains("ok")')"},
    {"RB331", "Numbers, texts and bools have no fields.", "숫자, 글, 참거짓에는 필드가 없습니다.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: stdout.name == "a")",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: json.name == "a")"},
    {"RB332", "Numbers and bools have no elements.", "숫자와 참거짓에는 원소가 없습니다.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'exit[0] == 1')",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: 'lines[0] == "1"')"},
    {"RB333", "A list, a map or null cannot stand in the middle of a text. Say which part of it is meant, or join it.",
     "목록, 맵, null 은 글 가운데에 넣을 수 없습니다. 그 일부를 쓰거나 join 하십시오.", "title: 'rollback ${[1, 2]}'",
     "title: 'rollback ${1 + 2}'"},
    {"RB334", "Keys of a map are texts, numbers or bools.", "맵의 키는 글, 숫자, 참거짓입니다.",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: '{1.5: 1} == json')",
     R"(- id: look
  shell: kubectl get pods -o json
  changes: none
  expect: '{1: 1} == json')"},
    {"RB335",
     "A step's state, an answer that is chosen from a list and a variable with `choices` are one of a few words. This is none of "
     "them, so the comparison always gives the same, and what hangs on it never runs, or always.",
     "단계의 상태, 목록에서 고르는 답, `choices` 가 있는 변수의 값은 정해진 단어 중 하나입니다. 여기에 쓴 것은 그중에 없으므로 "
     "비교 결과가 항상 같고, 그에 달린 단계는 절대 실행되지 않거나 항상 실행됩니다.",
     R"(- { id: deploy, shell: ./deploy, changes: version, on_fail: continue }
- { id: go_back, when: steps.deploy.state == "fail", shell: ./go-back, changes: version })",
     R"(- { id: deploy, shell: ./deploy, changes: version, on_fail: continue }
- { id: go_back, when: steps.deploy.state == "failed", shell: ./go-back, changes: version })"},
}};

}  // namespace

std::span<const Explanation> explanations() { return table; }

}  // namespace runbook::cel
