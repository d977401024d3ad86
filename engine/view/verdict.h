// How a step or check stands, and why, with expected and actual values: the row of every table of checks.
#pragma once
#include "run/state.h"
#include "view/style.h"

namespace runbook {

struct Standing {
  Mark mark = Mark::none;
  std::string word;      // "met", "not met", "no data", "waiting for a person", "not evaluated"
  std::string expected;  // the expression, or what the action itself must do
  std::string actual;    // the values that decided; empty: there are none
  std::string why;       // one line, when it is not good
};

Mark mark_of(StepStatus status);
Mark mark_of_run(RunStatus status);
// Of a precondition or criterion, by its latest attempt.
Standing standing_of(const Plan& plan, const State& state, StepIndex check, Language language);
std::string outputs_of(const StepState& step);  // "p95=0.2  count=41"
// What a check requires, in one line.
std::string requirement(const PlannedStep& check);
// "0.31 <= 0.01": the values of the operands that decided.
std::string deciding_values(const cel::Operand& explained);
// The tree of operands of the latest verdict, indented, and the place in the runbook that it comes from.
std::vector<std::string> explanation_lines(const Plan& plan, const State& state, StepIndex step, std::size_t indent,
                                           const Style& style);

}  // namespace runbook
