// The order of steps in one or two lines: what may run side by side stands in { }, groups hold theirs in ( ).
#pragma once
#include "plan/plan.h"

namespace runbook {

// "go -> {now, branch} -> data(restore -> count)". Levels, not edges: the AFTER column has those.
std::string graph_text(const Plan& plan, Role role);
// Steps of a list by how many needs lie before them.
std::vector<std::vector<StepIndex>> levels(const Plan& plan, const std::vector<StepIndex>& list);

}  // namespace runbook
