// What a unit's expressions may read beside steps and results: vars.*, env.*, and secrets.* as marks.
#pragma once
#include "runbook/runbook.h"

namespace runbook {

cel::Scope unit_scope(const Unit& unit, const std::map<std::string, std::string, std::less<>>& environment);
// `${secrets.x}` resolves to this; the engine replaces it when a step starts, and nothing else ever shows the value.
std::string secret_mark(std::string_view name);

}  // namespace runbook
