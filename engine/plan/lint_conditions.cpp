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

// `steps.backup.state == "failed"`: "backup"; empty where it asks something else.
std::string_view asked_for_failure(const cel::Expression& expression, const Node& node) {
  if (node.kind != Node::Kind::comparison || node.op != cel::Operator::equal) return {};
  const bool turned = node.children[0]->kind == Node::Kind::literal;
  const Node &state = *node.children[turned ? 1 : 0], &word = *node.children[turned ? 0 : 1];
  if (word.kind != Node::Kind::literal || word.value != Value("failed")) return {};
  auto text = written(expression, state);
  for (const std::string_view part : {"steps.", ".state"}) {
    const bool leads = part.front() != '.';
    if (!(leads ? text.starts_with(part) : text.ends_with(part))) return {};
    leads ? text.remove_prefix(part.size()) : text.remove_suffix(part.size());
  }
  return text.find_first_of(".[") == std::string_view::npos ? text : std::string_view();
}

bool is_in_rescue(const Plan& plan, StepIndex i) {
  for (std::optional<StepIndex> at = i; at; at = plan.at(*at).parent)
    if (plan.at(*at).is_rescue) return true;
  return false;
}

// A failure that nobody handles ends the run, so that no other step ever sees it.
void look_for_unseen_failure(const Plan& plan, StepIndex i, const Node& node, Diagnostics& advice) {
  const auto& planned = plan.at(i);
  const auto& when = *planned.step.when;
  if (node.kind == Node::Kind::conjunction)
    for (const auto& child : node.children) look_for_unseen_failure(plan, i, *child, advice);
  const auto id = asked_for_failure(when.expression, node);
  if (id.empty()) return;
  // The nearest of that name: beside it, or beside a group that it stands in.
  for (auto slash = planned.path.rfind('/');; slash = slash == 0 ? std::string::npos : planned.path.rfind('/', slash - 1)) {
    const auto path = (slash == std::string::npos ? "" : planned.path.substr(0, slash + 1)) + std::string(id);
    const auto failing = plan.find(path);
    if (failing && plan.at(*failing).step.unit == planned.step.unit) {
      const auto& step = plan.at(*failing).step;
      if (plan.at(*failing).role == Role::step && step.on_fail == OnFail::stop)
        advice.push_back(
            diagnose(messages::unreachable_when, when.map.at(node.offset, node.length), planned.path, "false")
                .noted(step.at,
                       phrase("where `{}` fails, nothing more is started", "`{}` 가 실패하면 더는 시작하지 않습니다", path))
                .helped(phrase("put what is then to be done into `rescue:` of `{0}`, or give `{0}` `on_fail: continue`",
                               "그때 할 일을 `{0}` 의 `rescue:` 에 넣거나, `{0}` 에 `on_fail: continue` 를 쓰십시오", path)));
      return;
    }
    if (slash == std::string::npos) return;
  }
}

}  // namespace

void check_constant_when(const Plan& plan, Diagnostics& advice) {
  for (StepIndex i = 0; i < plan.steps.size(); ++i) {
    const auto& planned = plan.at(i);
    if (!planned.step.when) continue;
    const auto& expression = planned.step.when->expression;
    if (planned.role == Role::step && !plan.is_undo && expression.root() != nullptr && !is_in_rescue(plan, i))
      look_for_unseen_failure(plan, i, *expression.root(), advice);
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
