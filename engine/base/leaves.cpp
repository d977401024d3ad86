#include "base/leaves.h"

namespace runbook {

Value with_leaves(const Value& value, const std::function<Value(const Value&)>& change) {
  if (const auto* items = value.list()) {
    Value::List out;
    for (const auto& item : *items) out.push_back(with_leaves(item, change));
    return out;
  }
  if (const auto* members = value.map()) {
    Value::Map out;
    for (const auto& [key, member] : *members) out.emplace(with_leaves(key, change), with_leaves(member, change));
    return out;
  }
  return change(value);
}

}  // namespace runbook
