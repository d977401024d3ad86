// What was copied from a terminal: commands behind their prompts, and what they printed.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "draft/script.h"

namespace runbook::draft {

struct TerminalSession {
  std::string commands;            // without prompts
  std::vector<std::size_t> lines;  // of the plan, for each line of `commands`
  std::vector<Said> printed;
  bool is_sql = false;    // of psql
  bool is_roots = false;  // told by `# ` alone, which begins a comment as well
};
// Of the word behind a fence: what is shown is a terminal.
bool is_of_terminals(std::string_view language);
// Nothing: there are no prompts in it, all of it is code. `language`: the word behind the fence.
std::optional<TerminalSession> read_session(std::string_view code, std::string_view language, std::size_t first_line);

}  // namespace runbook::draft
