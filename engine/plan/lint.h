// Advice about a plan that is valid: what an experienced colleague would say on reading it. One table of rules; a rule is a
// pure function of the plan, or of what one of its steps runs.
#pragma once
#include <span>
#include <variant>

#include "plan/plan.h"

namespace runbook {

// basic: what is probably a mistake. production: what else a runbook needs before others run it at night.
enum class Profile { basic, production };

struct LintedCode;
using PlanCheck = void (*)(const Plan& plan, Diagnostics& advice);
using CodeCheck = void (*)(const LintedCode& linted, Diagnostics& advice);

struct LintRule {
  const Message* message;  // its code and words
  Profile profile;
  std::variant<PlanCheck, CodeCheck> check;
};
std::span<const LintRule> lint_rules();

// What the rules of this profile say, and only these: `production` comes on top of `basic`.
void lint(const Plan& plan, Profile profile, Diagnostics& advice);

}  // namespace runbook
