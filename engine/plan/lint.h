// Advice about a plan that is valid: what an experienced colleague would say on reading it. One table of rules; a rule is a
// pure function of the plan, or of what one of its steps runs.
#pragma once
#include <span>
#include <variant>

#include "plan/plan.h"

namespace runbook {

// basic: what is probably a mistake. production: what else a runbook needs before others run it at night.
enum class Profile { basic, production };

// What a rule looks at: each step by itself, or the whole, which says nothing while a part of it is not known.
enum class LooksAt { steps, whole };

struct LintedCode;
using PlanCheck = void (*)(const Plan& plan, Diagnostics& advice);
using CodeCheck = void (*)(const LintedCode& linted, Diagnostics& advice);

struct LintRule {
  const Message* message;  // its code and words
  Profile profile;
  LooksAt looks_at;
  std::variant<PlanCheck, CodeCheck> check;
};
std::span<const LintRule> lint_rules();

// What the rules of this profile say, and only these: `production` comes on top of `basic`.
void lint(const Plan& plan, Profile profile, Diagnostics& advice);
// The same of a plan with errors, as far as it holds whatever becomes of them.
void lint_readable(Plan& plan, Diagnostics& advice);

}  // namespace runbook
