// What each command does; every one gives the exit code that its table promises.
#pragma once
#include "cli/context.h"

namespace runbook {

// run.cpp
ExitCode run_command(const Context& context);
ExitCode resume_command(const Context& context);
ExitCode undo_command(const Context& context);
// review.cpp: nothing is changed
ExitCode plan_command(const Context& context);
ExitCode check_command(const Context& context);
ExitCode list_command(const Context& context);
ExitCode explain_command(const Context& context);
// lint.cpp
ExitCode lint_command(const Context& context);
// history.cpp
ExitCode runs_command(const Context& context);
ExitCode show_command(const Context& context);
ExitCode logs_command(const Context& context);
ExitCode report_command(const Context& context);
// language.cpp
ExitCode schema_command(const Context& context);
ExitCode completion_command(const Context& context);
ExitCode keys_command(const Context& context);  // explain --keys
ExitCode man_command(const Context& context);
// new.cpp
ExitCode new_command(const Context& context);
// doctor.cpp
ExitCode doctor_command(const Context& context);
// watch.cpp
ExitCode watch_command(const Context& context);
// people.cpp
ExitCode confirm_command(const Context& context);
ExitCode approve_command(const Context& context);
ExitCode reject_command(const Context& context);
ExitCode eval_command(const Context& context);
ExitCode resolve_command(const Context& context);
ExitCode rerun_command(const Context& context);
ExitCode note_command(const Context& context);
// stop.cpp
ExitCode stop_command(const Context& context);
ExitCode pause_command(const Context& context);

}  // namespace runbook
