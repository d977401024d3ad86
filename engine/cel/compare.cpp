#include "cel/compare.h"

#include <cmath>

namespace runbook::cel {
namespace {

using Order = std::partial_ordering;

constexpr double two_63 = 9223372036854775808.0;
constexpr double two_64 = 18446744073709551616.0;

Order compare(std::int64_t a, std::uint64_t b) {
  if (a < 0) return Order::less;
  return static_cast<std::uint64_t>(a) <=> b;
}

// Beyond the range of the integers the double decides; within it the integer is rounded to a double, as cel-go and cel-cpp do.
Order compare(std::int64_t a, double b) {
  if (std::isnan(b)) return Order::unordered;
  if (b < -two_63) return Order::greater;
  if (b > two_63) return Order::less;
  return static_cast<double>(a) <=> b;
}

Order compare(std::uint64_t a, double b) {
  if (std::isnan(b)) return Order::unordered;
  if (b < 0) return Order::greater;
  if (b > two_64) return Order::less;
  return static_cast<double>(a) <=> b;
}

Order reversed(Order o) { return 0 <=> o; }

bool equal_maps(Equality& equal, const Value::Map& a, const Value::Map& b) {
  if (a.size() != b.size()) return false;
  for (const auto& [key, value] : a) {
    const auto* other = find_key(b, key);
    if (!other || !equal(value, *other)) return false;
  }
  return true;
}

bool equal_lists(Equality& equal, const Value::List& a, const Value::List& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!equal(a[i], b[i])) return false;
  return true;
}

// The integer that a double is exactly, as a key.
const Value* find_double(const Value::Map& map, double key) {
  if (std::trunc(key) != key) return nullptr;
  if (key >= -two_63 && key < two_63) {
    const auto found = map.find(Value(static_cast<std::int64_t>(key)));
    if (found != map.end()) return &found->second;
  }
  if (key >= 0 && key < two_64) {
    const auto found = map.find(Value(static_cast<std::uint64_t>(key)));
    if (found != map.end()) return &found->second;
  }
  return nullptr;
}

}  // namespace

bool is_numeric(const Value& v) { return v.integer() || v.unsigned_integer() || v.number(); }

std::partial_ordering compare_numbers(const Value& a, const Value& b) {
  if (const auto* x = a.integer()) {
    if (const auto* y = b.integer()) return *x <=> *y;
    if (const auto* y = b.unsigned_integer()) return compare(*x, *y);
    return compare(*x, *b.number());
  }
  if (const auto* x = a.unsigned_integer()) {
    if (const auto* y = b.integer()) return reversed(compare(*y, *x));
    if (const auto* y = b.unsigned_integer()) return *x <=> *y;
    return compare(*x, *b.number());
  }
  const double x = *a.number();
  if (const auto* y = b.integer()) return reversed(compare(*y, x));
  if (const auto* y = b.unsigned_integer()) return reversed(compare(*y, x));
  return x <=> *b.number();
}

bool Equality::operator()(const Value& a, const Value& b) {
  if (!budget.spend(1)) return false;
  if (is_numeric(a) && is_numeric(b)) {
    const auto o = compare_numbers(a, b);
    met_nan = met_nan || o == Order::unordered;
    return o == 0;
  }
  if (a.kind() != b.kind()) return false;
  if (const auto* list = a.list()) return equal_lists(*this, *list, *b.list());
  if (const auto* map = a.map()) return equal_maps(*this, *map, *b.map());
  if (const auto* text = a.string()) {
    budget.spend_bytes(text->size());
    return *text == *b.string();
  }
  return a == b;
}

std::optional<std::partial_ordering> order(const Value& a, const Value& b) {
  if (is_numeric(a) && is_numeric(b)) return compare_numbers(a, b);
  if (a.kind() != b.kind()) return {};
  if (const auto* x = a.boolean()) return *x <=> *b.boolean();
  if (const auto* x = a.string()) return *x <=> *b.string();
  if (const auto* x = a.bytes()) return x->data <=> b.bytes()->data;
  if (const auto* x = a.duration()) return x->count() <=> b.duration()->count();
  if (const auto* x = a.timestamp()) {
    const auto* y = b.timestamp();
    if (const auto seconds = x->seconds <=> y->seconds; seconds != 0) return seconds;
    return x->nanos <=> y->nanos;
  }
  return {};
}

bool can_be_key(const Value& key) { return key.boolean() || key.integer() || key.unsigned_integer() || key.string(); }

const Value* find_key(const Value::Map& map, const Value& key) {
  if (const auto* d = key.number()) return find_double(map, *d);
  auto found = map.find(key);
  if (found == map.end()) {
    if (const auto* i = key.integer(); i && *i >= 0) found = map.find(Value(static_cast<std::uint64_t>(*i)));
    if (const auto* u = key.unsigned_integer(); u && *u <= static_cast<std::uint64_t>(INT64_MAX))
      found = map.find(Value(static_cast<std::int64_t>(*u)));
  }
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace runbook::cel
