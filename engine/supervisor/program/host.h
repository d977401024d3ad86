// The program's other role, on another host: a conversation on stdin and stdout with an engine at the other end of ssh
// (host_protocol.h). It owns nothing that matters: when the link is cut it ends, and the supervisors go on.
#pragma once
#include <string>

namespace runbook {

int serve_engine(const std::string& directory);  // the exit status

}  // namespace runbook
