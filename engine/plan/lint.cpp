#include "plan/lint.h"

#include <fmt/format.h>

#include <algorithm>

#include "plan/graph.h"
#include "plan/messages.h"

namespace runbook {
namespace {

bool mentions(const Field& field, std::string_view words) {
  if (const auto* code = std::get_if<Value>(&field.is))
    return code->string() != nullptr && code->string()->find(words) != std::string::npos;
  const auto* list = std::get_if<Field::List>(&field.is);
  if (list == nullptr) return false;
  std::string line;  // argv
  for (const auto& item : *list)
    if (const auto* text = std::get_if<Text>(&item.is)) line += text->text.text() + " ";
  return line.find(words) != std::string::npos;
}

bool rolls_out_back(const Step& step) {
  const auto& fields = step.action.fields;
  return std::any_of(fields.begin(), fields.end(), [](const auto& field) { return mentions(field.second, "rollout undo"); });
}

Diagnostic bad_elements(const PlannedStep& planned, const Phrase& why) {
  auto d = diagnose(messages::bad_elements, planned.step.for_each->list.at, why.en);
  d.text.ko = fmt::format(fmt::runtime(messages::bad_elements.ko), why.ko);
  return d;
}

}  // namespace

void lint(const Plan& plan, Diagnostics& advice) {
  const Place top{0, 1, 1, 1};
  if (!plan.runbook.is_part && plan.runbook.owner.text.text().empty())
    advice.push_back(diagnose(messages::no_owner, top, "owner"));
  if (!plan.runbook.is_part && plan.runbook.contact.text.text().empty())
    advice.push_back(diagnose(messages::no_owner, top, "contact"));
  for (StepIndex i = 0; i < plan.steps.size(); ++i) {
    const auto& planned = plan.at(i);
    if (planned.step.for_each)
      if (const auto list = known_list(plan, i))
        if (const auto elements = elements_of(*list); !elements) advice.push_back(bad_elements(planned, elements.error()));
    if (planned.role == Role::step && rolls_out_back(planned.step) && planned.step.rerun_safe)
      advice.push_back(diagnose(messages::undo_safe, planned.step.at));
    if (planned.role == Role::step && rolls_out_back(planned.step) && !planned.probe && !plan.is_undo)
      advice.push_back(diagnose(messages::undo_twice, planned.step.at, planned.path)
                           .helped(phrase("add a probe that compares the revision with the one before",
                                          "이전 리비전과 비교하는 probe 를 추가하십시오")));
    if (!planned.step.when) continue;
    const auto& expression = planned.step.when->expression;
    if (!expression.references().empty()) continue;
    const auto value = cel::compute(expression, [](std::string_view) { return std::optional<Value>(); });
    if (value && value->boolean())
      advice.push_back(diagnose(messages::unreachable_when, planned.step.when->map.at(0, expression.text().size()), planned.path,
                                *value->boolean() ? "true" : "false"));
  }
}

}  // namespace runbook
