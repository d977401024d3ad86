// `--plan`: everything an operator and an approver must see before anything changes, on one screen.
#pragma once
#include <optional>

#include "run/state.h"
#include "view/style.h"

namespace runbook {

struct SecretPresence {
  // A command that prints a secret is not run for a plan: only its program was looked for.
  enum class Is { found, missing, behind_a_command };
  std::string name;
  Is is;
};

// What `requires` names and this machine does not have.
struct MissingRequirements {
  std::vector<std::string> environment, commands;
  bool empty() const { return environment.empty() && commands.empty(); }
};

// What the screen needs beside the plan.
struct PlanFacts {
  std::vector<SecretPresence> secrets;
  std::optional<MissingRequirements> missing;  // nothing: it was not looked for
  bool checked = false;                        // preconditions and criteria were evaluated: `checks` holds their verdicts
  std::string file_hash;                       // of the file named; sha256
  std::string how_to_run;                      // the command that runs exactly this plan
  Diagnostics warnings;
};

std::string plan_screen(const Plan& plan, const State* checks, const PlanFacts& facts, const Style& style);
// Parts of it, also shown elsewhere.
std::vector<std::string> step_table(const Plan& plan, Role role, const Style& style);
// `checks` may be null: then the list alone.
std::vector<std::string> check_table(const Plan& plan, Role role, const State* checks, const Style& style);
std::vector<std::string> variable_lines(const Plan& plan, const Style& style);

}  // namespace runbook
