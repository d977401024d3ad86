#include "action/explanations.h"

#include <array>

namespace runbook {
namespace {

constexpr std::array<Explanation, 17> table{{
    {"RB601", "`shell` takes a script, or `argv` with a program and its arguments.",
     "`shell` 에는 스크립트나 `argv` (프로그램과 인수) 를 씁니다.",
     "- { id: look, shell: { script: ls, argv: [ls] }, changes: none }", "- { id: look, shell: { argv: [ls] }, changes: none }"},
    {"RB610", "`sql` needs what it is to run: query, script or file.", "`sql` 에는 실행할 것이 필요합니다: query, script, file.",
     R"(connections: { db: { dbname: db } }
steps:
  - { id: count, sql: { db: db } })",
     R"(connections: { db: { dbname: db } }
steps:
  - { id: count, sql: { db: db, query: SELECT 1 } })"},
    {"RB611", "One of query, script, file.", "query, script, file 중 하나입니다.",
     R"(connections: { db: { dbname: db } }
steps:
  - { id: count, sql: { db: db, query: SELECT 1, script: SELECT 2 } })",
     R"(connections: { db: { dbname: db } }
steps:
  - { id: count, sql: { db: db, query: SELECT 1 } })"},
    {"RB612", "Parameters are bound to `$1`, `$2` of one statement, the `query`.",
     "매개변수는 문장 하나인 `query` 의 `$1`, `$2` 에 바인딩됩니다.",
     R"(connections: { db: { dbname: db } }
steps:
  - { id: count, sql: { db: db, script: SELECT 1, params: [1] } })",
     R"(connections: { db: { dbname: db } }
steps:
  - { id: count, sql: { db: db, query: 'SELECT $1::int', params: [1] } })"},
    {"RB613", "`transaction: none` is the only other way: one transaction is the rule.",
     "`transaction: none` 만 가능합니다. 기본은 한 트랜잭션입니다.",
     R"(connections: { db: { dbname: db } }
steps:
  - { id: v, sql: { db: db, query: VACUUM, transaction: off }, changes: space })",
     R"(connections: { db: { dbname: db } }
steps:
  - { id: v, sql: { db: db, query: VACUUM, transaction: none }, changes: space })"},
    {"RB614", "`query` is one statement; several are a `script`.", "`query` 는 문장 하나입니다. 여러 문장은 `script` 입니다.",
     R"(connections: { db: { dbname: db } }
steps:
  - { id: count, sql: { db: db, query: SELECT 1; SELECT 2 } })",
     R"(connections: { db: { dbname: db } }
steps:
  - { id: count, sql: { db: db, script: SELECT 1; SELECT 2 } })"},
    {"RB615", "The engine opens and ends the transaction itself, and records its outcome: that is how it knows after a crash.",
     "트랜잭션은 엔진이 열고 닫고 결과를 기록합니다: 중단된 뒤에도 결과를 아는 방법입니다.",
     R"(connections: { db: { dbname: db } }
steps:
  - { id: fix, sql: { db: db, script: 'BEGIN; DELETE FROM t; COMMIT' }, changes: rows })",
     R"(connections: { db: { dbname: db } }
steps:
  - { id: fix, sql: { db: db, script: DELETE FROM t }, changes: rows })"},
    {"RB620", "`http` needs a verb with its URL.", "`http` 에는 메서드와 URL 이 필요합니다.",
     "- { id: up, http: { headers: { A: b } } }", "- { id: up, http: { get: 'http://a', headers: { A: b } } }"},
    {"RB621", "A step sends one request.", "한 단계는 요청 하나를 보냅니다.",
     "- { id: up, http: { get: 'http://a', post: 'http://a' }, changes: none }", "- { id: up, http: { get: 'http://a' } }"},
    {"RB622", "A request has one body.", "요청 본문은 하나입니다.",
     "- { id: tell, http: { post: 'http://a', json: {}, text: x }, changes: message }",
     "- { id: tell, http: { post: 'http://a', text: x }, changes: message }"},
    {"RB623", "Only get and head follow redirects: what changes something is sent once, to where it was meant for.",
     "리다이렉트는 get 과 head 만 따라갑니다: 변경은 정한 곳에 한 번만 보냅니다.",
     "- { id: tell, http: { post: 'http://a', redirects: 2 }, changes: message }",
     "- { id: up, http: { get: 'http://a', redirects: 2 } }"},
    {"RB624", "Without `base` the URL is a whole one.", "`base` 가 없으면 전체 URL 을 씁니다.",
     "- { id: up, http: { get: /health } }", "- { id: up, http: { get: 'http://a/health' } }"},
    {"RB625", "With `base` only the path is written: the base's headers stay with its host.",
     "`base` 가 있으면 경로만 씁니다: base 의 헤더는 그 호스트에만 보냅니다.",
     R"(connections: { api: { url: 'http://a' } }
steps:
  - { id: up, http: { base: api, get: 'http://b/health' } })",
     R"(connections: { api: { url: 'http://a' } }
steps:
  - { id: up, http: { base: api, get: /health } })"},
    {"RB626", "What stands under `json` is encoded: a text, even one that is JSON already, becomes a JSON text in quotes.",
     "`json` 의 값은 인코딩됩니다: 이미 JSON 인 글도 따옴표로 묶인 JSON 글이 됩니다.",
     R"(- { id: up, http: { post: 'http://a/scale', json: '{"replicas": 3}' }, changes: replicas })",
     R"(- { id: up, http: { post: 'http://a/scale', json: { replicas: 3 } }, changes: replicas })"},
    {"RB630", "A host is a name or an address; what begins with `-` would be an option of ssh.",
     "호스트는 이름이나 주소입니다. `-` 로 시작하면 ssh 의 옵션이 됩니다.",
     "- { id: a, ssh: { host: '-oProxyCommand=x', script: ls }, changes: none }",
     "- { id: a, ssh: { host: web1, script: ls }, changes: none }"},
    {"RB631", "This is no name of a user.", "사용자 이름이 아닙니다.",
     "- { id: a, ssh: { host: web1, user: '$(id)', script: ls }, changes: none }",
     "- { id: a, ssh: { host: web1, user: deploy, script: ls }, changes: none }"},
    {"RB632", "A port is a number from 1 to 65535.", "포트는 1 에서 65535 입니다.",
     "- { id: a, ssh: { host: web1, port: 70000, script: ls }, changes: none }",
     "- { id: a, ssh: { host: web1, port: 2222, script: ls }, changes: none }"},
}};

}  // namespace

std::span<const Explanation> action_explanations() { return table; }

}  // namespace runbook
