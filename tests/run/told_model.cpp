#include "tests/run/told_model.h"

#include <algorithm>
#include <set>

namespace runbook::tests {
namespace {

std::optional<Notice> kind_of(const Body& body) {
  if (const auto* waiting = std::get_if<Waiting>(&body))
    return waiting->what == Ask::in_doubt ? Notice::in_doubt : Notice::waiting;
  if (const auto* finished = std::get_if<StepFinished>(&body))
    return finished->status == StepStatus::failed ? std::optional(Notice::failed) : std::nullopt;
  if (std::holds_alternative<RunSettled>(body) || std::holds_alternative<RunFinished>(body)) return Notice::finished;
  return {};
}

bool must_be_told(const Plan& plan, const Body& body) {
  if (std::holds_alternative<RunFinished>(body)) return true;
  const auto* finished = std::get_if<StepFinished>(&body);
  const auto i = finished != nullptr && finished->status == StepStatus::failed ? plan.find(finished->step) : std::nullopt;
  return i && plan.at(*i).role == Role::step && !plan.at(*i).step.is_group && plan.at(*i).step.on_fail == OnFail::stop;
}

}  // namespace

std::string wrong_notices(const std::vector<Event>& events, const State& state, bool amended) {
  std::set<std::pair<std::int64_t, std::int64_t>> told;
  for (const auto& event : events) {
    const auto* notice = std::get_if<Notified>(&event.body);
    if (notice == nullptr) continue;
    const auto of = std::find_if(events.begin(), events.end(),
                                 [&](const Event& e) { return static_cast<std::int64_t>(e.seq) == notice->of; });
    if (of == events.end() || of->seq >= event.seq) return "a notice is of no event";
    if (kind_of(of->body) != notice->what) return "a notice of another kind than its event";
    if (!told.emplace(notice->of, notice->channel).second) return "a channel was told twice of the same";
  }
  const auto& channels = state.plan().runbook.notify;
  for (const auto& event : events) {
    if (!must_be_told(state.plan(), event.body) || (amended && !std::holds_alternative<RunFinished>(event.body))) continue;
    for (std::size_t c = 0; c < channels.size(); ++c)
      if (channels[c].tell.contains(*kind_of(event.body)) &&
          !told.contains({static_cast<std::int64_t>(event.seq), static_cast<std::int64_t>(c) + 1}))
        return "a channel was not told";
  }
  return {};
}

}  // namespace runbook::tests
