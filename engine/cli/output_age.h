// When the steps that run wrote something last: what tells a slow step from a hung one.
#pragma once
#include "run/state.h"
#include "view/progress.h"

namespace runbook {

// By the files in the run's directory; a step that has written nothing yet is left out, and one that only reads has no files.
OutputAges output_ages(const State& state, const std::string& directory);

}  // namespace runbook
