#include <algorithm>

#include "cel/node.h"
#include "plan/lint_rules.h"
#include "plan/messages.h"

namespace runbook {
namespace {

using cel::Node;

std::string_view written(const cel::Expression& expression, const Node& node) {
  return std::string_view(expression.text()).substr(node.offset, node.length);
}

// Another part of the expression that looks whether the list has elements: size(L), L.exists(), L[0], L != [].
bool looks_into(const cel::Expression& expression, const Node& node, std::string_view list) {
  const auto is_list = [&](const Node& child) { return written(expression, child) == list; };
  const bool asks_size = node.kind == Node::Kind::call && node.name == "size";
  const bool asks_element =
      node.kind == Node::Kind::macro && (node.macro == cel::Macro::exists || node.macro == cel::Macro::exists_one);
  const bool compares = node.kind == Node::Kind::index || node.kind == Node::Kind::comparison;
  if ((asks_size || asks_element || compares) && !node.children.empty() && is_list(*node.children[0])) return true;
  return std::any_of(node.children.begin(), node.children.end(),
                     [&](const auto& child) { return child && looks_into(expression, *child, list); });
}

bool has_bound_name(const Node& node) {
  return node.slot >= 0 || std::any_of(node.children.begin(), node.children.end(),
                                       [](const auto& child) { return child && has_bound_name(*child); });
}

// One condition of one step, looked through.
struct LookedThrough {
  const Plan& plan;
  StepIndex step;
  const Condition& condition;
  Diagnostics& advice;

  // `is_wanted`: the whole becomes true when this does; under `!` an empty list makes it false, which hides nothing.
  void walk(const Node& node, bool is_wanted) const {
    if (node.kind == Node::Kind::macro && node.macro == cel::Macro::all && is_wanted) look_at(node);
    const bool turns = node.kind == Node::Kind::complement;
    for (const auto& child : node.children)
      if (child) walk(*child, turns ? !is_wanted : is_wanted);
  }
  void look_at(const Node& all) const {
    const auto& expression = condition.expression;
    const Node& range = *all.children[0];
    // `p.containers` in a macro over pods: whoever made the pods has filled it.
    if (has_bound_name(range)) return;
    const auto list = written(expression, range);
    if (looks_into(expression, *expression.root(), list)) return;
    const auto inner = cel::Expression::parse(list);
    const auto known = inner ? cel::compute(*inner, plan_scope(plan, step, plan.at(step).step.unit)) : failure(std::string());
    if (known && known->list() && !known->list()->empty()) return;
    advice.push_back(diagnose(messages::all_of_empty, condition.map.at(all.offset, all.length))
                         .helped(phrase("add `size({0}) > 0 &&`; or, if an empty list is as good, say `!{0}.exists(...)`",
                                        "`size({0}) > 0 &&` 을 추가하십시오. 빈 목록도 좋다면 `!{0}.exists(...)` 로 쓰십시오",
                                        std::string(list))));
  }
};

}  // namespace

void check_constant_when(const Plan& plan, Diagnostics& advice) {
  for (const auto& planned : plan.steps) {
    if (!planned.step.when) continue;
    const auto& expression = planned.step.when->expression;
    // Without any name: what it comes to then, it always comes to (`false && steps.x.ok`).
    const auto value = cel::compute(expression, [](std::string_view) { return std::optional<Value>(); });
    if (value && value->boolean())
      advice.push_back(diagnose(messages::unreachable_when, planned.step.when->map.at(0, expression.text().size()), planned.path,
                                *value->boolean() ? "true" : "false"));
  }
}

void check_all_of_empty(const Plan& plan, Diagnostics& advice) {
  for (StepIndex i = 0; i < plan.steps.size(); ++i)
    for (const auto* condition : {&plan.at(i).step.expect, &plan.at(i).step.when})
      if (*condition && (*condition)->expression.root() != nullptr)
        LookedThrough{plan, i, **condition, advice}.walk(*(*condition)->expression.root(), true);
}

}  // namespace runbook
