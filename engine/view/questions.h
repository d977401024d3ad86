// Questions that wait for people, each with exactly the commands that answer it.
#pragma once
#include "run/state.h"
#include "view/style.h"

namespace runbook {

std::vector<StepIndex> open_questions(const Plan& plan, const State& state);
// The question in words: what is asked, of whom, until when.
std::vector<std::string> question_lines(const Plan& plan, const State& state, StepIndex step, const Style& style);
// The commands, one a line: "runbook confirm k7f3 impact 1 --answer INT".
std::vector<std::string> answer_commands(const Plan& plan, const State& state, StepIndex step, std::string_view run,
                                         Language language);

// What a step that is held is about to do: its name, its action, what it changes.
std::vector<std::string> start_lines(const Plan& plan, StepIndex step, const Style& style);

}  // namespace runbook
