// The scripts of a plan put before `bash -n` and, where it is installed, shellcheck: nothing of them is run.
#pragma once
#include "plan/plan.h"

namespace runbook {

struct ScriptCheck {
  Diagnostics diagnostics;
  std::string trouble;  // why not everything was checked; empty: it was
};
// A runbook is refused for what shells cannot read; what shellcheck says beside that is advice.
enum class Shellcheck { asked, left_out };
// `path`: where the shells are looked for, as PATH has it. What a missing shellcheck would have said is not missed.
ScriptCheck check_scripts(const Plan& plan, const std::string& path, Shellcheck shellcheck = Shellcheck::asked);

}  // namespace runbook
