#include "view/plan_screen.h"

#include <algorithm>

#include "golden.h"
#include "rollback_run.h"

using namespace runbook;
using namespace runbook::testing;

namespace {

std::ptrdiff_t lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

PlanFacts facts() {
  PlanFacts out;
  out.secrets = {{"db_password", SecretPresence::Is::found}};
  out.file_hash = "0123456789abcdef";
  out.how_to_run = "runbook run full-rollback.yaml --var tag=v5.3.0 --var restore_data=true";
  return out;
}

}  // namespace

TEST_CASE("the plan of the full rollback fits on one screen") {
  const auto plan = rollback_plan();
  const auto text = plan_screen(plan, nullptr, facts(), korean);
  check_golden("plan-full-rollback.ko.txt", text);
  CHECK(lines(text) <= 66);
}

TEST_CASE("a plan without answers says what is missing and has no digest") {
  const auto plan = plan_of("rollback", "full-rollback.yaml");
  check_golden("plan-unanswered.en.txt", plan_screen(plan, nullptr, {}, english));
}

TEST_CASE("checks that were looked at show their verdicts and values, and a failing one its operands") {
  const auto plan = rollback_plan();
  auto good = good_rollback(plan);
  good.result("preconditions:backup_intact", {{"exit", 1}, {"stdout", ""}, {"stderr", "gzip: unexpected end of file\n"}})
      .result("success:health", {{"status", 503}, {"text", R"({"status":"degraded"})"}})
      .go();
  // What a look leaves: the automatic checks alone.
  State looked(plan);
  for (StepIndex i = 0; i < plan.steps.size(); ++i)
    if (plan.at(i).role == Role::precondition && !good.state.steps[i].question) looked.steps[i] = good.state.steps[i];
  auto broken = good_rollback(plan);
  broken.result("success:health", {{"status", 503}, {"text", R"({"status":"degraded"})"}});
  run_rollback(broken);
  for (StepIndex i = 0; i < plan.steps.size(); ++i)
    if (plan.at(i).role == Role::criterion && plan.at(i).step.action.kind) looked.steps[i] = broken.state.steps[i];
  auto with_checks = facts();
  with_checks.checked = true;
  with_checks.secrets = {{"db_password", SecretPresence::Is::missing}, {"vault", SecretPresence::Is::behind_a_command}};
  const auto text = plan_screen(plan, &looked, with_checks, english);
  check_golden("plan-checked.en.txt", text);
  CHECK(lines(text) <= 66);
}

TEST_CASE("where each variable of a used file gets its value is told, once for all who use it alike") {
  const auto plan = plan_of("uses", "release.yaml");
  check_golden("plan-uses.en.txt", plan_screen(plan, nullptr, {}, english));
  check_golden("plan-uses.ko.txt", plan_screen(plan, nullptr, {}, korean));
}

TEST_CASE("a variable that must be given is told with its question, else with what it is") {
  const auto plan = plan_of_text(R"(runbook: 1
id: asks
vars:
  asked: { type: string, ask: "Which node?", help: "a node" }
  helped: { type: string, required: true, help: "a host of the list" }
  bare: { type: string, required: true }
steps:
  - { id: a, shell: ls, changes: none }
)");
  const auto told = [&](const Style& style) { return join_lines(variable_lines(plan, style)); };
  CHECK(told(english) ==
        "   asked   --var asked=...   <ask: Which node?>\n"
        "   bare    --var bare=...    <required>\n"
        "   helped  --var helped=...  <required: a host of the list>\n");
  CHECK(told(korean) ==
        "   asked   --var asked=...   <물음: Which node?>\n"
        "   bare    --var bare=...    <필요>\n"
        "   helped  --var helped=...  <필요: a host of the list>\n");
}

TEST_CASE("what is required is marked where it was looked for") {
  const auto plan = plan_of_text(
      "runbook: 1\nid: needs\nrequires: { env: [PGHOST, PGUSER], commands: [sh, vault] }\n"
      "steps: [{ id: a, shell: ls, changes: none }]\n");
  PlanFacts facts;
  CHECK_THAT(plan_screen(plan, nullptr, facts, english),
             Catch::Contains("\nREQUIRES  environment PGHOST PGUSER | commands sh vault\n"));
  facts.missing = MissingRequirements{{"PGUSER"}, {"vault"}};
  CHECK_THAT(plan_screen(plan, nullptr, facts, english),
             Catch::Contains("\nREQUIRES  environment ✓ PGHOST ✗ PGUSER | commands ✓ sh ✗ vault\n"));
}

TEST_CASE("a step without an undo that is safe to run again is not said to bar the way back") {
  const auto plan = plan_of_text(
      "runbook: 1\nid: undos\nsteps:\n  - { id: a, shell: a, changes: a, undo: { shell: b, changes: b } }\n"
      "  - { id: b, shell: b, changes: b, rerun: safe }\n  - { id: c, shell: c, changes: c }\n");
  CHECK_THAT(plan_screen(plan, nullptr, {}, english), Catch::Contains("UNDO  runbook undo RUN, last first: a\n"
                                                                      "      without an undo, but safe to run again: b\n"
                                                                      "      cannot be undone: c\n"));
}

TEST_CASE("steps side by side, optional ones, guards, warnings and colour") {
  const auto plan = plan_of_text(R"(runbook: 1
id: fan
title: Fan
vars:
  count: { type: int, default: 3 }
steps:
  - { id: a, shell: ./a.sh }
  - { id: b, needs: [a], shell: ./b.sh, changes: b, optional: "Is b needed?", preconditions: [{ id: calm, shell: ./calm.sh }] }
  - { id: c, needs: [a], shell: ./c.sh, changes: c, on_fail: continue, rerun: safe, expected: 1m }
  - id: group
    steps:
      - { id: d, shell: ./d.sh, changes: d }
      - { id: e, needs: [], shell: ./e.sh, changes: e, probe: { shell: ./seen.sh, expect: exit == 0 } }
finally:
  - { id: tell, title: tell the team, shell: ./tell.sh, changes: none }
after: [write it down]
)");
  PlanFacts with_warnings;
  with_warnings.warnings = {
      diagnose({"RB243", Severity::warning, "`{}` does not say what it changes", "`{}` 가 무엇을 바꾸는지 적혀 있지 않습니다"},
               plan.at(0).step.at, "a")};
  check_golden("plan-fan.en.txt", plan_screen(plan, nullptr, with_warnings, english));
  check_golden("plan-fan.ascii-color.txt", plan_screen(plan, nullptr, with_warnings, {Language::english, true, true, 80}));
}
