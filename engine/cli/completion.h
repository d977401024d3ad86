// What may come next on a command line: commands and flags from the description that parses them, runbooks, runs, steps and
// variables from where they are. The shells' scripts ask for it with `runbook --complete WORDS...`.
#pragma once
#include "cli/terminal.h"

namespace runbook {

inline constexpr std::string_view complete_word = "--complete";

struct Candidate {
  std::string word, help;
};
// `words`: what stands behind `runbook` up to the cursor; the last one is being typed and may be empty. What ends in `=` goes on.
std::vector<Candidate> candidates(const std::vector<std::string>& words, Terminal& terminal);
// "WORD<TAB>HELP" lines.
std::string candidate_lines(const std::vector<Candidate>& all);

// For bash, zsh or fish; empty for another shell.
std::string_view completion_script(std::string_view shell);

}  // namespace runbook
