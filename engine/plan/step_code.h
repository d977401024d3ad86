// What a step runs, as the rules of lint look at it: the text of its script or argv, and the commands in it with their places.
#pragma once
#include "plan/shell_script.h"
#include "runbook/runbook.h"

namespace runbook {

struct StepCode {
  std::string text;                    // of all its code; of argv the words with blanks between them
  std::vector<ShellCommand> commands;  // of `shell` and `ssh`; where another interpreter reads it, none
  const TextMap* map = nullptr;        // from offsets in `text` to places; of argv nullptr: only the whole has a place
  Place at;
  Place place(std::size_t offset, std::size_t length) const { return map ? map->at(offset, length) : at; }
};
StepCode code_of(const Action& action);

// Only its script as it stands in the action; empty: it has none, or an argv.
struct Script {
  std::string_view text;
  const TextMap* map = nullptr;
  Place at;
};
Script script_of(const Action& action);

// "bash" of "/bin/bash -euo pipefail".
std::string_view program_of(std::string_view interpreter);

}  // namespace runbook
