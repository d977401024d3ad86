// The checks of the rules of lint.cpp, a file for each group; each adds what it finds.
#pragma once
#include "plan/plan.h"
#include "plan/step_code.h"

namespace runbook {

// What a step runs, read once for all the rules that look at it.
struct LintedCode {
  const Plan& plan;
  StepIndex step;
  const Action& action;
  const StepCode& code;
  bool is_undo;  // of the step
};

// lint_runbook.cpp: what the whole says of itself
void check_people(const Plan& plan, Diagnostics& advice);
void check_undo(const Plan& plan, Diagnostics& advice);
void check_unused_variables(const Plan& plan, Diagnostics& advice);
// lint_conditions.cpp: expressions that do not say what they seem to
void check_constant_when(const Plan& plan, Diagnostics& advice);
void check_all_of_empty(const Plan& plan, Diagnostics& advice);
// lint_commands.cpp: what scripts call
void check_rollout_undo_probe(const LintedCode& linted, Diagnostics& advice);
void check_rollout_undo_rerun(const LintedCode& linted, Diagnostics& advice);
void check_rollout_status(const Plan& plan, Diagnostics& advice);
void check_ssh_words(const LintedCode& linted, Diagnostics& advice);
void check_changes_unawares(const LintedCode& linted, Diagnostics& advice);
// lint_environment.cpp: what scripts take for granted
void check_not_passed(const LintedCode& linted, Diagnostics& advice);
void check_set_elsewhere(const LintedCode& linted, Diagnostics& advice);
// lint_lines.cpp: scripts whose lines YAML has joined
void check_joined_lines(const LintedCode& linted, Diagnostics& advice);
// lint_references.cpp: texts that look as if they named a value
void check_references(const LintedCode& linted, Diagnostics& advice);
void check_references_of_file(const Plan& plan, Diagnostics& advice);
// lint_blanks.cpp: what only looks like a blank
void check_odd_blanks(const LintedCode& linted, Diagnostics& advice);
// lint_read_only.cpp: what a server refuses to those who only read
void check_read_only_sql(const LintedCode& linted, Diagnostics& advice);
// lint_secrets.cpp: what others could read, or pretend to be
void check_literal_secrets(const Plan& plan, Diagnostics& advice);
void check_secrets_in_code(const LintedCode& linted, Diagnostics& advice);
void check_server_identity(const Plan& plan, Diagnostics& advice);
// lint_sql.cpp: what PostgreSQL and its client refuse when they are asked
void check_parameters(const LintedCode& linted, Diagnostics& advice);
void check_connections(const Plan& plan, Diagnostics& advice);

}  // namespace runbook
