// Advice about a plan that is valid: what an experienced colleague would say on reading it. One table of rules; a rule is a
// pure function of the plan.
#pragma once
#include <span>

#include "plan/plan.h"

namespace runbook {

// basic: what is probably a mistake. production: what else a runbook needs before others run it at night.
enum class Profile { basic, production };

struct LintRule {
  const Message* message;  // its code and words
  Profile profile;
  void (*check)(const Plan& plan, Diagnostics& advice);
};
std::span<const LintRule> lint_rules();

// What the rules of this profile say, and only these: `production` comes on top of `basic`.
void lint(const Plan& plan, Profile profile, Diagnostics& advice);

}  // namespace runbook
