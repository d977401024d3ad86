#include "plan/critical_path.h"

#include <algorithm>

namespace runbook {
namespace {

enum class Rescues { counted, left_out };

// Longest way to the end of each step, counting a group's children between its start and its end.
class Longest {
 public:
  Longest(const Plan& plan, Duration (*cost)(const PlannedStep&), Rescues rescues = Rescues::left_out)
      : plan_(plan),
        cost_(cost),
        rescues_(rescues),
        ends_(plan.steps.size()) {
    for (const auto i : top_level()) settle(i);
  }

  std::vector<StepIndex> path() const {
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
  Duration total() const {
    const auto last = latest(top_level());
    return last ? end_of(*last) : Duration{};
  }

 private:
  // Without recursion: a chain of ten thousand steps is as deep as it is long.
  void settle(StepIndex root) {
    std::vector<StepIndex> open{root};
    while (!open.empty()) {
      const StepIndex i = open.back();
      const auto depth = open.size();
      const auto wait_for = [&](StepIndex other) {
        if (!ends_[other]) open.push_back(other);
      };
      for (std::optional<StepIndex> at = i; at && !ends_[i]; at = plan_.at(*at).parent)
        std::for_each(plan_.at(*at).needs.begin(), plan_.at(*at).needs.end(), wait_for);
      if (!ends_[i] && plan_.at(i).step.is_group)
        std::for_each(plan_.at(i).children.begin(), plan_.at(i).children.end(), wait_for);
      if (!ends_[i] && is_rescued(i)) wait_for(*plan_.at(i).rescue);
      if (open.size() > depth) continue;
      open.pop_back();
      if (!ends_[i]) ends_[i] = last_end(i);
    }
  }
  Duration last_end(StepIndex i) const {
    const auto& step = plan_.at(i);
    Duration end = start_of(i);
    if (!step.step.is_group) return end + cost_(step) + rescue(i);
    for (const auto child : step.children) end = std::max(end, end_of(child));
    return start_of(i) + rounds(i) * (end - start_of(i)) + rescue(i);
  }
  bool is_rescued(StepIndex i) const { return rescues_ == Rescues::counted && plan_.at(i).rescue; }
  // It is reckoned as if it began with its step; it begins when that has failed.
  Duration rescue(StepIndex i) const { return is_rescued(i) ? end_of(*plan_.at(i).rescue) - start_of(i) : Duration{}; }
  // How often a `for_each` does its pattern one after the other; once where nobody can say yet.
  std::int64_t rounds(StepIndex i) const {
    if (!plan_.at(i).step.for_each) return 1;
    const auto known = known_elements(plan_, i);
    const auto at_once = plan_.at(i).step.for_each->at_once;
    return known ? (static_cast<std::int64_t>(known->size()) + at_once - 1) / at_once : 1;
  }
  Duration end_of(StepIndex i) const { return *ends_[i]; }

  std::vector<StepIndex> top_level() const {
    std::vector<StepIndex> out;
    for (StepIndex i = 0; i < plan_.steps.size(); ++i)
      if (plan_.at(i).role == Role::step && !plan_.at(i).parent) out.push_back(i);
    return out;
  }
  Duration start_of(StepIndex i) const {
    Duration start{};
    for (std::optional<StepIndex> at = i; at; at = plan_.at(*at).parent)
      for (const auto need : plan_.at(*at).needs) start = std::max(start, end_of(need));
    return start;
  }
  std::optional<StepIndex> latest(const std::vector<StepIndex>& among) const {
    std::optional<StepIndex> best;
    for (const auto i : among)
      if (!best || end_of(i) > end_of(*best)) best = i;
    return best;
  }
  std::optional<StepIndex> before(StepIndex i) const {
    for (std::optional<StepIndex> at = i; at; at = plan_.at(*at).parent)
      if (!plan_.at(*at).needs.empty()) return latest(plan_.at(*at).needs);
    return {};
  }

  const Plan& plan_;
  Duration (*cost_)(const PlannedStep&);
  Rescues rescues_;
  std::vector<std::optional<Duration>> ends_;
};

bool is_in_rescue(const Plan& plan, StepIndex i) {
  for (std::optional<StepIndex> at = i; at; at = plan.at(*at).parent)
    if (plan.at(*at).is_rescue) return true;
  return false;
}

}  // namespace

Duration expected_duration(const PlannedStep& step) {
  if (step.step.expected) return step.step.expected->high;
  if (step.step.action.kind && step.step.action.kind->asks_people) return {};
  return std::max(Duration(std::chrono::seconds(1)), step.step.hold.value_or(Duration{}));
}

Duration longest_duration(const PlannedStep& step) {
  if (step.retries && step.retry.limit) return std::max(*step.retry.limit, step.step.hold.value_or(Duration{}));
  return step.timeout;
}

std::vector<StepIndex> critical_path(const Plan& plan) { return Longest(plan, expected_duration).path(); }

Estimate estimate(const Plan& plan) {
  return {Longest(plan, expected_duration).total(), Longest(plan, longest_duration, Rescues::counted).total()};
}

People waits_for_people(const Plan& plan) {
  People out = People::none;
  for (StepIndex i = 0; i < plan.steps.size(); ++i) {
    if (plan.at(i).role != Role::step || is_in_rescue(plan, i)) continue;
    const auto& step = plan.at(i).step;
    if (step.confirm || step.optional_question) return People::without_limit;
    if (step.action.kind && step.action.kind->asks_people && !step.expected) out = People::within_limits;
  }
  return out;
}

std::vector<StepIndex> unknown_lists(const Plan& plan) {
  std::vector<StepIndex> out;
  for (StepIndex i = 0; i < plan.steps.size(); ++i)
    if (plan.at(i).role == Role::step && plan.at(i).step.for_each && !known_elements(plan, i)) out.push_back(i);
  return out;
}

}  // namespace runbook
