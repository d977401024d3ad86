#include "tests/run/amendment_model.h"

#include <algorithm>

namespace runbook::tests {
namespace {

// A path of the run as it would be found in the plan as written: the elements of a list are known by their pattern.
const PlannedStep* in(const Plan& plan, const std::string& path) {
  const auto found = plan.find(path.find('[') == std::string::npos ? path : written_path(path));
  return found ? &plan.at(*found) : nullptr;
}
bool is_like(const PlannedStep& a, const PlannedStep& b) {
  return a.step.is_group == b.step.is_group && a.step.for_each.has_value() == b.step.for_each.has_value();
}
bool nobody_answered(const StepState& s) {
  return s.question && !s.question->answer && s.question->approvals.empty() &&
         std::none_of(s.question->items.begin(), s.question->items.end(), [](const auto& item) { return item.has_value(); });
}
std::string script_of(const PlannedStep& planned) {
  const auto found = planned.step.action.fields.find("script");
  const auto* value = found == planned.step.action.fields.end() ? nullptr : std::get_if<Value>(&found->second.is);
  return value ? to_text(*value) : "";
}

}  // namespace

std::string wrong_decision(const State& before, const Plan& to, const Amendment& amendment, const Rules& rules) {
  const Plan& from = before.plan();
  std::string must_refuse;
  bool may_refuse = false;
  for (StepIndex i = 0; i < from.steps.size(); ++i) {
    const auto& planned = from.at(i);
    const auto& s = before.steps[i];
    if (s.open && !planned.reads) must_refuse = planned.path + " runs";
    if (s.status == StepStatus::in_doubt && !(s.question && s.question->answer)) must_refuse = planned.path + " is in doubt";
    if (planned.owner || planned.is_pattern) continue;
    const auto* now = in(to, planned.path);
    const bool was_asked = s.first_started.has_value();  // it may have been withdrawn, or not answered in time
    if (!rules.is_on_record(planned.path) && !was_asked) continue;
    const bool only_asked = s.status == StepStatus::waiting && !rules.is_on_record(planned.path) && nobody_answered(s);
    if (now == nullptr && !only_asked) must_refuse = planned.path + " has run and is gone";
    if (now == nullptr) continue;
    if (!is_like(planned, *now) && !only_asked) must_refuse = planned.path + " is another thing";
    may_refuse = may_refuse || planned.step.action.kind != now->step.action.kind || s.status == StepStatus::rescuing;
    const bool stays = s.status == StepStatus::succeeded && planned.role == Role::step && !only_asked;
    if (stays && planned.step.action.kind != now->step.action.kind) must_refuse = planned.path + " is of another kind";
  }
  if (!must_refuse.empty() && amendment.obstacles.empty()) return "it is amended though " + must_refuse;
  if (must_refuse.empty() && !may_refuse && !amendment.obstacles.empty())
    return "amending is refused without need: " + amendment.obstacles[0].text.en;
  return "";
}

std::string wrong_amendment(const State& before, const State& after) {
  const Plan &from = before.plan(), &to = after.plan();
  if (after.open_attempts != 0) return "an attempt is open behind an amendment";
  std::set<std::size_t> numbers;
  for (StepIndex i = 0; i < to.steps.size(); ++i) {
    const auto& planned = to.at(i);
    const auto& now = after.steps[i];
    if (!numbers.insert(planned.number).second) return planned.path + " shares its number with another";
    const auto old = from.find(planned.path);
    if (!old) {
      if (now.attempts != 0) return planned.path + " is new and has been tried";
      continue;
    }
    const auto& was = before.steps[*old];
    if (planned.number != from.at(*old).number) return planned.path + " is another number's";
    if (now.attempts != was.attempts) return planned.path + " has lost count of its attempts";
    if (planned.owner || planned.is_pattern || planned.role != Role::step || planned.step.is_group) continue;
    const bool is_approval = planned.step.action.kind && planned.step.action.kind->name == "approve";
    bool is_in_a_rescue = false;  // which is done again with its step
    for (std::optional<StepIndex> at = i; at; at = to.at(*at).parent) is_in_a_rescue = is_in_a_rescue || to.at(*at).is_rescue;
    if (was.status == StepStatus::succeeded && !is_approval && !is_in_a_rescue && now.status != StepStatus::succeeded)
      return planned.path + " has succeeded and does not stay so";
    const bool failed =
        was.status == StepStatus::failed && planned.step.on_fail == OnFail::stop && !planned.parent && !planned.rescue;
    if (failed && from.at(*old).step.on_fail == OnFail::stop && script_of(from.at(*old)) != script_of(planned) &&
        now.status != StepStatus::pending)
      return planned.path + " has failed, does otherwise now, and does not begin anew";
    if (!is_approval || now.status != StepStatus::succeeded || !now.lasting.contains("by")) continue;
    bool is_left_behind = false;  // it stands in what did not end well, and was gone on from
    for (auto at = planned.parent; at; at = to.at(*at).parent)
      is_left_behind = is_left_behind || (is_ended(after.steps[*at].status) && after.steps[*at].status != StepStatus::succeeded);
    if (is_left_behind) continue;
    // It still holds: nothing that stands behind it is yet to come.
    std::set<StepIndex> seen;
    std::vector<StepIndex> way;
    for (std::optional<StepIndex> at = i; at; at = to.at(*at).parent) way.push_back(*at);
    while (!way.empty()) {
      const auto at = way.back();
      way.pop_back();
      for (const auto next : to.at(at).dependents) {
        if (!is_ended(after.steps[next].status))
          return planned.path + " was approved before, and still lets start " + to.at(next).path;
        if (seen.insert(next).second) way.push_back(next);
      }
    }
  }
  return "";
}

}  // namespace runbook::tests
