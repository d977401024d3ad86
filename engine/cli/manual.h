// The manual pages runbook(1) and runbook(5) in roff (man macros), made from the command line's description and the key tables.
#pragma once
#include "cli/arguments.h"
#include "view/key_reference.h"

namespace runbook {

std::string manual_of_commands(const std::vector<CommandWords>& commands);
std::string manual_of_language(const std::vector<ReferencePart>& parts, Language language);

}  // namespace runbook
