// CEL's equality and order: numbers lie on one line whatever their kind, other kinds are never equal to each other.
#pragma once
#include <compare>
#include <optional>

#include "cel/outcome.h"

namespace runbook::cel {

struct Equality {
  Budget& budget;
  bool met_nan = false;  // a NaN took part
  bool operator()(const Value& a, const Value& b);
};

bool is_numeric(const Value& value);
std::partial_ordering compare_numbers(const Value& a, const Value& b);  // both numeric
// Nothing: this pair of kinds has no order.
std::optional<std::partial_ordering> order(const Value& a, const Value& b);

// The entry of a map for a key, where 1, 1u and 1.0 are the same key.
const Value* find_key(const Value::Map& map, const Value& key);
bool can_be_key(const Value& key);

}  // namespace runbook::cel
