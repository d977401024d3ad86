// What a valid file becomes.
#include "reading.h"
#include "runbook/unit_scope.h"

namespace runbook::testing {
namespace {

using namespace std::chrono_literals;

const Step& only_step(const Runbook& book) {
  REQUIRE(book.steps.size() == 1);
  return book.steps[0];
}

// One step in a file that has connections to name.
Step step_of(const std::string& step) {
  return only_step(
      read("vars: { tag: { type: string, default: v5.3.0 } }\n"
           "connections: { db: { dbname: reports }, api: { url: \"http://x\" } }\n"
           "steps:\n  - " +
           step + "\n"));
}

std::string value_of(const Fields& fields, const char* name) {
  const auto found = fields.find(name);
  if (found == fields.end()) return "(none)";
  return to_text(preview(found->second, [](std::string_view) { return std::optional<Value>(); }));
}

}  // namespace

TEST_CASE("an action is written plainly or as a map") {
  struct Case {
    const char* written;
    const char* kind;
    const char* field;
    const char* value;
  };
  const auto c = GENERATE(values<Case>({
      {"{ id: a, shell: ls -l, changes: none }", "shell", "script", "ls -l"},
      {"{ id: a, shell: { script: ls -l, interpreter: python3 }, changes: none }", "shell", "script", "ls -l"},
      {"{ id: a, shell: { script: ls -l, interpreter: python3 }, changes: none }", "shell", "interpreter", "python3"},
      {"{ id: a, shell: { argv: [git, checkout, \"${vars.tag}\"] }, changes: none }", "shell", "argv",
       R"(["git","checkout","${vars.tag}"])"},
      {"{ id: a, sql: { db: db, query: SELECT 1 } }", "sql", "query", "SELECT 1"},
      {"{ id: a, sql: { db: db, query: \"SELECT $1, $2\", params: [\"${vars.tag}\", 3] } }", "sql", "params",
       R"(["${vars.tag}",3])"},
      {"{ id: a, sql: { db: db, script: \"SELECT 1; SELECT 2\" } }", "sql", "script", "SELECT 1; SELECT 2"},
      {"{ id: a, http: { base: api, get: /health } }", "http", "get", "/health"},
      {"{ id: a, http: { get: \"http://x/a\", query: { n: 1, b: \"a b\" }, headers: { A: b } } }", "http", "query",
       R"({"b":"a b","n":1})"},
      {"{ id: a, http: { post: \"http://x/_search\", json: { size: 10, sort: [null, true, 1.5, \"1\"] } }, changes: none }",
       "http", "json", R"({"size":10,"sort":[null,true,1.5,"1"]})"},
      {"{ id: a, manual: \"백업을 확인하십시오\", timeout: 15m }", "manual", "ask", "백업을 확인하십시오"},
      {"{ id: a, manual: { ask: 확인, items: [하나, { text: 행 수, input: int, optional: true }] }, timeout: 15m }", "manual",
       "items", R"([{"text":"하나"},{"input":"int","optional":true,"text":"행 수"}])"},
      {"{ id: a, manual: { ask: 어느 백업, choose: [\"a\", \"${vars.tag}\"] }, timeout: 15m }", "manual", "choose",
       R"(["a","${vars.tag}"])"},
      {"{ id: a, manual: { ask: 어느 백업, choose: steps.b.names }, timeout: 15m }", "manual", "choose", "steps.b.names"},
      {"{ id: a, approve: \"${vars.tag} 로 롤백\", timeout: 15m }", "approve", "ask", "${vars.tag} 로 롤백"},
      {"{ id: a, approve: { ask: 롤백, by: [\"user:kim\", 기술 리더], count: 2, not_operator: true }, timeout: 15m }", "approve",
       "by", R"(["user:kim","기술 리더"])"},
  }));
  INFO(c.written);
  const Step step = step_of(c.written);
  REQUIRE(step.action.kind != nullptr);
  CHECK(step.action.kind->name == c.kind);
  CHECK(value_of(step.action.fields, c.field) == c.value);
}

TEST_CASE("everything that can be said of a step is read") {
  const Step step = step_of(R"({
    id: undo, title: "${vars.tag} 로", shell: kubectl rollout undo, changes: 이전 리비전, when: vars.tag != "", timeout: 4m, expected: 5s..10s,
    env: { A: "${vars.tag}" }, cwd: sub, rerun: safe, retry: { every: 2s, for: 1m }, confirm: collector, optional: "필요합니까?", on_fail: continue,
    background: allow, expect: exit == 0 && stdout != "", outputs: { revision: "lines[0]" }, needs: [],
    preconditions: [ { id: free, shell: df, expect: exit == 0 }, 'vars.tag != "v5.4.0"' ],
    undo: { shell: kubectl rollout undo, env: { R: "${steps.undo.revision}" } },
    probe: { shell: kubectl get, expect: exit == 0, timeout: 20s } })");
  CHECK(step.id == "undo");
  CHECK(text_of(step.title) == "${vars.tag} 로");
  CHECK(step.changes == Changes::says);
  CHECK(text_of(*step.changes_text) == "이전 리비전");
  REQUIRE(step.when.has_value());
  CHECK(step.when->expression.text() == "vars.tag != \"\"");
  CHECK(step.timeout == Duration(4min));
  CHECK(step.expected == DurationRange{5s, 10s});
  CHECK(text_of(step.env.at("A")) == "${vars.tag}");
  CHECK(text_of(*step.cwd) == "sub");
  CHECK(step.rerun_safe);
  CHECK(step.retry == Retry{2s, Duration(1min)});
  CHECK(text_of(*step.confirm) == "collector");
  CHECK(text_of(*step.optional_question) == "필요합니까?");
  CHECK(step.on_fail == OnFail::go_on);
  CHECK(step.background_allowed);
  REQUIRE(step.outputs.size() == 1);
  CHECK(step.outputs[0].second.expression.text() == "lines[0]");
  REQUIRE(step.needs.has_value());
  CHECK(step.needs->empty());
  REQUIRE(step.preconditions.size() == 2);
  CHECK(step.preconditions[1].id == "check_2");
  REQUIRE(step.undo != nullptr);
  CHECK(step.undo->id.empty());
  REQUIRE(step.probe != nullptr);
  CHECK(step.probe->timeout == Duration(20s));
}

