// A step that failed, and one that nobody can be sure of: everything that is known, in the order in which it is needed.
#pragma once
#include <map>

#include "run/state.h"
#include "view/style.h"

namespace runbook {

// The end of what an attempt printed, read from its files by whoever may read them.
// of: how many lines there were
struct LastOutput {
  std::vector<std::string> lines;
  std::int64_t of = 0;
};
using OutputByPath = std::map<std::string, LastOutput, std::less<>>;

// Time, attempts, operands with their values, place, last lines.
std::vector<std::string> failure_lines(const Plan& plan, const State& state, StepIndex step, std::string_view run,
                                       const OutputByPath& output, const Style& style);
// "not true within 10m: checked 40 times, last at 22:11:46", or when its only attempt ran; empty where there was none.
std::string attempts_words(const Plan& plan, const State& state, StepIndex step, Language language);
// Command, started, last output, process state, the probe's result, what is known, the three answers.
// `process`: what is known of its processes now; empty: nothing was looked up.
std::vector<std::string> doubt_lines(const Plan& plan, const State& state, StepIndex step, std::string_view run,
                                     const OutputByPath& output, std::string_view process, const Style& style);
// `living`: the processes of the attempt that run now, described; the world is where it ran.
std::string process_words(bool same_world, const std::string& living, Language language);
// Of all that failed, but not of a thousand elements.
std::vector<std::string> all_failure_lines(const Plan& plan, const State& state, std::string_view run, const OutputByPath& output,
                                           const Style& style);
// Steps that failed by themselves: groups, and what was cancelled because of another, are left out.
std::vector<StepIndex> failed_steps(const Plan& plan, const State& state);
std::vector<StepIndex> rescued_steps(const Plan& plan, const State& state);
std::vector<StepIndex> doubtful_steps(const Plan& plan, const State& state);

}  // namespace runbook
