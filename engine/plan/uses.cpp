#include "plan/uses.h"

#include "runbook/unit_scope.h"

namespace runbook {

std::vector<Use> uses_of(const Plan& plan) {
  std::map<unsigned, std::string> by_unit;
  for (const auto& planned : plan.steps) {
    // What holds a used file's steps comes before them; what stands in a list of checks was put there by that list.
    if (planned.step.is_use) by_unit.emplace(planned.step.outputs_unit, planned.path);
    else if (const auto prefix = path_prefix(planned.role); !prefix.empty())
      by_unit.emplace(planned.step.unit, prefix.substr(0, prefix.size() - 1));
  }
  for (const auto& item : plan.runbook.after) by_unit.emplace(item.unit, "after");
  by_unit.erase(0);
  std::vector<Use> out;
  for (auto& [unit, in] : by_unit) out.push_back({unit, std::move(in)});
  return out;
}

Value value_before_run(const Plan& plan, const Variable& variable) {
  if (variable.each) return preview(*variable.each, unit_scope(plan.runbook.units[variable.each_unit], plan.environment));
  return variable.value.value_or(Value());
}

std::string_view source_name(Variable::Source source) {
  switch (source) {
    case Variable::Source::given: return "given";
    case Variable::Source::passed: return "passed";
    case Variable::Source::outer: return "caller";
    case Variable::Source::fallback: return "default";
    case Variable::Source::asked: return "asked";
    case Variable::Source::unset:
    case Variable::Source::unread: return "unset";
  }
  return "";
}

Value uses_value(const Plan& plan) {
  Value::List out;
  for (const auto& use : uses_of(plan)) {
    const auto& unit = plan.runbook.units[use.unit];
    Value::Map variables;
    for (const auto& [name, variable] : unit.variables)
      variables.emplace(name, Value::Map{{"value", value_before_run(plan, variable)}, {"source", source_name(variable.source)}});
    out.push_back(
        Value::Map{{"file", plan.runbook.sources[unit.file].name}, {"in", use.in}, {"variables", std::move(variables)}});
  }
  return out;
}

}  // namespace runbook
