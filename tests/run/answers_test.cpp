// What people answer: when it counts, and what it is held to.
#include "run/effects.h"
#include "tests/run/staged_run.h"

using namespace runbook;
using namespace runbook::tests;
using namespace std::chrono_literals;
using Names = std::vector<std::string>;

TEST_CASE("a question expires, and fails its step") {
  StagedRun run("steps:\n  - {id: a, manual: \"done?\", timeout: 10m}\n");
  CHECK(run.asked() == Names{"a: manual"});
  CHECK(only_people(run.plan, run.state));
  CHECK(run.wake_at == run.now + 10min);
  run.pass(10min);
  CHECK(run.status("a") == "failed");
}

TEST_CASE("an answer counts by when it was given, not by when the run goes on") {
  const auto [what, yaml] = GENERATE(table<Request::What, std::string>(
      {{Request::What::approve, "steps:\n  - {id: a, approve: go, timeout: 10m}\n"},
       {Request::What::answer, "steps:\n  - {id: a, manual: {ask: rows, input: int}, timeout: 10m}\n"}}));
  const bool in_time = GENERATE(true, false);
  StagedRun run(yaml);
  const auto until = *run.at("a").question->asked.until;
  run.now += 20min;  // without an engine
  const auto refused = run.ask({.what = what, .step = "a", .answer = 5, .at = in_time ? until : until + 1s});
  CHECK(refused.empty() == in_time);
  CHECK(run.status("a") == (in_time ? "succeeded" : "failed"));
  if (!in_time) CHECK(run.at("a").why == "nobody answered in time");
}

TEST_CASE("a step whose effect is there and whose output is not is never run again: the output is asked for") {
  using What = Request::What;
  StagedRun run(
      "steps:\n  - {id: a, shell: x, changes: it, outputs: {q: json.x}}\n"
      "  - {id: b, shell: x, changes: 'it ${steps.a.q}', when: steps.a.q == \"7\"}\n");
  run.finish("a");
  CHECK(run.status("a") == "failed");
  CHECK(effects_of(run.plan, run.state).changed == std::vector<StepIndex>{run.index("a")});
  run.ask({.what = What::resume, .answers = {{"answer:a", "again"}}});
  CHECK(run.asked() == Names{"a: again"});
  CHECK(run.ask({.what = What::resolve, .step = "a", .answer = "not-done", .reason = "x"}).starts_with("its effect is there"));
  CHECK(run.running().empty());
  run.ask({.what = What::resolve, .step = "a", .answer = "done", .reason = "looked", .outputs = {{"q", "7"}}});
  CHECK(run.status("a") == "succeeded");
  CHECK(run.running() == Names{"b"});
}

TEST_CASE("yes and no are taken in the words of a prompt, and nothing else is either") {
  struct Case {
    const char *word, *status;
  };
  const auto c = GENERATE(values<Case>({
      {"yes", "succeeded"},
      {"y", "succeeded"},
      {"ㅛ", "succeeded"},
      {"네", "succeeded"},
      {"예", "succeeded"},
      {"true", "succeeded"},
      {"no", "failed"},
      {"n", "failed"},
      {"아니요", "failed"},
      {"false", "failed"},
      {"ok", "waiting"},
      {"확인", "waiting"},
  }));
  INFO(c.word);
  const char* yaml = "steps:\n  - {id: a, manual: sure, timeout: 10m}\n";
  StagedRun in_advance(yaml);
  in_advance.ask({.what = Request::What::resume, .answers = {{"answer:a", c.word}}});
  CHECK(in_advance.status("a") == c.status);
  StagedRun later(yaml);
  const auto refused = later.ask({.what = Request::What::answer, .step = "a", .answer = c.word});
  CHECK(refused == (c.status == std::string("waiting") ? "the answer is yes or no" : ""));
  CHECK(later.status("a") == c.status);
}

TEST_CASE("what a person says is held to the step's own criteria, and gives its outputs") {
  using What = Request::What;
  SECTION("a value") {
    StagedRun run(
        "steps:\n"
        "  - {id: a, manual: {ask: how many, input: int}, timeout: 10m, expect: answer > 100, outputs: {twice: answer * 2}}\n"
        "  - {id: b, shell: x, changes: 'it ${steps.a.twice} ${steps.a.by}', when: steps.a.twice == 400}\n");
    SECTION("that fits") {
      run.ask({.what = What::answer, .step = "a", .answer = 200});
      CHECK(run.status("a") == "succeeded");
      CHECK(run.at("a").lasting == Record{{"answer", 200}, {"by", "op"}});
      CHECK(run.running() == Names{"b"});
    }
    SECTION("that does not: it is asked for again, and judged afresh") {
      run.ask({.what = What::answer, .step = "a", .answer = 99});
      CHECK(run.status("a") == "failed");
      CHECK(run.at("a").why == "answer > 100      99 > 100");
      CHECK(run.at("a").last->operands != Value());
      CHECK(run.ended() == "settled failed");
      run.ask({.what = What::resume});
      CHECK(run.asked() == Names{"a: manual"});
      run.ask({.what = What::answer, .step = "a", .answer = 101});
      CHECK(run.status("a") == "succeeded");
    }
    SECTION("no is no") {
      run.ask({.what = What::reject, .step = "a", .reason = "not today"});
      CHECK(run.status("a") == "failed");
      CHECK(run.at("a").why == "not today");
    }
  }
  SECTION("a checklist") {
    StagedRun run(
        "steps:\n"
        "  - id: a\n    timeout: 10m\n    manual: {ask: look, items: [{text: rows, input: int}, {text: note, optional: true}]}\n"
        "    expect: items[0] < 5 && items[1] == null && by == \"op\"\n");
    const std::int64_t rows = GENERATE(4, 5);
    run.ask({.what = What::answer, .step = "a", .item = 0, .answer = rows});
    CHECK(run.status("a") == (rows < 5 ? "succeeded" : "failed"));
  }
  SECTION("an approval") {
    StagedRun run("steps:\n  - {id: a, approve: go, timeout: 10m, expect: by == \"second\"}\n");
    const bool is_right = GENERATE(true, false);
    run.ask({.what = What::approve, .step = "a", .by = is_right ? second_person : operator_person});
    CHECK(run.status("a") == (is_right ? "succeeded" : "failed"));
  }
  SECTION("a precondition, and a criterion") {
    StagedRun refused(
        "preconditions:\n  - {id: q, manual: {ask: how many, input: int}, timeout: 10m, expect: answer > 100}\n"
        "steps:\n  - {id: a, shell: x, changes: it}\n");
    refused.ask({.what = What::answer, .step = "preconditions:q", .answer = 99});
    CHECK(refused.ended() == "finished refused");
    StagedRun run("success:\n  - {id: q, manual: {ask: how many, input: int}, timeout: 10m, expect: answer > 100}\n");
    run.ask({.what = What::answer, .step = "success:q", .answer = 99});
    CHECK(run.ended() == "settled criteria_failed");
  }
  SECTION("stopped meanwhile") {
    StagedRun run("steps:\n  - {id: a, manual: {ask: how many, input: int}, timeout: 10m, expect: answer > 100}\n");
    run.record(StopRequested{operator_person, "enough"});
    run.record(Answered{"a", -1, 101, "", operator_person, {}});
    run.settle();
    CHECK(run.status("a") == "succeeded");
  }
}
