// What a step has left of itself after its supervisor died: found by the leader's identity and by the attempt's mark in the
// environment, which also finds what left the session.
#pragma once
#include <optional>
#include <string>

#include "supervisor/records.h"

namespace runbook {

// The mark: "RUNBOOK_ATTEMPT=<nonce>" in the environment of every durable step.
std::string attempt_mark(const std::string& nonce);

// Kills it, once. What still lived then: "4711 sleep (root, S)"; empty: nothing is left.
std::string kill_remains(const std::string& mark, const std::optional<ProcessIdentity>& leader);

}  // namespace runbook
