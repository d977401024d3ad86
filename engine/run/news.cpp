#include "run/news.h"

#include "run/state.h"

namespace runbook {
namespace {

bool ends_the_run(const Body& body) {
  if (std::holds_alternative<RunFinished>(body)) return true;
  const auto* settled = std::get_if<RunSettled>(&body);
  return settled != nullptr && settled->status != RunStatus::waiting;  // what it waits for has been told
}

// Of a failure that the run goes on without, its end tells; what holds others up tells of those, not of itself.
bool stops_the_run(const Plan& plan, const StepFinished& finished) {
  const auto i = plan.find(finished.step);
  if (!i || finished.status != StepStatus::failed) return false;
  const auto& planned = plan.at(*i);
  const bool does_something = planned.role == Role::step || planned.role == Role::watch || planned.role == Role::cleanup;
  return does_something && !planned.step.is_group && planned.step.on_fail == OnFail::stop;
}

std::optional<News> news_of(const Plan& plan, const Event& event) {
  News out;
  out.seq = static_cast<std::int64_t>(event.seq);
  out.at = event.at;
  if (const auto* waiting = std::get_if<Waiting>(&event.body)) {
    out.what = waiting->what == Ask::in_doubt ? Notice::in_doubt : Notice::waiting;
    out.step = waiting->step;
  } else if (const auto* finished = std::get_if<StepFinished>(&event.body); finished && stops_the_run(plan, *finished)) {
    out.what = Notice::failed;
    out.step = finished->step;
  } else if (ends_the_run(event.body)) {
    out.what = Notice::finished;
  } else {
    return {};
  }
  for (std::size_t c = 0; c < plan.runbook.notify.size(); ++c)
    if (plan.runbook.notify[c].tell.count(out.what) != 0) out.channels.push_back(static_cast<std::int64_t>(c) + 1);
  return out.channels.empty() ? std::nullopt : std::optional(std::move(out));
}

bool is_still_asked(const State& state, const News& news) {
  if (news.what != Notice::waiting && news.what != Notice::in_doubt) return true;
  const auto i = state.plan().find(news.step);
  const auto& question = i ? state.steps[*i].question : std::nullopt;
  return question && static_cast<std::int64_t>(question->seq) == news.seq && !question->answer;
}

}  // namespace

void fold_news(std::vector<News>& untold, const State& after, const Event& event) {
  const auto channels = static_cast<std::int64_t>(after.plan().runbook.notify.size());
  if (std::holds_alternative<RunAmended>(event.body))  // what a channel is owed that is gone, nobody can be told any more
    for (auto& news : untold) std::erase_if(news.channels, [channels](std::int64_t channel) { return channel > channels; });
  if (channels == 0) return untold.clear();
  if (const auto* told = std::get_if<Notified>(&event.body))
    for (auto& news : untold)
      if (news.seq == told->of) std::erase(news.channels, told->channel);
  std::erase_if(untold, [&](const News& news) { return news.channels.empty() || !is_still_asked(after, news); });
  if (auto news = news_of(after.plan(), event)) untold.push_back(std::move(*news));
}

}  // namespace runbook
