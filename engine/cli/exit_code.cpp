#include "cli/exit_code.h"

namespace runbook {

ExitCode exit_code_of(RunStatus status) {
  switch (status) {
    case RunStatus::succeeded: return ExitCode::done;
    case RunStatus::failed: return ExitCode::failed;
    case RunStatus::criteria_failed: return ExitCode::criteria_failed;
    case RunStatus::refused: return ExitCode::refused;
    case RunStatus::cancelled: return ExitCode::stopped;
    case RunStatus::waiting: return ExitCode::waiting;
    case RunStatus::interrupted: return ExitCode::interrupted;
    case RunStatus::running: return ExitCode::broken;
  }
  return ExitCode::broken;
}

}  // namespace runbook
