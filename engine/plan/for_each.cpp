// A `for_each` in the plan, and what the run adds to it.
#include "base/invariant.h"
#include "plan/graph.h"
#include "plan/times.h"

namespace runbook {
namespace {

// What is laid for one step lies together: the pattern, and after it everything in it.
StepIndex end_of_pattern(const Plan& plan, StepIndex first) {
  StepIndex end = first;
  while (end < plan.steps.size() && plan.at(end).is_pattern) ++end;
  return end;
}

}  // namespace

cel::Scope plan_scope(const Plan& plan, StepIndex step, unsigned unit) {
  const auto& planned = plan.at(step);
  return element_scope(plan.runbook.units, unit, plan.environment, planned.is_pattern ? nullptr : planned.element);
}

std::optional<Value> known_list(const Plan& plan, StepIndex for_each) {
  const Step& step = plan.at(for_each).step;
  const auto scope = plan_scope(plan, for_each, step.unit);
  const auto* expression = std::get_if<Condition>(&step.for_each->list.is);
  const auto list = expression ? cel::compute(expression->expression, scope) : resolve(step.for_each->list, scope);
  return list ? std::optional(*list) : std::nullopt;
}

std::optional<std::vector<Element>> known_elements(const Plan& plan, StepIndex for_each) {
  const auto list = known_list(plan, for_each);
  if (!list) return {};
  auto elements = elements_of(*list);
  return elements ? std::optional(std::move(*elements)) : std::nullopt;
}

std::string written_path(const std::string& path) {
  const auto begin = path.find('['), end = path.rfind(']');
  return begin == std::string::npos || end == std::string::npos || end < begin ? path
                                                                               : path.substr(0, begin + 1) + path.substr(end);
}

void add_elements(Plan& plan, StepIndex for_each, const std::vector<Element>& elements) {
  invariant(plan.at(for_each).step.for_each.has_value(), "what is expanded is a for_each");
  const auto& children = plan.at(for_each).children;
  invariant(children.size() == 1 && plan.at(children[0]).is_pattern, "a for_each is expanded once");
  const StepIndex first = plan.at(for_each).children[0], end = end_of_pattern(plan, first);
  const std::string written = plan.at(first).path;
  plan.steps[for_each].children.clear();
  for (StepIndex i = first; i < end; ++i) plan.steps[i].is_replaced = true;
  for (std::size_t n = 0; n < elements.size(); ++n) {
    const auto place =
        std::make_shared<ElementPlace>(ElementPlace{elements[n], static_cast<std::int64_t>(n), plan.at(first).element->unit});
    const StepIndex shift = plan.steps.size() - first;
    const auto moved = [&](StepIndex& i) {
      if (i >= first && i < end) i += shift;
    };
    const std::string path = plan.at(for_each).path + "[" + elements[n].key + "]";
    for (StepIndex i = first; i < end; ++i) {
      PlannedStep copy = plan.at(i);
      copy.path.replace(copy.path.find(written), written.size(), path);
      copy.is_pattern = copy.is_replaced = false;
      copy.element = place;
      copy.number = plan.numbers++;
      for (auto* list : {&copy.needs, &copy.dependents, &copy.children, &copy.guards})
        for (auto& other : *list) moved(other);
      for (auto* other : {&copy.parent, &copy.owner, &copy.probe, &copy.rescue})
        if (*other) moved(**other);
      plan.by_path.emplace(copy.path, plan.steps.size());
      plan.steps.push_back(std::move(copy));
      // What cannot be had was refused before: when the list was expanded, or the run amended.
      (void)set_times_of_element(plan, plan.steps.size() - 1);
      plan.steps.back().description = described(plan, plan.steps.size() - 1);
    }
    plan.steps[first + shift].step.id = plan.at(for_each).step.id + "[" + elements[n].key + "]";
    plan.steps[for_each].children.push_back(first + shift);
  }
}

void keep_numbers(Plan& plan, const Plan& before) {
  plan.numbers = before.numbers;
  for (auto& step : plan.steps) {
    const auto known = before.find(step.path);
    step.number = known ? before.at(*known).number : plan.numbers++;
  }
}

}  // namespace runbook
