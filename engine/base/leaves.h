// What lists and maps are made of in the end, at whatever depth.
#pragma once
#include <functional>

#include "base/value.h"

namespace runbook {

// The same value with another one in place of each that is no list and no map; keys, too.
Value with_leaves(const Value& value, const std::function<Value(const Value&)>& change);

}  // namespace runbook
