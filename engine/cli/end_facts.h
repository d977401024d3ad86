// What the screens about failed and doubtful steps show beside the events: the end of the output on disk, and what is known
// of the processes now.
#pragma once
#include "base/masker.h"
#include "cli/context.h"
#include "view/end_screen.h"

namespace runbook {

EndFacts end_facts(const Context& context, const Store& store, const RunRow& row, const Plan& plan, const State& state);

// What the logs hold is as the steps wrote it: their secrets are read again to be masked. An error: they cannot be, and the
// logs are not to be shown.
Result<Masker, std::string> masker_for(const State& state);

}  // namespace runbook
