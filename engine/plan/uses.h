// The files that a runbook uses, each where it does, and what their variables are there: the same file may be used twice with
// other values, and a value that was not passed is the caller's or the file's own.
#pragma once
#include "plan/plan.h"

namespace runbook {

struct Use {
  unsigned unit;
  std::string in;  // the step that says `use`, "release" or "finally:tell"; else the list that does: "success", "after"
};
// In the order in which the files were read.
std::vector<Use> uses_of(const Plan& plan);

// A variable's value as far as it is known before the run: of one that is another for each element, what it is made from.
// Null: it has none.
Value value_before_run(const Plan& plan, const Variable& variable);
// "passed", "caller", "default", "asked", "unset".
std::string_view source_name(Variable::Source source);

// For the plan's JSON: file, place and variables of each use.
Value uses_value(const Plan& plan);

}  // namespace runbook
