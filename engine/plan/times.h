// How long a step may take, waits between its tries, and goes on trying: what it says, and the defaults of its file and role.
#pragma once
#include "plan/plan.h"

namespace runbook {

void set_times(PlannedStep& planned, const Defaults& defaults);
// Of a copy for an element, or of what undoes it: with what only the element knows. The error: as take_times.
Result<void, Phrase> set_times_of_element(Plan& plan, StepIndex step);
// What would be wrong with the times of the elements: of every step in the pattern, its guards, probe and undo.
Result<void, Phrase> times_of_elements(const Plan& plan, StepIndex for_each, const std::vector<Element>& elements);

// Of a pattern whose list is known now, the longest of its elements: what is counted with before the run.
void take_longest_times(Plan& plan, StepIndex for_each, const std::vector<Element>& elements);
// A time as it is told: how long, or what it is made from while nobody knows the element.
std::string time_words(const PlannedStep& planned, std::optional<Text> ElementTimes::*which, Duration known);

}  // namespace runbook
