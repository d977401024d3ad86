// What differs between two plans of one runbook, in the words of whoever wrote it: steps by their paths, the rest by its key.
#pragma once
#include "plan/plan.h"

namespace runbook {

enum class Differs { added, removed, changed };

struct ChangedField {
  std::string name;  // "script", "needs"; empty: it has no fields, only a value
  Value before, after;
};
struct Difference {
  std::string name;  // "data/restore", "success:health"; "vars.tag", "connections.db", "lock"
  Differs how{};
  std::vector<ChangedField> fields;  // of what was changed
};

// In the order of `to`, what was removed last. Of a `for_each` what is written once for all elements.
std::vector<Difference> different_steps(const Plan& from, const Plan& to);
// Variables, connections, secrets, environment, locks, folders, texts of the head.
std::vector<Difference> different_parts(const Plan& from, const Plan& to);

// What differs between two definitions of one step. The order alone (`needs`) is no part of what a step does.
std::vector<ChangedField> different_fields(const Plan& from, StepIndex before, const Plan& to, StepIndex after);
bool does_otherwise(const std::vector<ChangedField>& fields);

}  // namespace runbook
