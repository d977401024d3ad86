#include "cli/file_review.h"

#include <algorithm>

#include "cli/requirements.h"
#include "cli/script_check.h"

namespace runbook {
namespace {

void add(Diagnostics& to, Diagnostics further) {
  to.insert(to.end(), std::make_move_iterator(further.begin()), std::make_move_iterator(further.end()));
}

// shellcheck asks which names arrive from outside.
bool knows_all_names(const Plan& plan) {
  const auto is_known = [](Unread unread) { return !unread.has(Part::variables) && !unread.has(Part::environment); };
  return std::all_of(plan.runbook.units.begin(), plan.runbook.units.end(),
                     [&](const Unit& unit) { return is_known(unit.unread); }) &&
         std::all_of(plan.steps.begin(), plan.steps.end(), [&](const PlannedStep& planned) {
           return is_known(planned.step.unread) && (!planned.step.undo || is_known(planned.step.undo->unread));
         });
}

}  // namespace

Reviewed review_file(const Context& context, const Inputs& inputs, ScriptReaders readers, Digest digest) {
  Reviewed out = review(inputs, DiskFiles(inputs.limits.bytes), all_kinds(), digest);
  const auto& plan = out.plan ? out.plan : out.readable;
  if (!plan) return out;
  add(out.diagnostics, missing_files(*plan, inputs.strict));
  if (readers != ScriptReaders::none) {
    const auto path = inputs.environment.find("PATH");
    const bool asks_shellcheck = readers == ScriptReaders::shells_and_shellcheck && knows_all_names(*plan);
    auto scripts = check_scripts(*plan, path == inputs.environment.end() ? "/usr/bin:/bin" : path->second,
                                 asks_shellcheck ? Shellcheck::asked : Shellcheck::left_out);
    if (!scripts.trouble.empty()) context.terminal.line("runbook: " + inputs.shown + ": " + scripts.trouble);
    add(out.diagnostics, std::move(scripts.diagnostics));
  }
  in_order(out.diagnostics);
  return out;
}

}  // namespace runbook
