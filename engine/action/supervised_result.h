// From a supervisor's exit record to what the scheduler is told.
#pragma once
#include "action/executor.h"
#include "supervisor/records.h"

namespace runbook {

// What was kept of a stream, as it lies on disk.
struct KeptStream {
  std::string bytes;
  bool matches = true;  // the record's size and digest
};

// Of any command: exit, output, what was left running. In doubt where it could not be ended.
Report report_of(const ExitRecord& record, const KeptStream& out, const KeptStream& err);

}  // namespace runbook
