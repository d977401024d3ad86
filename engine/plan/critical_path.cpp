#include "plan/critical_path.h"

#include <algorithm>

namespace runbook {
namespace {

// Longest way to the end of each step, counting a group's children between its start and its end.
class Longest {
 public:
  Longest(const Plan& plan, Duration (*cost)(const PlannedStep&)) : plan_(plan), cost_(cost), ends_(plan.steps.size()) {}

  Duration end_of(StepIndex i) {
    if (ends_[i]) return *ends_[i];
    const auto& step = plan_.at(i);
    Duration end = start_of(i);
    if (step.step.is_group) for (const auto child : step.children) end = std::max(end, end_of(child));
    else end += cost_(step);
    ends_[i] = end;
    return end;
  }
  std::vector<StepIndex> path() {
    std::vector<StepIndex> out;
    std::optional<StepIndex> at = latest(top_level());
    while (at) {
      const auto& step = plan_.at(*at);
      if (step.step.is_group && !step.children.empty()) {
        at = latest(step.children);
        continue;
      }
      if (!step.step.is_group) out.push_back(*at);
      at = before(*at);
    }
    std::reverse(out.begin(), out.end());
    return out;
  }
  Duration total() {
    const auto last = latest(top_level());
    return last ? end_of(*last) : Duration{};
  }

 private:
  std::vector<StepIndex> top_level() const {
    std::vector<StepIndex> out;
    for (StepIndex i = 0; i < plan_.steps.size(); ++i)
      if (plan_.at(i).role == Role::step && !plan_.at(i).parent) out.push_back(i);
    return out;
  }
  Duration start_of(StepIndex i) {
    const auto& step = plan_.at(i);
    Duration start = step.parent ? start_of(*step.parent) : Duration{};
    for (const auto need : step.needs) start = std::max(start, end_of(need));
    return start;
  }
  std::optional<StepIndex> latest(const std::vector<StepIndex>& among) {
    std::optional<StepIndex> best;
    for (const auto i : among)
      if (!best || end_of(i) > end_of(*best)) best = i;
    return best;
  }
  std::optional<StepIndex> before(StepIndex i) {
    for (std::optional<StepIndex> at = i; at; at = plan_.at(*at).parent)
      if (!plan_.at(*at).needs.empty()) return latest(plan_.at(*at).needs);
    return {};
  }

  const Plan& plan_;
  Duration (*cost_)(const PlannedStep&);
  std::vector<std::optional<Duration>> ends_;
};

}  // namespace

Duration expected_duration(const PlannedStep& step) {
  if (step.step.expected) return step.step.expected->high;
  return step.step.action.kind && step.step.action.kind->asks_people ? step.timeout : Duration(std::chrono::seconds(1));
}

Duration longest_duration(const PlannedStep& step) {
  if (step.retries && step.retry.limit) return std::max(*step.retry.limit, step.step.hold.value_or(Duration{}));
  return step.timeout;
}

std::vector<StepIndex> critical_path(const Plan& plan) { return Longest(plan, expected_duration).path(); }

Estimate estimate(const Plan& plan) {
  return {Longest(plan, expected_duration).total(), Longest(plan, longest_duration).total()};
}

}  // namespace runbook
