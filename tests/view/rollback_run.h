// The users' full rollback, staged: every precondition holds, the people answer, the services report what they should.
#pragma once
#include "staged_run.h"

namespace runbook::testing {

Plan rollback_plan();
// All results scripted as good; nothing has happened yet.
StagedRun good_rollback(const Plan& plan);
// The people's part of the preconditions, and the approval.
void answer_preconditions(StagedRun& run);
// From the first precondition to the end; `restore` is confirmed.
void run_rollback(StagedRun& run);

}  // namespace runbook::testing
