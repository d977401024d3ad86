// Whether an answer fits its question: the same for `runbook confirm`, the terminal and a flag given in advance.
#pragma once
#include <optional>
#include <string_view>

#include "run/event.h"

namespace runbook {

// The answer as the question wants it (an int, a duration, true for the right word); otherwise a sentence for whoever gave it.
// `item`: of a list of items, from 0; -1 otherwise. Not for approvals, nor for `resolve`.
Result<Value, std::string> fit_answer(const Waiting& asked, std::int64_t item, const Value& answer);

// What a word says to a question that asks for no value: those of a prompt, and `true` and `false`; nothing for any other.
std::optional<bool> parse_answer(std::string_view word);

// Whether it refuses; `false` to a question for a bool is its value.
bool is_no(const Waiting& asked, std::int64_t item, const Value& answer);

}  // namespace runbook
