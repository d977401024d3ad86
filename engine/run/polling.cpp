#include "run/polling.h"

#include "base/invariant.h"

namespace runbook {
namespace {

// The step that an event is about and touches alone; nothing for one that may touch others.
const std::string* only_step(const Body& body) {
  return std::visit(overloaded{
                        [](const AttemptStarting& e) -> const std::string* { return &e.step; },
                        [](const AttemptFinished& e) -> const std::string* { return &e.step; },
                        [](const AttemptProgress& e) -> const std::string* { return &e.step; },
                        [](const Polled& e) -> const std::string* { return &e.step; },
                        [](const auto&) -> const std::string* { return nullptr; },
                    },
                    body);
}

// Of one step: where its start, and the count that the next try may join, stand in the list.
struct Tries {
  std::optional<std::size_t> start, polled;
};

}  // namespace

Body recorded_end(const Plan& plan, const State& state, AttemptFinished finished) {
  const auto step = plan.find(finished.step);
  if (!step) return finished;
  const auto& planned = plan.at(*step);
  const auto& s = state.steps[*step];
  // A start renews the guards of its step: such tries are told one by one.
  if (!planned.reads || !planned.guards.empty() || !s.last || s.tries == 0 || s.never_started > 0) return finished;
  if (counts_for_hold(planned, finished.verdict) && !s.held_since) return finished;    // here `hold` begins
  if (s.held_since && was_not_looked_at(planned, s, finished.ended)) return finished;  // here it starts over
  const auto& before = *s.last;
  const bool is_same = before.outcome == finished.outcome && before.verdict == finished.verdict && before.why == finished.why &&
                       before.operands == finished.operands && before.outputs == finished.outputs &&
                       before.remark == finished.remark && before.final == finished.final;
  if (!is_same) return finished;
  return Polled{finished.step,    finished.k,    1, std::move(finished.lasting), std::move(finished.facts),
                finished.started, finished.ended};
}

bool is_polling(const Body& body) {
  if (const auto* starting = std::get_if<AttemptStarting>(&body)) return !starting->durable && starting->k > 1;
  return std::holds_alternative<Polled>(body);
}

std::vector<Event> joined(std::vector<Event> events) {
  std::vector<bool> is_gone(events.size());
  std::map<std::string, Tries> of;
  for (std::size_t i = 0; i < events.size(); ++i) {
    Body& body = events[i].body;
    const auto* step = only_step(body);
    if (step == nullptr) {
      of.clear();
      continue;
    }
    auto& tries = of[*step];
    if (auto* polled = std::get_if<Polled>(&body)) {
      if (tries.start) is_gone[*tries.start] = true;
      if (tries.polled) {
        polled->count += std::get<Polled>(events[*tries.polled].body).count;
        is_gone[*tries.polled] = true;
      }
      tries = {{}, i};
    } else if (std::holds_alternative<AttemptStarting>(body) && is_polling(body)) {
      tries.start = i;
    } else {
      tries = {};
    }
  }
  std::vector<Event> out;
  out.reserve(events.size());
  for (std::size_t i = 0; i < events.size(); ++i)
    if (!is_gone[i]) out.push_back(std::move(events[i]));
  return out;
}

}  // namespace runbook
