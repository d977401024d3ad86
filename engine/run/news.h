// What of a run's events is worth telling those who are not there: the fold keeps what each channel of `notify` is still owed,
// so that whoever goes on after a crash tells it.
#pragma once
#include "run/event.h"

namespace runbook {

struct State;

struct News {
  std::int64_t seq = 0;  // of the event that it tells
  Instant at;
  Notice what{};
  std::string step;                    // path; of `finished` empty
  std::vector<std::int64_t> channels;  // not told yet, by their numbers from 1
  bool operator==(const News&) const = default;
};

// After `event` has been folded into `after`. A question that needs no answer any more is not told any more.
void fold_news(std::vector<News>& untold, const State& after, const Event& event);

}  // namespace runbook
