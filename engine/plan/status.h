// What a step and a run can have come to, and the words for it: in events, and in expressions as `steps.x.state`, `run.state`.
#pragma once
#include <array>
#include <string_view>

namespace runbook {

// rescuing: it failed, and what it says for that case is being done; rescued: that has succeeded.
enum class StepStatus { pending, running, waiting, in_doubt, rescuing, succeeded, failed, skipped, cancelled, rescued };
// finished: succeeded, failed, criteria_failed, refused, cancelled. Settled and still open: failed, criteria_failed, waiting, interrupted.
enum class RunStatus { running, waiting, interrupted, succeeded, failed, criteria_failed, refused, cancelled };

// In the order of the enums.
inline constexpr std::array<std::string_view, 10> step_status_words{"pending",   "running", "waiting", "in_doubt",  "rescuing",
                                                                    "succeeded", "failed",  "skipped", "cancelled", "rescued"};
inline constexpr std::array<std::string_view, 8> run_status_words{"running", "waiting",         "interrupted", "succeeded",
                                                                  "failed",  "criteria_failed", "refused",     "cancelled"};

}  // namespace runbook
