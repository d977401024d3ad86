// Attempts that run as a process under a supervisor of their own: what shell steps are, and HTTP requests that change
// something. A kind only says which command it is and what its end means; slot, script, lock, start, record and recovery
// are here.
#pragma once
#include <memory>

#include "action/supervised_result.h"

namespace runbook {

struct Command {
  std::vector<std::string> arguments;  // of the step's program; [0] is looked up in the step's PATH
  std::string script;                  // goes into the attempt's .sh file
  enum class Script { none, last_argument } takes = Script::none;
  bool hash_comments = true;  // the script's language knows `# ...`: the attempt's nonce stands at its end
  bool is_ours = false;       // the running program itself, as it was started, instead of arguments[0]
  std::string input;          // standard input; empty: /dev/null. Never on disk: it may hold secrets
};

struct SupervisedKind {
  // A failure is could_not_start. Called again on recovery, so it may depend on the fields only.
  Result<Command, Failure> (*command_of)(const AttemptContext&);
  Report (*report_of)(const AttemptContext&, const ExitRecord&, const KeptStream& out, const KeptStream& err);
  // For an attempt of which nothing runs any more and nothing is recorded: false where it certainly did nothing yet.
  bool (*may_have_begun)(const AttemptContext&);
};

// The program beside the running one, opened now, so that an upgrade in mid-run changes nothing.
Result<Descriptor, Failure> open_supervisor();

// `supervisor` stays the caller's and must be open as long as the executor lives.
// Results: exit, stdout, stderr, duration, left. Facts: out_bytes, err_bytes, out_sha256, err_sha256, signal.
std::unique_ptr<Executor> make_supervised_executor(int supervisor, const SupervisedKind& kind);

}  // namespace runbook
