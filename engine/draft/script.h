// A block of shell code of a plan, cut where its comments cut it: each paragraph under a comment is a command for itself.
#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace runbook::draft {

struct Said {
  std::string text;
  std::size_t line = 0;  // of the plan, from 1
};

struct ScriptPart {
  Said title;               // the comment above; may be empty
  std::vector<Said> notes;  // comments below: an expected answer, an example
  std::string code;         // without comments at its ends
  std::size_t line = 0;
};
// A variable that the plan gives a value, and nothing else stands beside it.
struct Assignment {
  std::string name, value;
  Said comment;
  std::size_t line = 0;
};
struct Script {
  std::vector<ScriptPart> parts;
  std::vector<Assignment> assignments;
  std::vector<Said> notes;  // comments that stand above no command
};
// One part where cutting could change what the code means: blocks, here-documents, a `cd` that the rest relies on.
Script read_script(std::string_view code, std::size_t first_line);

bool has_open_quote(std::string_view code);

// Upper-case names that the code reads from its environment, and those that it sets itself.
std::set<std::string> names_read(std::string_view code);
std::set<std::string> names_set(std::string_view code);
// What must be in PATH: first words of lines that are plain commands.
std::set<std::string> commands_in(std::string_view code);
// "rollout_undo": a name for the step from its first command; empty when none can be made.
std::string name_from_command(std::string_view code);
// Of a title in Latin letters: "restart_service"; empty when none can be made.
std::string name_from_title(std::string_view title);

}  // namespace runbook::draft
