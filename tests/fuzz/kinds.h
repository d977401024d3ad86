// The static sides of the kinds that action/kinds.cpp lists.
#pragma once
#include <span>

#include "runbook/action_kind.h"

namespace runbook::fuzz {

std::span<const ActionKind* const> kinds();

}  // namespace runbook::fuzz
