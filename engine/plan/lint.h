// Advice about a plan that is valid: what an experienced colleague would say on reading it.
#pragma once
#include "plan/plan.h"

namespace runbook {

void lint(const Plan& plan, Diagnostics& advice);

}  // namespace runbook
