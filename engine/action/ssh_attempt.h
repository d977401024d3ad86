// An attempt on another host: durable ones under the whole protocol of 3-execution.md, section 3, with the evidence there;
// light ones simply done again on the next connection.
#pragma once
#include "action/executor.h"
#include "action/ssh_link.h"

namespace runbook {

struct RemoteCommand {
  std::vector<std::string> arguments;  // of the interpreter; the script's file follows
  std::string script;
  Duration unreachable{};  // how long a host is waited for that was never reached, or was lost
};

enum class Begun { now, by_an_earlier_engine };
// An attempt whose files are not on record (`progress`) did nothing yet, whoever began it.
std::unique_ptr<ActiveAttempt> start_remote(AttemptContext context, RemoteCommand command, SshLink& link, Begun begun);

}  // namespace runbook
