// The reference of the language on a terminal, made from the tables of keys.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "runbook/action_kind.h"
#include "view/style.h"

namespace runbook {

// Every key: described where it first may stand, named where it also may.
std::string key_reference(std::span<const ActionKind* const> kinds, const Style& style);
// One key, or one kind of step, with the places where it may stand, its default and an example. Empty: there is none.
std::string key_reference(std::span<const ActionKind* const> kinds, std::string_view name, const Style& style);
// Keys and kinds, each once, in the order of the reference.
std::vector<std::string> reference_names(std::span<const ActionKind* const> kinds);

}  // namespace runbook
