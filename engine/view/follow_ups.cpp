#include "view/follow_ups.h"

#include "run/scope.h"
#include "view/step_words.h"

namespace runbook {
namespace {

template <class TextOf>
std::vector<FollowUpItem> collect(const Plan& plan, TextOf text_of) {
  std::vector<FollowUpItem> out;
  for (const auto& entry : plan.runbook.after) {
    const auto title = text_of(entry.unit, entry.title);
    if (entry.items.empty()) out.push_back({out.size() + 1, {}, title});
    for (const auto& item : entry.items) out.push_back({out.size() + 1, title, text_of(entry.unit, item)});
  }
  return out;
}

}  // namespace

std::vector<FollowUpItem> follow_ups(const Plan& plan) {
  return collect(plan, [&](unsigned unit, const Text& text) { return plan_text(plan, unit, text); });
}

std::vector<FollowUpItem> follow_ups(const Plan& plan, const State& state) {
  return collect(plan, [&](unsigned unit, const Text& text) { return shown(shown_text(plan, state, {}, unit, text)); });
}

std::string follow_up_summary(const Plan& plan) {
  std::vector<std::string> parts;
  for (const auto& entry : plan.runbook.after) {
    auto title = plan_text(plan, entry.unit, entry.title);
    if (!entry.items.empty()) title += fmt::format(" ({})", entry.items.size());
    parts.push_back(std::move(title));
  }
  return join(parts, ", ");
}

}  // namespace runbook
