// What the screens say about one planned step: title, what it changes, what may be repeated, how long it takes.
#pragma once
#include "plan/plan.h"
#include "view/style.h"

namespace runbook {

// A text of the runbook as far as it is known before the run.
std::string plan_text(const Plan& plan, unsigned unit, const Text& text);
// The same of a step's text, which sees its element.
std::string step_text(const Plan& plan, StepIndex i, const Text& text);
std::string title_of(const Plan& plan, StepIndex i);  // empty: it has none
// "restore (데이터베이스 복원)", or the id alone.
std::string named(const Plan& plan, StepIndex i);
// "none", the author's sentence, or that nothing is declared.
std::string changes_of(const Plan& plan, StepIndex i, Language language);
std::string expected_of(const PlannedStep& step);  // "2m..3m", "5s" or empty
std::string limit_of(const PlannedStep& step);     // of all its attempts
// "safe": may be run again; "probe": what it did can be looked up; "ask": nobody but a person knows.
std::string_view rerun_of(const PlannedStep& step);
bool asks_people(const PlannedStep& step);
// The steps of a role in the order of their lists, groups and what they hold; without guards and probes.
std::vector<StepIndex> steps_of(const Plan& plan, Role role);
int depth_of(const Plan& plan, StepIndex i);
// The id with the role's prefix taken off: "health" of "success:health".
std::string short_path(const PlannedStep& step);
std::string place_words(const Plan& plan, Place at);  // "full-rollback.yaml:102:65"; empty: nowhere

}  // namespace runbook
