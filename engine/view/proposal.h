// A command that a screen proposes, and what it does where that cannot be read from the command itself.
#pragma once
#include <string>
#include <vector>

namespace runbook {

struct Proposal {
  std::string command, meaning;  // the meaning may be empty
};

// One line each, with the meanings below each other; a line can be pasted as it is: to a shell a meaning is a comment.
std::vector<std::string> proposal_lines(const std::vector<Proposal>& proposals);

}  // namespace runbook
