// What the module exports, and nothing else: its libraries' symbols must not meet those linked into the engine.
#pragma once

namespace runbook {

class Net;
using NetSeal = const char*();  // digest of the headers that engine and module share
using NetOpen = Net*();         // the one object of the module
inline constexpr const char* net_seal_name = "runbook_net_seal";
inline constexpr const char* net_open_name = "runbook_net_open";

}  // namespace runbook
