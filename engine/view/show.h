// `runbook show RUN`: one run, from its header to the last answer; as a screen and as a value.
#pragma once
#include "run/accept.h"
#include "view/end_screen.h"

namespace runbook {

// What the store's row and its engine tell beside the events.
struct RunFacts {
  std::string run, file;
  std::string engine;            // "host pid 4711" while one lives; empty: none
  std::string file_changed;      // a sentence when the source file is no longer the run's snapshot; empty: it is
  EndFacts now;                  // of doubtful steps
  std::string undone{};          // "run m2c4, succeeded": what has undone it, or is undoing it; empty: nothing
  std::vector<Request> filed{};  // what people have said since, and no engine has taken yet
};

std::string show_screen(const Plan& plan, const State& state, const std::vector<Event>& events, const RunFacts& facts,
                        const Style& style);
Value show_value(const Plan& plan, const State& state, const std::vector<Event>& events, const RunFacts& facts);

}  // namespace runbook
