// Attempts that run as a process under a supervisor of their own: what shell steps are, and HTTP requests that change
// something. A kind only says which command it is; slot, script, lock, start, record and recovery are here.
#pragma once
#include <functional>
#include <memory>

#include "action/executor.h"

namespace runbook {

struct Command {
  std::vector<std::string> arguments;  // of the step's program; [0] is looked up in the step's PATH
  std::string script;                  // goes into the attempt's .sh file
  enum class Script { none, last_argument } takes = Script::none;
  bool hash_comments = true;  // the script's language knows `# ...`: the attempt's nonce stands at its end
};
// A failure is could_not_start. Called again on recovery, so it may depend on the fields only.
using CommandOf = std::function<Result<Command, Failure>(const AttemptContext&)>;

// The program beside the running one, opened now, so that an upgrade in mid-run changes nothing.
Result<Descriptor, Failure> open_supervisor();

// `supervisor` stays the caller's and must be open as long as the executor lives.
// Results: exit, stdout, stderr, duration, left. Facts: out_bytes, err_bytes, out_sha256, err_sha256, signal.
std::unique_ptr<Executor> make_supervised_executor(int supervisor, CommandOf command_of);

}  // namespace runbook
