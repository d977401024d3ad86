#include "view/end_screen.h"

#include "golden.h"
#include "rollback_run.h"
#include "view/progress.h"
#include "view/questions.h"

using namespace runbook;
using namespace runbook::testing;
using namespace std::chrono_literals;

namespace {

std::string screen(const StagedRun& run, const EndFacts& facts = {}, const Style& style = korean) {
  return end_screen(run.plan, run.state, "k7f3", facts, style);
}

constexpr const char* rollout = R"(runbook: 1
id: rollout
title: Rollout
owner: DevOps
contact: "+82 2 555 0100"
steps:
  - id: undo
    title: back to the previous revision
    shell: kubectl rollout undo deployment/collector
    changes: the image of collector
    timeout: 1m
    probe:
      shell: kubectl get deployment/collector -o json
      expect: json.revision != "7"
    undo: { shell: kubectl rollout undo deployment/collector --to-revision=7 }
  - id: ready
    shell: kubectl get deployment/collector -o json
    changes: none
    retry: { every: 15s, for: 10m }
    expect: json.status.updatedReplicas == json.spec.replicas && json.status.readyReplicas == json.spec.replicas
  - id: smoke
    shell: ./smoke.sh
    changes: test data
)";

Record json_output(std::string out) { return {{"exit", 0}, {"stdout", std::move(out)}, {"stderr", ""}}; }

}  // namespace

TEST_CASE("a rollback that succeeded says what changed and what is left to do") {
  const auto plan = rollback_plan();
  auto run = good_rollback(plan);
  run_rollback(run);
  CHECK(run.state.finished == RunStatus::succeeded);
  check_golden("end-succeeded.ko.txt", screen(run));
}

TEST_CASE("a polling step that never became true shows its operands, its place and its last lines") {
  const auto plan = plan_of_text(rollout);
  StagedRun run(plan);
  run.result("ready", json_output(R"({"spec":{"replicas":4},"status":{"updatedReplicas":4,"readyReplicas":2}})")).go();
  EndFacts facts;
  facts.output["ready"] = {{"  \"readyReplicas\": 2,", "  \"updatedReplicas\": 4", "}"}, 212};
  check_golden("end-failed-polling.en.txt", screen(run, facts, english));
  check_golden("end-failed-polling.ko.txt", screen(run, facts));
}

TEST_CASE("what a polled value was before stands behind it") {
  const auto plan = plan_of_text(rollout);
  StagedRun run(plan);
  const auto ready = [](int pods) {
    return json_output(R"({"spec":{"replicas":4},"status":{"updatedReplicas":4,"readyReplicas":)" + std::to_string(pods) + "}}");
  };
  run.result("ready", ready(0)).go_for(40s);
  run.result("ready", ready(1)).go_for(20s);
  run.result("ready", ready(2)).go();
  check_golden("end-failed-polled-values.en.txt", screen(run, {}, english));
  check_golden("end-failed-polled-values.ko.txt", screen(run, {}));
}

TEST_CASE("a script that fails shows the end of what it printed, and what it may have changed") {
  const auto plan = rollback_plan();
  auto run = good_rollback(plan);
  run.result("verify/smoke", {{"exit", 1}, {"stdout", "6 passed\n"}, {"stderr", "POST /reports: 500\n1 failed\n"}}, 21s);
  run_rollback(run);
  check_golden("end-failed-script.ko.txt", screen(run));
}

TEST_CASE("a criterion that is not met is told with expected and actual values") {
  const auto plan = rollback_plan();
  auto run = good_rollback(plan);
  run.result("success:error_rate", {{"status", 200}, {"text", R"({"data":{"result":[{"value":[1763953200,"0.31"]}]}})"}});
  run.result("success:latency", {{"status", 200}, {"text", R"({"data":{"result":[]}})"}});
  run_rollback(run);
  run.answer("success:latency", false).go();
  CHECK(run.state.settled == RunStatus::criteria_failed);
  check_golden("end-criteria.ko.txt", screen(run));
}

TEST_CASE("a criterion that was true, but not for long enough, is not called met") {
  const auto plan = plan_of_text(R"(runbook: 1
id: held
title: Held
steps: [{ id: go, shell: ./go.sh, changes: everything }]
success: [{ id: up, shell: ./up.sh, hold: 4s, retry: { every: 2s, for: 5s } }]
)");
  StagedRun run(plan);
  run.result("go", {{"exit", 0}});
  run.result("success:up", {{"exit", 1}}).result("success:up", {{"exit", 0}}).go();
  for (int look = 0; look < 5 && !run.state.settled; ++look) run.result("success:up", {{"exit", 0}}).go();
  REQUIRE(run.state.settled == RunStatus::criteria_failed);
  check_golden("end-not-kept.en.txt", screen(run, {}, english));
  check_golden("end-not-kept.ko.txt", screen(run));
}

