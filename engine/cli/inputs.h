// From flags, files and questions to the inputs of a runbook.
#pragma once
#include "cli/context.h"

namespace runbook {

// `--var`, `--vars`, the environment; nothing is asked yet.
Result<Inputs, ExitCode> gather_inputs(const Context& context, const std::string& file);
// Asks for what was not given, candidates shown; where nobody can be asked, the exit code after naming `--var`.
Result<void, ExitCode> ask_missing(const Context& context, Inputs& inputs);
// What `--confirm --answer --with --without` say in advance, as the engine takes it; the error was said.
Result<Record, ExitCode> answers_in_advance(const Context& context, const Plan& plan);
// One line from the terminal; nothing at its end.
std::optional<std::string> read_line(const Context& context, const std::string& prompt);
// The go/no-go question; yes where nobody can be asked, and with --yes.
bool agreed(const Context& context, const std::string& question);

}  // namespace runbook
