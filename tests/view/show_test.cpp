#include "view/show.h"

#include "base/json.h"
#include "golden.h"
#include "rollback_run.h"
#include "view/event_json.h"
#include "view/report.h"
#include "view/runs_table.h"

using namespace runbook;
using namespace runbook::testing;
using namespace std::chrono_literals;

namespace {

StagedRun failed_rollback(const Plan& plan) {
  auto run = good_rollback(plan);
  run.result("verify/smoke", {{"exit", 1}, {"stdout", "6 passed\n"}, {"stderr", "POST /reports: 500\n"}}, 21s);
  run_rollback(run);
  run.event(Noted{{"kim", 1000, "command"}, "smoke.sh 의 시험 데이터가 남아 있었음"});
  return run;
}

}  // namespace

TEST_CASE("show tells a run from its header to the last answer") {
  const auto plan = rollback_plan();
  const auto run = failed_rollback(plan);
  const RunFacts facts{"k7f3", "full-rollback.yaml", "", "", {}};
  check_golden("show-failed.ko.txt", show_screen(plan, run.state, run.events, facts, korean));
  check_golden("show-failed.en.txt", show_screen(plan, run.state, run.events, facts, english));
}

TEST_CASE("show's value is JSON that comes back, with every step and event") {
  const auto plan = rollback_plan();
  const auto run = failed_rollback(plan);
  const auto value = show_value(plan, run.state, run.events, {"k7f3", "full-rollback.yaml", "", "", {}});
  const auto back = parse_json(to_json(value));
  REQUIRE(back);
  CHECK(*back->find("status") == Value("failed"));
  CHECK(back->find("steps")->list()->size() == plan.steps.size());
  CHECK(back->find("events")->list()->size() == run.events.size());
  CHECK(*back->find("possibly_changed") == Value(Value::List{"verify/smoke"}));
}

TEST_CASE("an event is one line of JSON with its order, time and type first") {
  const Event event{7, *parse_utc("2026-11-24T03:00:01.500000Z"),
                    StepFinished{"data/restore", StepStatus::failed, "exit == 0: 1 == 0"}};
  CHECK(event_json("k7f3", event) == R"({"run":"k7f3","seq":7,"at":"2026-11-24T03:00:01.500000Z","type":"step_finished",)"
                                     R"("status":"failed","step":"data/restore","why":"exit == 0: 1 == 0"})");
}

TEST_CASE("times inside an event are RFC 3339, and values of other kinds plain text") {
  AttemptStarting starting;
  starting.step = "a";
  starting.k = 1;
  starting.deadline = *parse_utc("2026-11-24T03:05:00.000000Z");
  const auto value = event_value({1, {}, starting});
  CHECK(*value.find("deadline") == Value("2026-11-24T03:05:00.000000Z"));
  AttemptFinished finished;
  finished.outputs = {{"took", Value(Duration(90s))}};
  const auto json = event_json("r", {2, {}, finished});
  CHECK(json.find(R"("outputs":{"took":"1m30s"})") != std::string::npos);
}

TEST_CASE("the report is the document's post-mortem with everything known filled in") {
  const auto plan = rollback_plan();
  auto run = failed_rollback(plan);
  run.state.apply({run.state.seq + 1, run.state.last_at, FollowedUp{1, true, "12:30", {"kim", 1000, "command"}}});
  const ReportFacts facts{"k7f3", "full-rollback.yaml"};
  check_golden("report-failed.ko.md", report_markdown(plan, run.state, run.events, facts, Language::korean));
  auto good = good_rollback(plan);
  run_rollback(good);
  check_golden("report-succeeded.en.md", report_markdown(plan, good.state, good.events, {"k7f3", ""}, Language::english));
}

TEST_CASE("a list of runs names those that are open and those without an engine") {
  const auto t = *parse_utc("2026-11-24T03:00:00.000000Z");
  std::vector<RunLine> rows(3);
  rows[0] = {"k7f3", "full-rollback", "완전 롤백 (코드 + 데이터)", RunStatus::failed, true, false, t + 2h, {}, t + 3h,
             "kim",  "ops1"};
  rows[1] = {"b2xq", "rollout-undo", "Kubernetes 롤아웃 되돌리기", RunStatus::succeeded, false, false, t, t + 134s, t + 3h,
             "lee",  "ops2"};
  rows[2] = {"w9dd", "demo", "", RunStatus::running, true, false, t - 24h, {}, t + 3h, "kim", ""};
  check_golden("runs.en.txt", runs_table(rows, english));
  check_golden("runs.ko.txt", runs_table(rows, korean));
  CHECK(runs_table({}, english) == "No runs yet.\n");
}
