#include "plan/lint.h"

#include "plan/messages.h"

namespace runbook {
namespace {

bool mentions(const PlannedStep& planned, std::string_view words) {
  return planned.description.find(words) != std::string::npos;
}

}  // namespace

void lint(const Plan& plan, Diagnostics& advice) {
  const Place top{0, 1, 1, 1};
  if (plan.runbook.owner.text.text().empty()) advice.push_back(diagnose(messages::no_owner, top, "owner"));
  if (plan.runbook.contact.text.text().empty()) advice.push_back(diagnose(messages::no_owner, top, "contact"));
  for (const auto& planned : plan.steps) {
    if (planned.role == Role::step && planned.kind == "shell" && mentions(planned, "rollout undo") && !planned.probe)
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
