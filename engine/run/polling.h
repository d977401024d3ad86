// Polling kept cheap: a try of a step that only reads, and that says what the one before it said, is not worth an event of its
// own. It is folded as `polled`, and before a commit those of one step are joined.
#pragma once
#include "run/state.h"

namespace runbook {

// How the end of an attempt is recorded: as it is, or as one more try that changed nothing.
Body recorded_end(const Plan& plan, const State& state, AttemptFinished finished);
// Whether an event may wait for others of its kind: a try after the first, and its end that changed nothing.
bool is_polling(const Body& body);
// Events that were folded and not stored yet, with consecutive tries joined. Folded anew they give the same state: what stands
// between two tries of a step and touches it keeps them apart.
std::vector<Event> joined(std::vector<Event> events);

}  // namespace runbook