TEST_CASE("a precondition that does not hold changes nothing, and the screen says so") {
  const auto plan = plan_of_text(R"(runbook: 1
id: guarded
title: Guarded
contact: "+82 2 555 0100"
lock: deployment/collector
preconditions:
  - id: clean_tree
    title: nothing unsaved in the working tree
    shell: git status --porcelain
    expect: stdout == ""
steps:
  - id: go
    shell: ./go.sh
    changes: everything
)");
  StagedRun run(plan);
  run.result("preconditions:clean_tree", json_output(" M scripts/smoke.sh\n")).go();
  CHECK(run.state.finished == RunStatus::refused);
  EndFacts facts;
  facts.again = "runbook run full-rollback.yaml --var host='a b'";
  check_golden("end-refused.ko.txt", screen(run, facts));
}

TEST_CASE("each waiting question comes with the commands that answer it") {
  const auto plan = rollback_plan();
  auto run = good_rollback(plan);
  run.go();
  check_golden("end-waiting-checks.ko.txt", screen(run));
  answer_preconditions(run);
  check_golden("end-waiting-approval.en.txt", screen(run, {}, english));
  run.answer("go", true, -1, "lee").go();
  check_golden("end-waiting-confirm.ko.txt", screen(run));
}

TEST_CASE("an in-doubt step shows all that is known and the three answers") {
  const auto plan = plan_of_text(rollout);
  StagedRun run(plan);
  run.in_doubt("undo", "its supervisor died while it was under way; what it had left running was killed")
      .result("probe:undo", json_output(R"({"revision":"7"})"))
      .go();
  EndFacts facts;
  facts.processes["undo"] = "none of it is left";
  facts.output["undo"] = {{"deployment.apps/collector"}, 1};
  check_golden("end-in-doubt.en.txt", screen(run, facts, english));
  check_golden("end-in-doubt.ko.txt", screen(run, facts));
}

TEST_CASE("a step that ran out of time says how long it had, in ASCII where that is asked for") {
  const auto plan = plan_of_text(rollout);
  StagedRun run(plan);
  run.times_out("undo").go();
  check_golden("end-timeout.ascii.txt", screen(run, {}, {Language::english, false, true, 80}));
  check_golden("end-timeout.ko.txt", screen(run));
}

TEST_CASE("a stopped run can be resumed, undone and closed") {
  const auto plan = plan_of_text(rollout);
  StagedRun run(plan);
  run.result("ready", json_output(R"({"spec":{"replicas":4},"status":{"updatedReplicas":4,"readyReplicas":2}})")).go_for(70s);
  Request interrupt;
  interrupt.what = Request::What::interrupt;
  interrupt.by = {"kim", 1000, "terminal"};
  run.ask(interrupt).go();
  CHECK(run.state.settled == RunStatus::interrupted);
  check_golden("end-interrupted.en.txt", screen(run, {}, english));
}

TEST_CASE("reasons that the engine wrote are Korean on a Korean screen") {
  const auto plan = plan_of_text(R"(runbook: 1
id: guarded
title: Guarded
steps:
  - id: deploy
    shell: ./deploy.sh
    changes: the image
    preconditions: [ { id: quiet, shell: ./quiet.sh } ]
    on_fail: continue
  - { id: asked, needs: [], manual: "Is it so?", timeout: 1m, on_fail: continue }
  - { id: extra, needs: [], optional: "Is it needed?", shell: ./extra.sh, changes: extra }
  - { id: check, needs: [], shell: ./check.sh, changes: none, expect: json.ready == 4 }
)");
  StagedRun run(plan);
  run.result("guard:deploy/quiet", {{"exit", 1}, {"stdout", ""}, {"stderr", ""}});
  run.result("check", json_output("{}")).go();
  run.answer("extra", false).go_for(2min);
  check_golden("end-reasons.ko.txt", screen(run));
  std::string lines;
  for (const auto& event : run.events) {
    State after(plan);
    for (const auto& each : run.events)
      if (each.seq <= event.seq) after.apply(each);
    for (const auto& line : plain_lines(plan, after, event, korean)) lines += line + "\n";
  }
  check_golden("plain-reasons.ko.txt", lines);
}

