// `runbook runs`: one line for each run, the newest first as given.
#pragma once
#include <optional>

#include "run/event.h"
#include "view/style.h"

namespace runbook {

struct RunLine {
  std::string run, runbook, title;
  RunStatus status = RunStatus::running;
  bool is_open = false;   // holds its locks; `resume` goes on
  bool is_alive = false;  // an engine works on it now
  Instant created;
  std::optional<Instant> ended;
  Instant now;  // for those that have not ended
  std::string by, host;
};

std::string runs_table(const std::vector<RunLine>& rows, const Style& style);
Value runs_value(const std::vector<RunLine>& rows);

}  // namespace runbook
