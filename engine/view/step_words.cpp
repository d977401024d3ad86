#include "view/step_words.h"

#include "plan/critical_path.h"
#include "plan/times.h"
#include "runbook/unit_scope.h"
#include "view/sentences.h"

namespace runbook {
namespace {

constexpr Sentence changes_none{"none", "없음"},
    changes_unsaid{"not declared: it may change things", "적혀 있지 않음: 무언가 바뀔 수 있음"},
    reads_in_transaction{"none (read-only transaction)", "없음 (읽기 전용 트랜잭션)"};

// What a run has added stands behind all steps, and is shown where it belongs.
void add_with_all(const Plan& plan, StepIndex i, std::vector<StepIndex>& out) {
  out.push_back(i);
  for (const auto child : plan.at(i).children) add_with_all(plan, child, out);
  if (plan.at(i).rescue) add_with_all(plan, *plan.at(i).rescue, out);
}

}  // namespace

std::string plan_text(const Plan& plan, unsigned unit, const Text& text) {
  return shown(cel::preview(text.text, unit_scope(plan.runbook.units[unit], plan.environment)));
}

std::string step_text(const Plan& plan, StepIndex i, const Text& text) {
  return shown(cel::preview(text.text, plan_scope(plan, i, plan.at(i).step.unit)));
}

std::string title_of(const Plan& plan, StepIndex i) { return step_text(plan, i, plan.at(i).step.title); }

std::string named(const Plan& plan, StepIndex i) {
  const auto title = title_of(plan, i);
  return title.empty() ? plan.at(i).path : fmt::format("{} ({})", plan.at(i).path, title);
}

std::string changes_of(const Plan& plan, StepIndex i, Language language) {
  const auto& planned = plan.at(i);
  if (planned.step.changes == Changes::says) return step_text(plan, i, *planned.step.changes_text);
  if (planned.reads) return std::string((planned.kind == "sql" ? reads_in_transaction : changes_none).in(language));
  return std::string(changes_unsaid.in(language));
}

std::string expected_of(const PlannedStep& step) {
  const auto& of_element = step.step.of_element;
  if (step.is_pattern && of_element && of_element->expected) return shown(of_element->expected->text.text());
  if (!step.step.expected) return {};
  const auto& [low, high] = *step.step.expected;
  return low == high ? format_duration(low) : format_duration(low) + ".." + format_duration(high);
}

std::string limit_of(const PlannedStep& step) {
  if (step.step.is_group) return "";
  return shown(time_words(step, step.retries ? &ElementTimes::limit : &ElementTimes::timeout, longest_duration(step)));
}

bool asks_people(const PlannedStep& step) { return step.step.action.kind && step.step.action.kind->asks_people; }

std::string_view rerun_of(const PlannedStep& step) {
  if (step.step.is_group || asks_people(step)) return "";
  if (step.reads || step.step.rerun_safe) return "safe";
  return step.probe ? "probe" : "ask";
}

std::vector<StepIndex> steps_of(const Plan& plan, Role role) {
  std::vector<StepIndex> out;
  for (StepIndex i = 0; i < plan.steps.size(); ++i)
    if (plan.at(i).role == role && !plan.at(i).parent) add_with_all(plan, i, out);
  return out;
}

int depth_of(const Plan& plan, StepIndex i) {
  int depth = 0;
  for (auto parent = plan.at(i).parent; parent; parent = plan.at(*parent).parent) ++depth;
  return depth;
}

std::string short_path(const PlannedStep& step) {
  const auto prefix = path_prefix(step.role);
  return step.path.starts_with(prefix) ? step.path.substr(prefix.size()) : step.path;
}

std::string place_words(const Plan& plan, Place at) {
  if (at.line == 0 || at.file >= plan.runbook.sources.size()) return {};
  return fmt::format("{}:{}:{}", plan.runbook.sources[at.file].name, at.line, at.column);
}

}  // namespace runbook
