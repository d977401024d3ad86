// A run goes on by a corrected runbook: what stands in the way of that, and the events that it leads to. As `accept`, pure.
#pragma once
#include "run/state.h"

namespace runbook {

struct Obstacle {
  // plan: the corrected runbook does not fit what has happened. moment: not as the run stands now.
  enum class Kind { plan, moment } kind{};
  Phrase text;
};
struct Amendment {
  std::vector<Obstacle> obstacles;  // none: it may be
  std::vector<Body> record;         // the last of them is `run_amended`
};
// `to` as written, with no amendments of its own.
Amendment amend(const State& state, const Plan& to, const Person& by, const std::string& reason);

// The plan as the run has grown and numbered it.
Plan amended_plan(const Plan& to, const State& before);
// Something is on record that only this step, being what it is, explains: an attempt, an answer, an end.
bool has_record(const StepState& step);

}  // namespace runbook
