// The elements of a `for_each` on screens: a few are told one by one; of many the counts, and those that need somebody.
#pragma once
#include <map>

#include "run/state.h"
#include "view/style.h"

namespace runbook {

// "3: web1, web2, web3 (2 at once, 1 may fail)"; the expression where nobody knows the list yet.
std::string elements_words(const Plan& plan, StepIndex for_each, Language language);
// "37 of 1000 ended, 2 failed"; empty of any other step, and before the list is known.
std::string tally(const Plan& plan, const State& state, StepIndex step, Language language);
// The `for_each` of so many elements that this step, in one of them, is not told by itself; of an undo, which has none, the first
// of so many undos.
std::optional<StepIndex> summed_up_in(const Plan& plan, StepIndex step);

std::string name_of_many(const Plan& plan, StepIndex whole);
std::size_t count_of_many(const Plan& plan, StepIndex whole);

// Of these steps the first few of every such `for_each`, and how many more there are.
struct Told {
  std::vector<StepIndex> steps;
  std::map<StepIndex, std::size_t> left_out;
  std::vector<std::string> left_out_lines(const Plan& plan, Language language) const;
};
Told told(const Plan& plan, const std::vector<StepIndex>& steps);
// Those of a role for a table: of many elements only what runs, waits, or went wrong.
std::vector<StepIndex> told_steps(const Plan& plan, const State& state, Role role);
// Their paths; of many elements one word: "restart[...] (998)".
std::vector<std::string> summed_up(const Plan& plan, const std::vector<StepIndex>& steps);

}  // namespace runbook
