// `run --plan --what-if`: of each step what follows when it fails, times out, or the engine's machine dies under it. Steps of
// which the same is to be said share a block.
#pragma once
#include "run/what_if.h"
#include "view/style.h"

namespace runbook {

using ExitNumber = int (*)(RunStatus);  // with which `run` ends
std::string what_if_screen(const Plan& plan, const WhatIf& what_if, ExitNumber exit_number, const Style& style);
// The same for programs: one entry for a step and mishap, steps by their paths.
Value what_if_value(const Plan& plan, const WhatIf& what_if, ExitNumber exit_number);

}  // namespace runbook