TEST_CASE("a step says nothing that its author did not say") {
  const Step step = step_of("{ id: a, http: { get: \"http://x\" } }");
  CHECK(step.changes == Changes::unsaid);
  CHECK_FALSE(step.needs.has_value());
  CHECK_FALSE(step.timeout.has_value());
  CHECK_FALSE(step.retry.has_value());
  CHECK_FALSE(step.expect.has_value());
  CHECK(step.on_fail == OnFail::stop);
}

TEST_CASE("a check may be a bare expression, an expectation, or an action") {
  const Runbook book = read(R"(
preconditions:
  - 'env.HOME != ""'
  - { id: ready, title: 준비, expect: 'true' }
  - { id: disk, shell: df, expect: exit == 0 }
  - id: asked
    manual: 백업을 확인했습니까
    timeout: 5m
success:
  - { id: rate, http: { get: "http://x" }, no_data: ask, hold: 1m, retry: { every: 10s, for: 3m } }
requires: { env: [HOME] }
steps: []
)");
  REQUIRE(book.preconditions.size() == 4);
  CHECK(book.preconditions[0].id == "check_1");
  CHECK(book.preconditions[0].action.kind == nullptr);
  CHECK(book.preconditions[1].action.kind == nullptr);
  CHECK(book.preconditions[2].action.kind->name == "shell");
  CHECK(book.preconditions[3].action.kind->asks_people);
  CHECK(book.success[0].no_data == NoData::ask);
  CHECK(book.success[0].hold == Duration(1min));
}

TEST_CASE("defaults hold where nothing else is said") {
  const Runbook plain = read("steps: [{ id: a, shell: ls, changes: none, retry: { for: 1m } }]\n");
  CHECK(plain.units[0].defaults.timeout == Duration(5min));
  CHECK(plain.units[0].defaults.check_timeout == Duration(10s));
  CHECK(plain.steps[0].retry == Retry{5s, Duration(1min)});
  const Runbook own = read(
      "defaults: { timeout: 1m, check_timeout: 20s, every: 2s }\nsteps: [{ id: a, shell: ls, changes: none, retry: { for: 1m } }]\n");
  CHECK(own.units[0].defaults.timeout == Duration(1min));
  CHECK(own.units[0].defaults.check_timeout == Duration(20s));
  CHECK(own.steps[0].retry == Retry{2s, Duration(1min)});
}

TEST_CASE("a duration may come from a variable") {
  const std::string text = R"(
vars:
  limit: { type: duration, default: 90s }
  words: { type: string, default: 2m }
steps:
  - { id: a, shell: ls, changes: none, timeout: "${vars.limit}", expected: "${vars.words}", hold: "${vars.limit}", retry: { every: "${vars.limit}", for: "${vars.words}" } }
)";
  const Step a = read(text).steps[0];
  CHECK(a.timeout == Duration(90s));
  CHECK(a.expected == DurationRange{2min, 2min});
  CHECK(a.retry == Retry{90s, Duration(2min)});
  Inputs given = inputs_of("runbook.yaml");
  given.variables["limit"] = "1h30m";
  given.variables["words"] = "3h";
  CHECK(read(text, given).steps[0].timeout == Duration(90min));
}

TEST_CASE("a duration whose variable is not answered yet is no error") {
  const Runbook book = read(
      "vars: { limit: { type: duration, ask: \"얼마나\" } }\nsteps: [{ id: a, shell: ls, changes: none, timeout: \"${vars.limit}\" }]\n");
  CHECK(book.unanswered == std::vector<std::string>{"limit"});
  CHECK_FALSE(book.steps[0].timeout.has_value());
}

