// The JSON Schema (draft-07) of runbooks, made from the tables of keys: what an editor completes and underlines by.
// Looser than the reader, which knows names and types; stricter only where a number or a boolean is quoted.
#pragma once
#include <span>

#include "base/value.h"
#include "runbook/action_kind.h"

namespace runbook {

Value runbook_schema(std::span<const ActionKind* const> kinds);
// A schema as the file of schemas/ holds it.
std::string schema_text(const Value& schema);

}  // namespace runbook
