// What an amendment may and must do, told without the code that decides it.
#pragma once
#include "tests/run/rules.h"

namespace runbook::tests {

// Whether it may be: empty when the decision is right.
std::string wrong_decision(const State& before, const Plan& to, const Amendment& amendment, const Rules& rules);
// What it made of the steps.
std::string wrong_amendment(const State& before, const State& after);

}  // namespace runbook::tests
