// What evaluating a sub-expression gives: a value, borrowed where somebody else keeps it, or an error.
#pragma once
#include <string>
#include <utility>
#include <variant>

#include "base/value.h"

namespace runbook::cel {

struct Fault {
  std::string text;
};

class Outcome {
 public:
  Outcome(Value value) : is_(std::move(value)) {}
  Outcome(Fault fault) : is_(std::move(fault)) {}
  // The value must outlive the outcome: literals, the scope's answers, elements of a macro's range.
  static Outcome borrow(const Value& value) { return Outcome(&value); }

  bool ok() const { return !std::holds_alternative<Fault>(is_); }
  const Value& value() const {
    if (const auto* borrowed = std::get_if<const Value*>(&is_)) return **borrowed;
    return std::get<Value>(is_);
  }
  bool is_borrowed() const { return std::holds_alternative<const Value*>(is_); }
  Value take() && {
    if (const auto* borrowed = std::get_if<const Value*>(&is_)) return **borrowed;
    return std::move(std::get<Value>(is_));
  }
  const std::string& error() const { return std::get<Fault>(is_).text; }
  // Of something inside this value: borrowed as long as this is.
  Outcome part(const Value& inner) const { return is_borrowed() ? borrow(inner) : Outcome(Value(inner)); }

 private:
  explicit Outcome(const Value* borrowed) : is_(borrowed) {}
  std::variant<const Value*, Value, Fault> is_;
};

// What one evaluation may cost: nested macros must not hang the engine, nor repeated `+` eat its memory.
class Budget {
 public:
  static constexpr std::int64_t steps = 10'000'000;
  static constexpr std::int64_t bytes_a_step = 16;  // of texts that are made or searched

  bool spend(std::int64_t cost) {
    left_ = cost > left_ ? -1 : left_ - cost;
    return left_ >= 0;
  }
  bool spend_bytes(std::size_t bytes) { return spend(static_cast<std::int64_t>(bytes) / bytes_a_step); }
  bool exhausted() const { return left_ < 0; }
  static Fault fault() { return {"the evaluation takes too long: stopped after 10 million steps"}; }

 private:
  std::int64_t left_ = steps;
};

}  // namespace runbook::cel
