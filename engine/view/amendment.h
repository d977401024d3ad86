// A run that goes on by a corrected runbook: what differs, and what becomes of the steps.
#pragma once
#include "run/amend.h"
#include "view/style.h"

namespace runbook {

// For the operator, before it is recorded: step by step, with what was and what is to be. Empty: nothing that a run is made of.
std::vector<std::string> differences_shown(const Plan& from, const Plan& to, const Style& style);
// `state`: as it stands before; `to`: the corrected runbook.
std::vector<std::string> consequences_shown(const State& state, const Plan& to, const RunAmended& amended, const std::string& run,
                                            const Style& style);
// One line of a history: who, why, from which plan to which, and what differs by name.
std::string amendment_words(const RunAmended& amended, Language language);

}  // namespace runbook
