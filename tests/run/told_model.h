// What the channels of a run were told, judged by itself: each notice is of an event of its kind, and said once; and whoever wanted
// to hear of a failure or of the end has heard.
#pragma once
#include <string>
#include <vector>

#include "run/state.h"

namespace runbook::tests {

// Of a run that has ended, with nobody left to be told. `amended`: what channels wanted has changed on the way.
std::string wrong_notices(const std::vector<Event>& events, const State& state, bool amended);

}  // namespace runbook::tests
