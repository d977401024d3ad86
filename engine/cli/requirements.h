// What a runbook's `requires` names and this machine does not have: looked for before anything else.
#pragma once
#include "cli/context.h"

namespace runbook {

std::vector<std::string> missing_requirements(const Context& context, const Plan& plan);  // sentences
// "./scripts/x.sh does not exist in DIR": of shell steps; warnings, errors when strict.
Diagnostics missing_scripts(const Plan& plan, bool strict);

}  // namespace runbook
