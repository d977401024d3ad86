#include "view/timeline.h"

#include <algorithm>

namespace runbook {

std::vector<EventLine> timeline(const Plan& plan, const std::vector<Event>& events, const std::string& run, Language language) {
  State state(plan);
  state.run_id = run;
  std::vector<EventLine> out;
  for (const auto& event : events) {
    state.apply(event);
    if (auto line = event_line(state.plan(), state, event, language)) out.push_back(std::move(*line));
  }
  return out;
}

std::vector<EventLine> decisions(const std::vector<EventLine>& all) {
  std::vector<EventLine> out;
  std::copy_if(all.begin(), all.end(), std::back_inserter(out), [](const EventLine& line) { return line.is_human; });
  return out;
}

}  // namespace runbook
