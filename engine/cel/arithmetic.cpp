#include "cel/arithmetic.h"

#include <fmt/format.h>

#include "cel/brief.h"
#include "cel/moment.h"

namespace runbook::cel {
namespace {

using K = Value::Kind;

Fault overflow(Operator op, const Value& a, const Value& b) {
  return {fmt::format("overflow: {} {} {}", brief(a), spelling(op), brief(b))};
}

template <class T>
Outcome integers(Operator op, T x, T y, const Value& a, const Value& b) {
  T result{};
  bool wrong = false;
  switch (op) {
    case Operator::add: wrong = __builtin_add_overflow(x, y, &result); break;
    case Operator::subtract: wrong = __builtin_sub_overflow(x, y, &result); break;
    case Operator::multiply: wrong = __builtin_mul_overflow(x, y, &result); break;
    default:
      if (y == 0) return Fault{fmt::format("division by zero: {} {} 0", brief(a), spelling(op))};
      // The one quotient that does not fit.
      if constexpr (std::is_signed_v<T>)
        if (x == INT64_MIN && y == -1) return overflow(op, a, b);
      result = op == Operator::divide ? x / y : x % y;
  }
  if (wrong) return overflow(op, a, b);
  return Value(result);
}

Value doubles(Operator op, double x, double y) {
  switch (op) {
    case Operator::add: return x + y;
    case Operator::subtract: return x - y;
    case Operator::multiply: return x * y;
    default: return x / y;  // by zero: infinity or NaN, as IEEE 754 says
  }
}

Outcome lengths(Operator op, const Value& a, const Value& b) {
  std::int64_t result = 0;
  const auto x = a.duration()->count(), y = b.duration()->count();
  const bool wrong = op == Operator::add ? __builtin_add_overflow(x, y, &result) : __builtin_sub_overflow(x, y, &result);
  if (wrong) return overflow(op, a, b);
  return Value(Value::Length(result));
}

template <class T>
Outcome or_overflow(const std::optional<T>& result, Operator op, const Value& a, const Value& b) {
  if (!result) return overflow(op, a, b);
  return Value(*result);
}

Outcome moments(Operator op, const Value& a, const Value& b) {
  if (op == Operator::subtract && b.timestamp()) return or_overflow(subtract(*a.timestamp(), *b.timestamp()), op, a, b);
  if (a.duration()) return or_overflow(add(*b.timestamp(), *a.duration()), op, a, b);
  if (op == Operator::add) return or_overflow(add(*a.timestamp(), *b.duration()), op, a, b);
  if (b.duration()->count() == INT64_MIN) return overflow(op, a, b);  // it cannot be negated
  return or_overflow(add(*a.timestamp(), -*b.duration()), op, a, b);
}

Outcome concatenate(const Value& a, const Value& b, Budget& budget) {
  if (const auto* x = a.string()) {
    const auto& y = *b.string();
    if (!budget.spend_bytes(x->size() + y.size())) return Budget::fault();
    std::string both;
    both.reserve(x->size() + y.size());
    return Value(std::move(both.append(*x).append(y)));
  }
  if (const auto* x = a.bytes()) {
    if (!budget.spend_bytes(x->data.size() + b.bytes()->data.size())) return Budget::fault();
    return Value(Value::Bytes{x->data + b.bytes()->data});
  }
  const auto &x = *a.list(), &y = *b.list();
  if (!budget.spend(static_cast<std::int64_t>(x.size() + y.size()))) return Budget::fault();
  Value::List both;
  both.reserve(x.size() + y.size());
  both.insert(both.end(), x.begin(), x.end());
  both.insert(both.end(), y.begin(), y.end());
  return Value(std::move(both));
}

struct Row {
  Operator op;
  K left, right, gives;
};
using enum Operator;
constexpr Row rows[] = {
    {add, K::integer, K::integer, K::integer},
    {add, K::unsigned_integer, K::unsigned_integer, K::unsigned_integer},
    {add, K::number, K::number, K::number},
    {add, K::string, K::string, K::string},
    {add, K::bytes, K::bytes, K::bytes},
    {add, K::list, K::list, K::list},
    {add, K::duration, K::duration, K::duration},
    {add, K::timestamp, K::duration, K::timestamp},
    {add, K::duration, K::timestamp, K::timestamp},
    {subtract, K::integer, K::integer, K::integer},
    {subtract, K::unsigned_integer, K::unsigned_integer, K::unsigned_integer},
    {subtract, K::number, K::number, K::number},
    {subtract, K::duration, K::duration, K::duration},
    {subtract, K::timestamp, K::duration, K::timestamp},
    {subtract, K::timestamp, K::timestamp, K::duration},
    {multiply, K::integer, K::integer, K::integer},
    {multiply, K::unsigned_integer, K::unsigned_integer, K::unsigned_integer},
    {multiply, K::number, K::number, K::number},
    {divide, K::integer, K::integer, K::integer},
    {divide, K::unsigned_integer, K::unsigned_integer, K::unsigned_integer},
    {divide, K::number, K::number, K::number},
    {remainder, K::integer, K::integer, K::integer},
    {remainder, K::unsigned_integer, K::unsigned_integer, K::unsigned_integer},
};

}  // namespace

Types arithmetic_result(Operator op, Types left, Types right) {
  Types result;
  for (const auto& row : rows)
    if (row.op == op && left.has(row.left) && right.has(row.right)) result = result | row.gives;
  return result;
}

Outcome calculate(Operator op, const Value& a, const Value& b, Budget& budget) {
  const Types result = arithmetic_result(op, a.kind(), b.kind());
  if (result == Types()) {
    return Fault{
        fmt::format("`{}` does not work on {} and {}", spelling(op), type_with_article(a.kind()), type_with_article(b.kind()))};
  }
  if (a.timestamp() || b.timestamp()) return moments(op, a, b);
  switch (a.kind()) {
    case K::integer: return integers(op, *a.integer(), *b.integer(), a, b);
    case K::unsigned_integer: return integers(op, *a.unsigned_integer(), *b.unsigned_integer(), a, b);
    case K::number: return doubles(op, *a.number(), *b.number());
    case K::duration: return lengths(op, a, b);
    default: return concatenate(a, b, budget);
  }
}

Outcome negate(const Value& value) {
  if (const auto* d = value.number()) return Value(-*d);
  if (const auto* i = value.integer()) {
    if (*i == INT64_MIN) return Fault{fmt::format("overflow: -({})", *i)};
    return Value(-*i);
  }
  return Fault{fmt::format("`-` does not work on {}", type_with_article(value.kind()))};
}

}  // namespace runbook::cel