TEST_CASE("folders are relative to the file that names them") {
  struct Case {
    const char* written;
    const char* becomes;
  };
  const auto c = GENERATE(values<Case>({{"", "/books/team"},
                                        {"cwd: ..\n", "/books"},
                                        {"cwd: sub/../other\n", "/books/team/other"},
                                        {"cwd: /srv/app/\n", "/srv/app"},
                                        {"vars: { d: { type: path, default: ../deep } }\ncwd: \"${vars.d}\"\n", "/books/deep"}}));
  INFO(c.written);
  const MemoryFiles files = files_in(
      {{"team/runbook.yaml", std::string("runbook: 1\n") + c.written + "steps: [{ id: a, shell: ls, changes: none }]\n"}});
  CHECK(read(files, inputs_of("team/runbook.yaml")).units[0].cwd == c.becomes);
}

TEST_CASE("the file's head is read") {
  const Runbook book = read(R"(
id: full-rollback
title: 완전 롤백
description: 코드와 데이터
use_when: 심각한 문제
expected: 10m..15m
owner: DevOps 팀
approver: 기술 리더
contact: "[연락처 정보]"
risk: critical
impact: 서비스 중단
source: { document: docs/rollback-plan.ko.md, section: "시나리오 3: 완전 롤백" }
references: [docs/GO_LIVE_CHECKLIST.md]
lock: ["deployment/${vars.name}", database]
vars: { name: { type: string, default: collector } }
steps: [{ id: a, shell: ls, changes: none }]
after:
  - 슬랙에 알림
  - { title: 사후 분석, items: [원인, "${vars.name} 의 로그"] }
outputs: { settled: steps.a.state }
)");
  CHECK(book.id == "full-rollback");
  CHECK(book.expected == DurationRange{10min, 15min});
  CHECK(book.risk == "critical");
  CHECK(text_of(book.contact) == "[연락처 정보]");
  CHECK(book.source_section == "시나리오 3: 완전 롤백");
  CHECK(book.references == std::vector<std::string>{"docs/GO_LIVE_CHECKLIST.md"});
  REQUIRE(book.locks.size() == 2);
  REQUIRE(book.after.size() == 2);
  CHECK(text_of(book.after[0].title) == "슬랙에 알림");
  CHECK(book.after[0].items.empty());
  CHECK(book.after[1].items.size() == 2);
  CHECK(book.outputs.size() == 1);
  CHECK_FALSE(book.is_part);
}

TEST_CASE("without an id a runbook is called like its file, and one lock may be a text") {
  const Runbook book =
      read(files_in({{"rollout-undo.yaml", "runbook: 1\nlock: db\nsuccess: ['true']\n"}}), inputs_of("rollout-undo.yaml"));
  CHECK(book.id == "rollout-undo");
  CHECK(book.locks.size() == 1);
  CHECK(book.is_part);
}

TEST_CASE("secrets and requirements are read, files relative to the folder") {
  const Runbook book = read(R"(
secrets:
  a: { env: PGPASSWORD }
  b: { file: secrets/token }
  c: { command: [pass, show, x], late: true }
requires: { env: [HOME], commands: [kubectl, gzip] }
steps: []
)");
  const auto& secrets = book.units[0].secrets;
  CHECK(secrets.at("a").what == std::vector<std::string>{"PGPASSWORD"});
  CHECK(secrets.at("b").what == std::vector<std::string>{"/books/secrets/token"});
  CHECK(secrets.at("c").what == std::vector<std::string>{"pass", "show", "x"});
  CHECK(secrets.at("c").late);
  CHECK(book.units[0].requires_.commands.size() == 2);
}

TEST_CASE("groups hold steps, each group its own names") {
  const Runbook book = read(R"(
steps:
  - id: data
    title: 데이터
    when: 'true'
    optional: "필요합니까?"
    on_fail: continue
    steps:
      - { id: a, shell: ls, changes: none }
      - { id: deep, steps: [{ id: a, shell: ls, changes: none }] }
  - { id: a, shell: ls, changes: none, needs: [] }
)");
  REQUIRE(book.steps.size() == 2);
  CHECK(book.steps[0].is_group);
  CHECK(book.steps[0].on_fail == OnFail::go_on);
  REQUIRE(book.steps[0].steps.size() == 2);
  CHECK(book.steps[0].steps[1].steps[0].id == "a");
}

TEST_CASE("a URL encodes what is put into it, unless the URL begins with it") {
  const Step step = step_of("{ id: a, http: { get: \"${vars.base}/items/${vars.name}\" } }");
  const auto& url = std::get<Text>(step.action.fields.at("get").is);
  const auto scope = [](std::string_view root) -> std::optional<Value> {
    if (root != "vars") return {};
    return Value(Value::Map{{"base", "http://x:1/a"}, {"name", "a/b c?"}});
  };
  const auto made = resolve(url, scope);
  REQUIRE(made.has_value());
  CHECK(to_text(*made) == "http://x:1/a/items/a%2Fb%20c%3F");
}

TEST_CASE("nothing from outside can be taken for a secret") {
  const std::string forged = secret_mark("db_password");
  const Value outside(Value::Map{{"a", forged}, {"b", Value::List{"x" + forged, 1}}, {Value(forged), "plain"}});
  CHECK(to_text(without_marks(outside)) ==
        R"({"a":"secret:db_password","b":["xsecret:db_password",1],"secret:db_password":"plain"})");
}

}  // namespace runbook::testing
