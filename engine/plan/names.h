// Which names an expression may use where it stands, and complaints about those it may not.
#pragma once
#include "plan/plan.h"

namespace runbook {

void check_names(const Plan& plan, Diagnostics& wrong);

}  // namespace runbook
