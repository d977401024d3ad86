#include "run/assumed_plan.h"

#include <algorithm>

#include "run/scope.h"

namespace runbook {
namespace {

// It follows from what a run's events say without any result.
bool is_told_by_events(const cel::Reference& reference) {
  const auto& path = reference.path;
  if (path[0] == "vars" || path[0] == "env") return true;
  return path.back() == "state" && (path[0] == "steps" || path[0] == "run");
}

bool is_knowable(const Plan& plan, const State& nothing_yet, StepIndex i, const Condition& condition) {
  const auto& expression = condition.expression;
  const auto& references = expression.references();
  if (!std::all_of(references.begin(), references.end(), is_told_by_events)) return false;
  return cel::evaluate(expression, scope_of(plan, nothing_yet, i, plan.at(i).step.unit, references, nullptr)).verdict !=
         cel::Verdict::no_data;
}

Field one_element(Place at) { return {at, Value(Value::List{Value("each")})}; }

}  // namespace

AssumedPlan assume(const Plan& plan) {
  AssumedPlan out{plan, {}, {}};
  Plan& assumed = out.plan;
  assumed.runbook.approver = {};
  assumed.runbook.notify.clear();
  // What an element passes to a used file is another value for each.
  for (auto& unit : assumed.runbook.units)
    for (auto& [name, variable] : unit.variables) variable.each.reset();
  const State nothing_yet(plan);
  for (StepIndex i = 0; i < plan.steps.size(); ++i) {
    auto& planned = assumed.steps[i];
    auto& step = planned.step;
    if (step.when && !is_knowable(assumed, nothing_yet, i, *step.when)) {
      step.when = {};
      out.conditions.push_back(i);
    }
    if (step.expect && (step.action.kind || !is_knowable(assumed, nothing_yet, i, *step.expect))) step.expect = {};
    step.outputs.clear();
    step.hold.reset();
    // The times of the elements, too: it is gone through as if they were the default.
    step.of_element = {};
    if (step.undo && step.undo->of_element) {
      auto undo = std::make_shared<Step>(*step.undo);
      undo->of_element = {};
      step.undo = std::move(undo);
    }
    if (step.confirm) step.confirm = Text{cel::Template::literal("yes"), {}};
    if (step.action.kind && step.action.kind->asks_people) step.action.fields.clear();
    if (step.for_each)
      if (const auto elements = known_elements(plan, i); !elements || !elements->empty()) {
        step.for_each->list = one_element(step.for_each->list.at);
        out.one_for_many.push_back(i);
      }
  }
  return out;
}

}  // namespace runbook
