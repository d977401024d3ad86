// What a runbook's `requires` names and this machine does not have: looked for before anything else.
#pragma once
#include "cli/context.h"
#include "view/plan_screen.h"

namespace runbook {

MissingRequirements missing_requirements(const Context& context, const Plan& plan);
// "✗ the command vault is not in PATH": a line for each.
void tell_missing(const Context& context, const MissingRequirements& missing);
// "./scripts/x.sh does not exist in DIR": the scripts that shell steps call, what `file` of sql names, folders that are given as
// `cwd` from the file's; warnings, errors when strict.
Diagnostics missing_files(const Plan& plan, bool strict);

}  // namespace runbook
