// Any file that is a runbook: planned, and its undo as well; of one with errors what else is wrong with it.
#include "plan/plan.h"

#include <cstdlib>

#include "plan/plan_value.h"
#include "tests/fuzz/kinds.h"
#include "tests/fuzz/one_file.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace runbook;
  const fuzz::OneFile files(std::string(reinterpret_cast<const char*>(data), size));
  auto reading = read_runbook(fuzz::inputs_of_fuzzed(), files, fuzz::kinds());
  if (reading.readable) {
    const auto looked_through = make_plan(std::move(*reading.readable), {}, Digest::left_out);
    if (looked_through.plan || !looked_through.readable) std::abort();
    for (const auto& one : looked_through.diagnostics)
      if (render(one, reading.sources, {}).empty()) std::abort();
  }
  if (!reading.runbook) return 0;
  const Runbook book = *reading.runbook;
  const auto planning = make_plan(std::move(*reading.runbook), {});
  if (planning.plan.has_value() == has_errors(planning.diagnostics)) std::abort();
  for (const auto& one : planning.diagnostics)
    if (render(one, reading.sources, {}).empty()) std::abort();
  if (!planning.plan) return 0;
  const Plan& plan = *planning.plan;
  std::vector<std::string> started;
  for (StepIndex i = 0; i < plan.steps.size(); ++i) {
    if (plan.find(plan.at(i).path) != i) std::abort();
    if (plan.at(i).has_undo && !plan.at(i).is_pattern) started.push_back(plan.at(i).path);
  }
  if (plan.digest != (plan.runbook.unanswered.empty() ? plan_digest(plan) : "")) std::abort();
  const auto undo = make_undo_plan(book, {}, started, {});
  if (undo.plan && undo.plan->steps.size() < started.size()) std::abort();
  return 0;
}
