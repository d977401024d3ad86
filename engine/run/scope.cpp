#include "run/scope.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/json.h"

namespace runbook {
namespace {

// Nothing: it is no name of the action's result.
std::optional<cel::Named> derived(const ActionKind& kind, std::string_view name, const AttemptResult& own) {
  for (const auto& row : kind.result) {
    if (row.name != name) continue;
    const bool is_derived = row.from != ResultRow::From::action;
    const auto& source = is_derived ? row.source : row.name;
    const auto found = own.result.find(source);
    if (found == own.result.end()) {
      const auto why = own.unreadable.find(std::string(source));
      return cel::Named(std::nullopt, why != own.unreadable.end() ? fmt::format("{}: {}", source, why->second)
                                                                  : fmt::format("the action gave no `{}`", source));
    }
    if (!is_derived) return cel::Named(found->second);
    const auto* text = found->second.string();
    if (!text) return cel::Named(std::nullopt, fmt::format("`{}` is no text", source));
    if (row.from == ResultRow::From::json_of) {
      auto parsed = parse_json(*text);
      if (parsed) return cel::Named(std::move(*parsed));
      return cel::Named(std::nullopt, fmt::format("{}: {}", source, parsed.error()));
    }
    Value::List lines;
    for (std::size_t begin = 0; begin < text->size();) {
      const auto end = std::min(text->find('\n', begin), text->size());
      lines.emplace_back(text->substr(begin, end - begin));
      begin = end + 1;
    }
    return cel::Named(Value(std::move(lines)));
  }
  return {};
}

// `steps`: only those that the expression names, as they are seen from where it stands.
Value steps_named(const Plan& plan, const State& state, std::optional<StepIndex> from,
                  const std::vector<cel::Reference>& references) {
  Value::Map out;
  for (const auto& reference : references) {
    if (reference.path.size() < 2 || reference.path[0] != "steps" || out.contains(Value(reference.path[1]))) continue;
    const auto& id = reference.path[1];
    if (plan.is_undo) {
      const auto* kept = from ? recorded_step(plan, *from, id) : nullptr;
      if (kept == nullptr) continue;
      Value::Map view = *kept->map();
      if (const auto* own = recorded_element(plan, *from, id))
        for (const auto& [name, value] : *own->map()) view.insert_or_assign(name, value);
      out.emplace(id, std::move(view));
      continue;
    }
    std::optional<StepIndex> found = from ? visible_step(plan, *from, id) : plan.find(id);
    if (from && plan.at(*from).step.is_use)
      if (const auto child = plan.find(plan.at(*from).path + "/" + id)) found = child;
    if (found) out.emplace(id, step_view(plan, state, *found));
  }
  return out;
}

}  // namespace

namespace {

// Of a group those of its steps, each under its id.
Value outputs_view(const Plan& plan, const State& state, StepIndex i) {
  const auto& step = plan.at(i).step;
  if (!step.is_group || !step.outputs.empty()) return to_value(state.steps[i].outputs);
  Value::Map out;
  for (const auto child : plan.at(i).children) out.emplace(plan.at(child).step.id, outputs_view(plan, state, child));
  return out;
}

// What is seen of the elements that a `for_each` ran for, in the order of the list.
Value elements_view(const Plan& plan, const State& state, StepIndex i) {
  Value::List items;
  if (!state.expanded.contains(i)) return items;
  for (const auto child : plan.at(i).children) {
    items.emplace_back(Value::Map{{"key", plan.at(child).element->element.key},
                                  {"state", name_of(state.steps[child].status)},
                                  {"outputs", outputs_view(plan, state, child)}});
  }
  return items;
}

}  // namespace

Value step_view(const Plan& plan, const State& state, StepIndex i) {
  const auto& s = state.steps[i];
  Value::Map view{{Value("state"), Value(name_of(s.status))}};
  if (plan.at(i).step.for_each) {
    view.emplace("items", elements_view(plan, state, i));
    return view;
  }
  if (plan.at(i).step.is_group)
    for (const auto child : plan.at(i).children) view.emplace(plan.at(child).step.id, step_view(plan, state, child));
  for (const auto& [name, value] : s.lasting) view.emplace(name, value);
  for (const auto& [name, value] : s.outputs) view.insert_or_assign(Value(name), value);
  return view;
}

cel::Scope scope_of(const Plan& plan, const State& state, std::optional<StepIndex> step, unsigned unit,
                    std::vector<cel::Reference> references, const AttemptResult* own) {
  return [&plan, &state, step, own,
          base = step ? plan_scope(plan, *step, unit) : unit_scope(plan.runbook.units[unit], plan.environment),
          named = std::move(references)](std::string_view root) -> cel::Named {
    if (own && step && plan.at(*step).step.action.kind)
      if (auto of_result = derived(*plan.at(*step).step.action.kind, root, *own)) return *std::move(of_result);
    if (root == "steps") return without_marks(steps_named(plan, state, step, named));
    if (root == "checks") {
      Value::Map checks;
      for (const auto& reference : named)
        if (reference.path.size() > 1 && reference.path[0] == "checks")
          if (const auto found = plan.find("preconditions:" + reference.path[1]))
            checks.emplace(reference.path[1], step_view(plan, state, *found));
      return without_marks(checks);
    }
    if (root == "was") {
      Value::Map was;
      for (const auto& reference : named) {
        if (reference.path.size() < 2 || reference.path[0] != "was") continue;
        const auto path = fmt::format("{}{}", path_prefix(Role::baseline), reference.path[1]);
        if (const auto found = plan.find(path)) was.emplace(reference.path[1], step_view(plan, state, *found));
        else if (const auto kept = plan.recorded.find(path); kept != plan.recorded.end())
          was.emplace(reference.path[1], kept->second);
      }
      return without_marks(was);
    }
    if (root == "run") {
      const auto status = state.finished ? state.finished : state.closing ? state.closing : state.settled;
      return Value(Value::Map{{"id", state.run_id},
                              {"operator", state.created.by.name},
                              {"started", Value(state.created_at)},
                              {"state", Value(name_of(status.value_or(RunStatus::running)))},
                              {"reason", state.stopping ? state.stopping->reason : std::string()}});
    }
    return base(root);
  };
}

std::string shown_text(const Plan& plan, const State& state, std::optional<StepIndex> step, unsigned unit, const Text& text) {
  return cel::preview(text.text, scope_of(plan, state, step, unit, text.text.references(), nullptr));
}

Result<std::string, std::string> expanded_text(const Plan& plan, const State& state, std::optional<StepIndex> step, unsigned unit,
                                               const Text& text) {
  const auto value = cel::expand(text.text, scope_of(plan, state, step, unit, text.text.references(), nullptr));
  if (!value) return failure(value.error());
  return to_text(*value);
}

Result<Value, std::string> resolved_field(const Plan& plan, const State& state, StepIndex step, const Field& field) {
  std::vector<cel::Reference> references;
  each_expression(field, [&](const cel::Expression& e, const TextMap&, std::size_t) {
    references.insert(references.end(), e.references().begin(), e.references().end());
  });
  return resolve(field, scope_of(plan, state, step, plan.at(step).step.unit, std::move(references), nullptr));
}

Result<Record, std::string> resolved_fields(const Plan& plan, const State& state, StepIndex step, const Fields& fields) {
  std::vector<cel::Reference> references;
  for (const auto& [name, field] : fields)
    each_expression(field, [&](const cel::Expression& e, const TextMap&, std::size_t) {
      references.insert(references.end(), e.references().begin(), e.references().end());
    });
  return resolve(fields, scope_of(plan, state, step, plan.at(step).step.unit, std::move(references), nullptr));
}

}  // namespace runbook
