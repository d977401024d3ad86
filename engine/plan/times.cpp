#include "plan/times.h"

#include <algorithm>

#include "runbook/element_times.h"

namespace runbook {
namespace {

// Criteria without `retry` are tried for a minute: right after a rollback pods of the old version are still going away.
// It is for becoming true; what must then hold is given that time too.
constexpr Duration criterion_limit = std::chrono::minutes(1);

}  // namespace

void set_times(PlannedStep& planned, const Defaults& defaults) {
  const Step& step = planned.step;
  const bool is_check = planned.role != Role::step && planned.role != Role::cleanup;
  planned.timeout = step.timeout.value_or(is_check ? defaults.check_timeout : defaults.timeout);
  planned.retry = step.retry ? *step.retry : Retry{defaults.every, {}};
  if (planned.role == Role::criterion && !step.retry)
    planned.retry.limit = step.hold ? std::max(criterion_limit, planned.timeout) + *step.hold : criterion_limit;
  if (step.hold && !planned.retry.limit && planned.role != Role::watch) planned.retry.limit = planned.timeout + *step.hold;
  planned.retries = planned.retry.limit.has_value();
}

Result<void, Phrase> set_times_of_element(Plan& plan, StepIndex step) {
  auto& planned = plan.steps[step];
  if (!planned.step.of_element) return {};
  Step timed = planned.step;
  if (const auto taken = take_times(timed, plan_scope(plan, step, timed.unit)); !taken) return taken;
  planned.step = std::move(timed);
  set_times(planned, plan.unit_of(step).defaults);
  return {};
}

void take_longest_times(Plan& plan, StepIndex for_each, const std::vector<Element>& elements) {
  for (StepIndex i = plan.at(for_each).children[0]; i < plan.steps.size() && plan.at(i).is_pattern; ++i) {
    if (!plan.at(i).step.of_element) continue;
    std::optional<Step> longest;
    for (std::size_t n = 0; n < elements.size(); ++n) {
      Step one = plan.at(i).step;
      const auto place = std::make_shared<const ElementPlace>(
          ElementPlace{elements[n], static_cast<std::int64_t>(n), plan.at(for_each).step.unit});
      if (!take_times(one, element_scope(plan.runbook.units, one.unit, plan.environment, place))) return;
      if (!longest) {
        longest = std::move(one);
        continue;
      }
      longest->timeout = std::max(longest->timeout, one.timeout);
      longest->hold = std::max(longest->hold, one.hold);
      if (one.retry) longest->retry->limit = std::max(longest->retry->limit, one.retry->limit);
      if (one.expected && one.expected->high > longest->expected->high) longest->expected = one.expected;
    }
    if (longest) plan.steps[i].step = *std::move(longest);
    set_times(plan.steps[i], plan.unit_of(i).defaults);
  }
}

std::string time_words(const PlannedStep& planned, std::optional<Text> ElementTimes::*which, Duration known) {
  const auto& written = planned.step.of_element;
  if (planned.is_pattern && written && (*written).*which) return ((*written).*which)->text.text();
  return format_duration(known);
}

Result<void, Phrase> times_of_elements(const Plan& plan, StepIndex for_each, const std::vector<Element>& elements) {
  for (StepIndex i = plan.at(for_each).children[0]; i < plan.steps.size() && plan.at(i).is_pattern; ++i) {
    const auto& written = plan.at(i).step;
    std::vector<const Step*> all{&written};
    if (written.undo) all.push_back(written.undo.get());
    for (const auto* one : all)
      for (std::size_t n = 0; one->of_element && n < elements.size(); ++n) {
        const auto place = std::make_shared<const ElementPlace>(
            ElementPlace{elements[n], static_cast<std::int64_t>(n), plan.at(for_each).step.unit});
        Step timed = *one;
        const auto taken = take_times(timed, element_scope(plan.runbook.units, written.unit, plan.environment, place));
        if (taken) continue;
        const auto& why = taken.error();
        auto wrong = phrase("element `{}`: {}", "요소 `{}`: {}", elements[n].key, why.en);
        wrong.ko = fmt::format("요소 `{}`: {}", elements[n].key, why.ko);
        return failure(std::move(wrong));
      }
  }
  return {};
}

}  // namespace runbook
