// From one plan of a run to the next: steps keep what they are known by, their paths.
#include "run/amend.h"

namespace runbook {

Plan amended_plan(const Plan& to, const State& before) {
  Plan out = to;
  for (const auto& [i, turns] : before.expanded) {
    const auto& expanded = before.plan().at(i);
    const auto now = out.find(expanded.path);
    if (!now || !out.at(*now).step.for_each) continue;
    std::vector<Element> elements;
    for (const auto child : expanded.children) elements.push_back(before.plan().at(child).element->element);
    add_elements(out, *now, elements);
  }
  keep_numbers(out, before.plan());
  return out;
}

void State::go_on_by(Plan plan) {
  const std::shared_ptr<Plan> held = grown_;  // the plan before may be nowhere else
  const Plan& before = held ? *held : *written_;
  grown_ = std::make_shared<Plan>(std::move(plan));
  std::vector<StepState> known(grown_->steps.size());
  for (StepIndex i = 0; i < known.size(); ++i)
    if (const auto old = before.find(grown_->at(i).path)) known[i] = std::move(steps[*old]);
  steps = std::move(known);
  std::vector<StepIndex> began;
  for (const auto old : started)
    if (const auto now = grown_->find(before.at(old).path)) began.push_back(*now);
  started = std::move(began);
  std::map<StepIndex, Turns> known_lists;
  for (const auto& [old, turns] : expanded)
    if (const auto now = grown_->find(before.at(old).path); now && grown_->at(*now).step.for_each)
      known_lists.emplace(*now, turns);
  expanded = std::move(known_lists);
}

}  // namespace runbook
