// A run's events as lines, in order: folded once more, because an event's words depend on the state that it met.
#pragma once
#include "view/event_line.h"

namespace runbook {

// `plan`: as it is written.
std::vector<EventLine> timeline(const Plan& plan, const std::vector<Event>& events, const std::string& run, Language language);
// What people decided, answered, asked for and noted.
std::vector<EventLine> decisions(const std::vector<EventLine>& all);

}  // namespace runbook
