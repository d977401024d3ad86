// What must hold of every run, told without the scheduler's code: each event is judged before it is folded.
#pragma once
#include "tests/run/staged_run.h"

namespace runbook::tests {

// What the small model of "never twice without an answer" knows of a step that changes something.
// looked: by its probe, since it came into doubt
struct Permission {
  bool may_start = true, looked = false;
};

class Rules {
 public:
  Rules(const State& state, const std::vector<Event>& events) : state_(state), events_(events) {}

  void judge(const Body& body, Instant now);
  bool broken(std::string why) {
    if (wrong_.empty()) wrong_ = std::move(why);
    return false;
  }
  const std::string& wrong() const { return wrong_; }
  // It was started, or is a group that has begun: by the events, whatever the state says.
  bool is_on_record(const std::string& path) const;
  void somebody_runs_steps_again() { somebody_reran_ = true; }

 private:
  const Plan& plan() const { return state_.plan(); }
  const std::string& path(StepIndex i) const { return plan().at(i).path; }
  bool comes_first(StepIndex i) const;
  StepIndex owner_or_self(StepIndex i) const;
  void nothing_failed_around(StepIndex i);
  void takes_its_turn(StepIndex i);
  void is_rescued_in_time(StepIndex i);
  void ends_after_its_rescue(StepIndex i, StepStatus status);
  void nothing_is_left_to_guess();
  void needs_are_met(StepIndex i);
  void nothing_before_it_is_open(StepIndex i);

  const State& state_;
  const std::vector<Event>& events_;
  std::map<std::string, Permission> permissions_;  // by path: another engine may count its steps otherwise
  bool somebody_reran_ = false;
  std::string wrong_;
};

}  // namespace runbook::tests
