// From a supervisor's exit record to what the scheduler is told.
#pragma once
#include "action/attempt_files.h"

namespace runbook {

Report report_of(const ExitRecord& record, const KeptStream& out, const KeptStream& err);

}  // namespace runbook
