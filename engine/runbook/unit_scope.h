// What a unit's expressions may read beside steps and results: vars.*, env.*, and secrets.* as marks.
#pragma once
#include "runbook/runbook.h"

namespace runbook {

cel::Scope unit_scope(const Unit& unit, const std::map<std::string, std::string, std::less<>>& environment);
// `${secrets.x}` resolves to this; the engine replaces it when a step starts, and nothing else ever shows the value.
std::string secret_mark(std::string_view name);
// What came from outside (a step's output, an answer) without anything that could be taken for such a mark:
// a server that answers with one would be sent the secret by the next step.
Value without_marks(const Value& value);

}  // namespace runbook
