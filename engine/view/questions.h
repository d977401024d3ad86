// Questions that wait for people, each with exactly the commands that answer it.
#pragma once
#include "run/state.h"
#include "view/proposal.h"
#include "view/style.h"

namespace runbook {

std::vector<StepIndex> open_questions(const Plan& plan, const State& state);
// The question in words: what is asked, of whom, until when.
std::vector<std::string> question_lines(const Plan& plan, const State& state, StepIndex step, const Style& style);
// The commands: "runbook confirm k7f3 impact 1 --answer INT".
std::vector<Proposal> answer_commands(const Plan& plan, const State& state, StepIndex step, std::string_view run,
                                      Language language);
// Of a step that is in doubt or may have to be started again: the words that settle it, and what each of them does.
struct SettlingWord {
  std::string_view word, meaning;
};
std::vector<SettlingWord> settling_words(const StepState& state, Ask what, Language language);
// "runbook resolve k7f3 restore --as done --reason ...", one for each of these words.
std::vector<Proposal> settling_commands(const Plan& plan, const State& state, StepIndex step, std::string_view run, Ask what,
                                        Language language);

// What a step that is held is about to do: its name, its action, what it changes.
std::vector<std::string> start_lines(const Plan& plan, StepIndex step, const Style& style);

}  // namespace runbook
