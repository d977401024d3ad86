// The two ways to evaluate: with the explanation and a verdict, or for the value alone.
#include <fmt/format.h>

#include "base/invariant.h"
#include "cel/evaluator.h"

namespace runbook::cel {
namespace {

// A list that holds the same list many times is small here and endless when written out: such a value is refused.
bool fits(const Value& value, Budget& budget) {
  if (!budget.spend(1)) return false;
  if (const auto* list = value.list()) {
    for (const auto& element : *list)
      if (!fits(element, budget)) return false;
  } else if (const auto* map = value.map()) {
    for (const auto& [key, element] : *map)
      if (!fits(element, budget)) return false;
  } else if (const auto* text = value.string()) {
    return budget.spend_bytes(text->size());
  }
  return true;
}

}  // namespace

Evaluation evaluate(const Expression& expression, const Scope& scope) {
  invariant(expression.root() != nullptr, "an expression is parsed before it is evaluated");
  Evaluator evaluator(expression, scope);
  Evaluation result;
  auto outcome = evaluator.evaluate(*expression.root(), &result.explained);
  Budget own;
  if (outcome.ok() && (evaluator.budget().exhausted() || !fits(outcome.value(), own))) outcome = Budget::fault();
  if (!outcome.ok()) {
    result.error = outcome.error();
    return result;
  }
  result.value = std::move(outcome).take();
  const auto* is = result.value->boolean();
  if (!is) {
    result.error = fmt::format("a condition gives a bool, this gives {}", type_with_article(result.value->kind()));
  } else if (evaluator.met_nan()) {
    result.error = "a comparison met NaN, which is no number";
  } else {
    result.verdict = *is ? Verdict::met : Verdict::not_met;
  }
  return result;
}

Result<Value, std::string> compute(const Expression& expression, const Scope& scope) {
  invariant(expression.root() != nullptr, "an expression is parsed before it is evaluated");
  Evaluator evaluator(expression, scope);
  auto outcome = evaluator.evaluate(*expression.root(), nullptr);
  Budget own;
  if (outcome.ok() && (evaluator.budget().exhausted() || !fits(outcome.value(), own))) outcome = Budget::fault();
  if (!outcome.ok()) return failure(outcome.error());
  return std::move(outcome).take();
}

}  // namespace runbook::cel
