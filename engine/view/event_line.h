// One event as one line for people: the words that plain progress, the timeline of `show` and the report share.
#pragma once
#include "run/state.h"
#include "view/style.h"

namespace runbook {

struct EventLine {
  Instant at;
  Mark mark = Mark::busy;
  std::string path;  // of the step; empty: of the run
  std::string text;
  bool is_failure = false;  // of a step: an explanation belongs below it
  bool is_human = false;    // somebody decided or answered something
};

// `after` is the state with this event folded in. Nothing: it says nothing that another event does not say better.
std::optional<EventLine> event_line(const Plan& plan, const State& after, const Event& event, Language language);

}  // namespace runbook
