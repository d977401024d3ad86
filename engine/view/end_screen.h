// What every command that ends a run prints: the verdict, why, what changed and what did not, who must answer what,
// the exact next commands, and whom to call.
#pragma once
#include "view/failure.h"
#include "view/proposal.h"

namespace runbook {

struct EndFacts {
  OutputByPath output;                                        // last lines of failed and doubtful steps, by path
  std::map<std::string, std::string, std::less<>> processes;  // of doubtful steps: what is known of their processes now
  std::string again;                                          // the command that runs the same once more; empty: not known here
};

std::string end_screen(const Plan& plan, const State& state, const std::string& run, const EndFacts& facts, const Style& style);
// Heading and all that is known of each step in doubt; empty when there is none.
std::vector<std::string> doubtful_lines(const Plan& plan, const State& state, const std::string& run, const EndFacts& facts,
                                        const Style& style);
// Criteria with verdict, expected and actual values; empty when the plan has none.
std::vector<std::string> criteria_lines(const Plan& plan, const State& state, const Style& style);
// "changed", "possibly changed", "not changed": each with its steps.
std::vector<std::string> effect_lines(const Plan& plan, const State& state, const Style& style);
// What can be done now, one command each; answers stand with their questions.
std::vector<Proposal> next_commands(const Plan& plan, const State& state, const std::string& run, const EndFacts& facts,
                                    Language language);
// Their lines, behind "next".
std::vector<std::string> next_lines(const std::vector<Proposal>& commands, const Style& style);
// One line: "failed: 3 of 12 steps ...".
std::string verdict_line(const Plan& plan, const State& state, const std::string& run, const Style& style);

}  // namespace runbook
