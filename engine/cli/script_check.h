// The scripts of a plan put before `bash -n` and, where it is installed, shellcheck: nothing of them is run.
#pragma once
#include "plan/plan.h"

namespace runbook {

struct ScriptCheck {
  Diagnostics diagnostics;
  std::string trouble;  // why not everything was checked; empty: it was
};
// `path`: where the shells are looked for, as PATH has it. What a missing shellcheck would have said is not missed.
ScriptCheck check_scripts(const Plan& plan, const std::string& path);

}  // namespace runbook
