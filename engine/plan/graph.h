// From lists of steps to edges: implied order, `needs` resolved, cycles found.
#pragma once
#include "plan/plan.h"

namespace runbook {

// Lays a list of steps (and, within, their groups, guards and probes) into the plan.
void lay_list(Plan& plan, std::vector<Step> list, Role role, const std::string& prefix, std::optional<StepIndex> parent,
              Diagnostics& wrong);
// Complains about every circle of needs once, naming its steps.
void find_cycles(const Plan& plan, Diagnostics& wrong);
// True when `earlier` has certainly ended whenever `later` starts: it, or a group around it, is needed by `later` or a group around that.
bool ends_before(const Plan& plan, StepIndex earlier, StepIndex later);

}  // namespace runbook