TEST_CASE("a failure names its reason where its expressions hold, and no attempt where a person was asked") {
  const auto plan = plan_of_text(R"(runbook: 1
id: r
title: R
owner: a
contact: b
steps:
  - { id: made, shell: ./make, changes: files, outputs: { name: json.name }, on_fail: continue }
  - { id: rows, manual: { ask: how many, input: int }, timeout: 10m, expect: answer > 100 }
)");
  StagedRun run(plan);
  run.result("made", json_output("{}")).go().answer("rows", Value(9)).go();
  const auto shown = screen(run, {}, english);
  INFO(shown);
  CHECK_THAT(shown, Catch::Contains("the effect is done, but output `name`: no such key: name"));
  CHECK_THAT(shown, Catch::Contains("answer > 100") && Catch::Contains("9 > 100") && !Catch::Contains("attempt 0"));
}

TEST_CASE("a failure that no answer can settle any more is not proposed to be resolved") {
  const auto plan = plan_of_text(R"(runbook: 1
id: gone-on
title: Gone on
steps:
  - { id: each, for_each: '["a", "b"]', max_failures: 1, shell: ./go.sh, changes: a host }
  - { id: cache, shell: ./cache.sh, changes: the cache, on_fail: continue }
  - { id: last, shell: ./last.sh, changes: the release }
)");
  StagedRun run(plan);
  for (const char* path : {"each[b]", "cache", "last"}) run.result(path, {{"exit", 1}});
  run.go();
  REQUIRE(run.state.settled == RunStatus::failed);
  std::vector<std::string> proposed;
  for (const auto& each : next_commands(run.state.plan(), run.state, "k7f3", {}, Language::english))
    if (each.command.starts_with("runbook resolve")) proposed.push_back(each.command);
  CHECK(proposed == std::vector<std::string>{"runbook resolve k7f3 last --as done --reason \"REASON\""});
}

TEST_CASE("behind a command that answers for a step stands what it does, below each other, and as a comment") {
  const auto plan = plan_of_text(R"(runbook: 1
id: again
title: Again
steps:
  - { id: go, shell: ./go.sh, changes: a host }
)");
  StagedRun run(plan);
  const auto lines = [&](Language language) {
    return proposal_lines(answer_commands(plan, run.state, *plan.find("go"), "k7f3", language));
  };
  using Lines = std::vector<std::string>;
  SECTION("may it be started again?") {
    Request resume;
    resume.what = Request::What::resume;
    run.result("go", {{"exit", 1}}).go().ask(resume).go();
    CHECK(lines(Language::english) ==
          Lines{R"(runbook resolve k7f3 go --as done --reason "REASON"      # it is done already: what follows goes on)",
                R"(runbook resolve k7f3 go --as not-done --reason "REASON"  # it is started again)",
                R"(runbook resolve k7f3 go --as failed --reason "REASON"    # it stays failed, and is not started)",
                R"(runbook resolve k7f3 go --as skipped --reason "REASON"   # it is left out: what follows goes on)"});
  }
  SECTION("in doubt") {
    run.in_doubt("go", "its supervisor died").go();
    CHECK(lines(Language::korean) ==
          Lines{R"(runbook resolve k7f3 go --as done --reason "이유"      # 효과가 있었음: 다음으로 넘어감)",
                R"(runbook resolve k7f3 go --as not-done --reason "이유"  # 효과가 없었음: 다시 시작)",
                R"(runbook resolve k7f3 go --as failed --reason "이유"    # 실패로 봄)"});
  }
}

TEST_CASE("the name of an element stands in every proposed command as one word of a shell") {
  const auto plan = plan_of_text(R"(runbook: 1
id: words
title: Words
steps:
  - { id: each, for_each: '["a b"]', shell: ./go.sh, changes: a host }
)");
  StagedRun run(plan);
  SECTION("one that failed") {
    run.result("each[a b]", {{"exit", 1}}).go();
    CHECK_THAT(end_screen(run.state.plan(), run.state, "k7f3", {}, english),
               Catch::Contains("runbook resolve k7f3 'each[a b]' --as done"));
  }
  SECTION("one in doubt") {
    run.in_doubt("each[a b]", "its supervisor died").go();
    for (const auto& command :
         answer_commands(run.state.plan(), run.state, *run.state.plan().find("each[a b]"), "k7f3", Language::english))
      CHECK_THAT(command.command, Catch::Contains(" k7f3 'each[a b]' --as "));
  }
}
