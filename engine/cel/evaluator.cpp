#include "cel/evaluator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cel/arithmetic.h"
#include "cel/brief.h"
#include "cel/compare.h"
#include "cel/convert.h"
#include "cel/moment.h"
#include "cel/strings.h"
#include "cel/utf8.h"

namespace runbook::cel {
namespace {

Fault no_such_key(const Value& key) { return {fmt::format("no such key: {}", key.string() ? *key.string() : brief(key))}; }

}  // namespace

Outcome Evaluator::evaluate(const Node& node, Operand* explanation) {
  if (!budget_.spend(1)) return Budget::fault();
  auto outcome = dispatch(node, explanation);
  if (explanation) {
    explanation->text = source(node);
    if (outcome.ok()) explanation->value = abridge(outcome.value());
    else explanation->error = outcome.error();
  }
  return outcome;
}

Outcome Evaluator::dispatch(const Node& node, Operand* into) {
  switch (node.kind) {
    case Node::Kind::literal: return Outcome::borrow(node.value);
    case Node::Kind::name: return name(node);
    case Node::Kind::select: return select(node);
    case Node::Kind::has: return has(node);
    case Node::Kind::index: return index(node);
    case Node::Kind::call: return call(node, into);
    case Node::Kind::list: return list(node);
    case Node::Kind::map: return map(node);
    case Node::Kind::complement: return complement(node, into);
    case Node::Kind::arithmetic: return arithmetic(node);
    case Node::Kind::comparison: return comparison(node, into);
    case Node::Kind::membership: return membership(node, into);
    case Node::Kind::conjunction: return logic(node, false, into);
    case Node::Kind::disjunction: return logic(node, true, into);
    case Node::Kind::conditional: return conditional(node, into);
    case Node::Kind::macro: return macro(node, into);
    case Node::Kind::negate: {
      const auto operand = evaluate(*node.children[0], nullptr);
      return operand.ok() ? negate(operand.value()) : operand;
    }
  }
  return Fault{"unknown kind of expression"};
}

void Evaluator::prepare(const Node& node, Operand* into, std::string_view op) const {
  if (!into) return;
  into->op = op;
  for (const auto& child : node.children) {
    into->operands.emplace_back();
    if (child) into->operands.back().text = source(*child);
  }
}

Fault Evaluator::not_bool(const Node& node, const Value& value, std::string_view where) const {
  return {fmt::format("{} takes a bool, `{}` is {}", where, source(node), type_with_article(value.kind()))};
}

Outcome Evaluator::name(const Node& node) {
  if (node.slot >= 0) return Outcome::borrow(*variables_[static_cast<std::size_t>(node.slot)]);
  auto known = std::find_if(roots_.begin(), roots_.end(), [&](const Root& root) { return root.name == node.name; });
  if (known == roots_.end()) {
    roots_.push_back({node.name, scope_ ? scope_(node.name) : Named(std::nullopt)});
    known = roots_.end() - 1;
  }
  if (known->is.value) return Outcome::borrow(*known->is.value);
  if (!known->is.missing.empty()) return Fault{known->is.missing};
  if (is_type_name(node.name)) return Value(Value::Type{node.name});
  return Fault{fmt::format("unknown name: {}", node.name)};
}

Outcome Evaluator::select(const Node& node) {
  auto target = evaluate(*node.children[0], nullptr);
  if (!target.ok()) return target;
  const auto* map = target.value().map();
  if (!map) {
    return Fault{fmt::format("`{}` is {} and has no field `{}`", source(*node.children[0]),
                             type_with_article(target.value().kind()), node.name)};
  }
  const auto* member = target.value().find(node.name);
  if (!member) return Fault{fmt::format("no such key: {}", node.name)};
  return target.part(*member);
}

Outcome Evaluator::has(const Node& node) {
  auto target = evaluate(*node.children[0], nullptr);
  if (!target.ok()) return target;
  if (!target.value().map())
    return Fault{
        fmt::format("has() asks a map, `{}` is {}", source(*node.children[0]), type_with_article(target.value().kind()))};
  return Value(target.value().find(node.name) != nullptr);
}

Outcome Evaluator::index(const Node& node) {
  auto target = evaluate(*node.children[0], nullptr);
  if (!target.ok()) return target;
  auto key = evaluate(*node.children[1], nullptr);
  if (!key.ok()) return key;
  return element(node, target, key.value());
}

Outcome Evaluator::element(const Node& node, const Outcome& target, const Value& key) {
  if (const auto* map = target.value().map()) {
    if (!can_be_key(key) && !key.number()) return Fault{fmt::format("{} cannot be a key", type_with_article(key.kind()))};
    const auto* member = find_key(*map, key);
    if (!member) return no_such_key(key);
    return target.part(*member);
  }
  const auto* list = target.value().list();
  if (!list) {
    return Fault{
        fmt::format("`{}` is {} and has no elements", source(*node.children[0]), type_with_article(target.value().kind()))};
  }
  // A double or uint that is a whole number counts as that index, so that numbers of JSON do.
  std::optional<std::int64_t> at;
  if (const auto* i = key.integer()) at = *i;
  if (const auto* u = key.unsigned_integer())
    at = *u > static_cast<std::uint64_t>(INT64_MAX) ? INT64_MAX : static_cast<std::int64_t>(*u);
  if (const auto* d = key.number(); d && *d == std::trunc(*d) && std::abs(*d) < 9e15) at = static_cast<std::int64_t>(*d);
  if (!at)
    return Fault{
        fmt::format("a list is indexed by an int, not by {}", key.number() ? brief(key) : type_with_article(key.kind()))};
  if (*at < 0 || static_cast<std::uint64_t>(*at) >= list->size()) {
    if (list->empty()) return Fault{fmt::format("index {} out of range: the list is empty", *at)};
    return Fault{
        fmt::format("index {} out of range: the list has {} element{}", *at, list->size(), list->size() == 1 ? "" : "s")};
  }
  return target.part((*list)[static_cast<std::size_t>(*at)]);
}

Outcome Evaluator::call(const Node& node, Operand* into) {
  // Of a call that says yes or no the operands are the explanation.
  prepare(node, into, "call");
  std::vector<Outcome> outcomes;
  std::vector<const Value*> arguments;
  outcomes.reserve(node.children.size());
  arguments.reserve(node.children.size());
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    outcomes.push_back(evaluate(*node.children[i], operand(into, i)));
    if (!outcomes.back().ok()) return std::move(outcomes.back());
    arguments.push_back(&outcomes.back().value());
  }
  const auto* signature = node.function;
  if (!signature) return Fault{fmt::format("unknown function: {}", node.name)};
  const bool style =
      signature->style == Signature::Style::both || (signature->style == Signature::Style::method) == node.is_method;
  if (!style)
    return Fault{fmt::format("{}() is called as {}", node.name, node.is_method ? node.name + "(x)" : "x." + node.name + "()")};
  if (arguments.size() < signature->least || arguments.size() > signature->most)
    return Fault{fmt::format("wrong number of arguments for {}()", node.name)};
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (!signature->takes[i].has(arguments[i]->kind()))
      return Fault{fmt::format("{}() takes {}, `{}` is {}", node.name, type_words(signature->takes[i]), source(*node.children[i]),
                               type_with_article(arguments[i]->kind()))};

  switch (signature->function) {
    case Function::dyn: return std::move(outcomes[0]);
    case Function::size:
      if (const auto* l = arguments[0]->list()) return Value(static_cast<std::int64_t>(l->size()));
      if (const auto* m = arguments[0]->map()) return Value(static_cast<std::int64_t>(m->size()));
      if (const auto* b = arguments[0]->bytes()) return Value(static_cast<std::int64_t>(b->data.size()));
      if (!budget_.spend_bytes(arguments[0]->string()->size())) return Budget::fault();
      return Value(static_cast<std::int64_t>(count_code_points(*arguments[0]->string())));
    case Function::matches: {
      std::string error;
      const bool found = matches(node, *arguments[0], *arguments[1], error);
      if (!error.empty()) return Fault{std::move(error)};
      return Value(found);
    }
    case Function::to_int:
    case Function::to_uint:
    case Function::to_double:
    case Function::to_string:
    case Function::to_bool:
    case Function::to_bytes:
    case Function::to_duration:
    case Function::to_timestamp:
    case Function::type_of: return convert(signature->function, *arguments[0]);
    case Function::full_year:
    case Function::month:
    case Function::day_of_month:
    case Function::date:
    case Function::day_of_week:
    case Function::day_of_year:
    case Function::hours:
    case Function::minutes:
    case Function::seconds:
    case Function::milliseconds: {
      if (const auto* length = arguments[0]->duration()) {
        if (arguments.size() > 1) return Fault{fmt::format("{}() of a duration takes no time zone", node.name)};
        return Value(component(signature->function, *length));
      }
      const auto part =
          component(signature->function, *arguments[0]->timestamp(), arguments.size() > 1 ? *arguments[1]->string() : "");
      if (!part) return Fault{fmt::format("unknown time zone: {}", brief(*arguments[1]))};
      return Value(*part);
    }
    default: return call_string_function(signature->function, arguments, budget_);
  }
}

bool Evaluator::matches(const Node& node, const Value& text, const Value& pattern, std::string& error) {
  auto regex = node.pattern;
  if (!regex) {
    if (!last_pattern_ || last_pattern_->pattern() != *pattern.string())
      last_pattern_ = std::make_shared<const Regex>(*pattern.string());
    regex = last_pattern_;
    budget_.spend(100);  // compiling costs more than a step
  }
  if (!regex->error().empty()) {
    error = fmt::format("invalid regular expression: {}", regex->error());
    return false;
  }
  if (!budget_.spend_bytes(text.string()->size())) {
    error = Budget::fault().text;
    return false;
  }
  return regex->matches(*text.string());
}

Outcome Evaluator::list(const Node& node) {
  Value::List elements;
  elements.reserve(node.children.size());
  for (const auto& child : node.children) {
    auto element = evaluate(*child, nullptr);
    if (!element.ok()) return element;
    elements.push_back(std::move(element).take());
  }
  return Value(std::move(elements));
}

Outcome Evaluator::map(const Node& node) {
  Value::Map entries;
  for (std::size_t i = 0; i < node.children.size(); i += 2) {
    auto key = evaluate(*node.children[i], nullptr);
    if (!key.ok()) return key;
    if (!can_be_key(key.value())) return Fault{fmt::format("{} cannot be a key", type_with_article(key.value().kind()))};
    if (find_key(entries, key.value())) return Fault{fmt::format("the key {} stands twice", brief(key.value()))};
    auto value = evaluate(*node.children[i + 1], nullptr);
    if (!value.ok()) return value;
    entries.emplace(std::move(key).take(), std::move(value).take());
  }
  return Value(std::move(entries));
}

Outcome Evaluator::complement(const Node& node, Operand* into) {
  prepare(node, into, "!");
  auto inner = evaluate(*node.children[0], operand(into, 0));
  if (!inner.ok()) return inner;
  const auto* is = inner.value().boolean();
  if (!is) return not_bool(*node.children[0], inner.value(), "`!`");
  return Value(!*is);
}

Outcome Evaluator::arithmetic(const Node& node) {
  auto left = evaluate(*node.children[0], nullptr);
  if (!left.ok()) return left;
  auto right = evaluate(*node.children[1], nullptr);
  if (!right.ok()) return right;
  return calculate(node.op, left.value(), right.value(), budget_);
}

bool Evaluator::equal(const Value& a, const Value& b) {
  Equality equality{budget_};
  const bool same = equality(a, b);
  met_nan_ = met_nan_ || equality.met_nan;
  return same;
}

Outcome Evaluator::comparison(const Node& node, Operand* into) {
  prepare(node, into, spelling(node.op));
  auto left = evaluate(*node.children[0], operand(into, 0));
  if (!left.ok()) return left;
  auto right = evaluate(*node.children[1], operand(into, 1));
  if (!right.ok()) return right;
  const Value &a = left.value(), &b = right.value();
  if (node.op == Operator::equal || node.op == Operator::not_equal) {
    const bool same = equal(a, b);
    if (budget_.exhausted()) return Budget::fault();
    return Value(same == (node.op == Operator::equal));
  }
  const auto o = order(a, b);
  if (!o) {
    auto text = fmt::format("cannot compare {} with {}", type_word(a.kind()), type_word(b.kind()));
    // The usual case: output is text, the limit is a number.
    const bool text_left = a.string() && is_numeric(b), text_right = b.string() && is_numeric(a);
    if (text_left || text_right) {
      const Node& culprit = *node.children[text_left ? 0 : 1];
      const auto& output = *(text_left ? a : b).string();
      const bool is_spaced = output.find_first_of(" \t\r\n") != std::string::npos;
      text += fmt::format(": {} is {}; write {}({}{})", source(culprit), brief(text_left ? a : b),
                          kind_name((text_left ? b : a).kind()), source(culprit), is_spaced ? ".trim()" : "");
    } else if (a.kind() == b.kind()) {
      text = fmt::format("{} has no order: `{}` does not work on it", type_with_article(a.kind()), spelling(node.op));
    }
    return Fault{std::move(text)};
  }
  if (*o == std::partial_ordering::unordered) met_nan_ = true;
  switch (node.op) {
    case Operator::less: return Value(*o < 0);
    case Operator::less_equal: return Value(*o <= 0);
    case Operator::greater: return Value(*o > 0);
    default: return Value(*o >= 0);
  }
}

Outcome Evaluator::membership(const Node& node, Operand* into) {
  prepare(node, into, "in");
  auto wanted = evaluate(*node.children[0], operand(into, 0));
  if (!wanted.ok()) return wanted;
  auto range = evaluate(*node.children[1], operand(into, 1));
  if (!range.ok()) return range;
  if (const auto* map = range.value().map()) return Value(find_key(*map, wanted.value()) != nullptr);
  const auto* list = range.value().list();
  if (!list)
    return Fault{fmt::format("`in` looks into a list or a map, `{}` is {}", source(*node.children[1]),
                             type_with_article(range.value().kind()))};
  bool found = false;
  for (auto element = list->begin(); element != list->end() && !found; ++element) found = equal(wanted.value(), *element);
  if (budget_.exhausted()) return Budget::fault();
  return Value(found);
}

// && and ||: an operand that decides wins over errors of the others, wherever they stand. One that decides by a NaN is
// itself no data, so another one is looked for.
Outcome Evaluator::logic(const Node& node, bool decisive, Operand* into) {
  prepare(node, into, decisive ? "||" : "&&");
  std::optional<Fault> fault;
  const bool nan_before = met_nan_;
  bool nan_here = false, decided_by_nan = false;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Node& child = *node.children[i];
    met_nan_ = false;
    auto outcome = evaluate(child, operand(into, i));
    if (outcome.ok()) {
      const auto* is = outcome.value().boolean();
      if (!is) {
        outcome = not_bool(child, outcome.value(), decisive ? "`||`" : "`&&`");
        if (into && into->operands[i].error.empty()) into->operands[i].error = outcome.error();
      } else if (*is == decisive && !met_nan_) {
        met_nan_ = nan_before;  // NaNs of operands that decided nothing do not matter
        return Value(decisive);
      } else if (*is == decisive) {
        decided_by_nan = true;
      }
    }
    nan_here = nan_here || met_nan_;
    if (!outcome.ok() && !fault) fault = Fault{outcome.error()};
  }
  met_nan_ = nan_before || nan_here;
  if (decided_by_nan) return Value(decisive);
  if (fault) return std::move(*fault);
  return Value(!decisive);
}

Outcome Evaluator::conditional(const Node& node, Operand* into) {
  prepare(node, into, "?:");
  auto condition = evaluate(*node.children[0], operand(into, 0));
  if (!condition.ok()) return condition;
  const auto* is = condition.value().boolean();
  if (!is) return not_bool(*node.children[0], condition.value(), "`? :`");
  const std::size_t branch = *is ? 1 : 2;
  return evaluate(*node.children[branch], operand(into, branch));
}

Outcome Evaluator::macro(const Node& node, Operand* into) {
  if (into) {
    into->op = spelling(node.macro);
    into->operands.emplace_back();
    into->operands.back().text = source(*node.children[0]);
  }
  const auto target = evaluate(*node.children[0], operand(into, 0));
  if (!target.ok()) return target;
  std::vector<const Value*> range;
  if (const auto* elements = target.value().list()) {
    range.reserve(elements->size());
    for (const auto& element : *elements) range.push_back(&element);
  } else if (const auto* entries = target.value().map()) {
    range.reserve(entries->size());
    for (const auto& entry : *entries) range.push_back(&entry.first);
  } else {
    return Fault{fmt::format("{}() runs over a list or a map, `{}` is {}", spelling(node.macro), source(*node.children[0]),
                             type_with_article(target.value().kind()))};
  }
  if (!budget_.spend(static_cast<std::int64_t>(range.size()))) return Budget::fault();
  const auto slot = static_cast<std::size_t>(node.slot);
  if (variables_.size() <= slot) variables_.resize(slot + 1, nullptr);
  switch (node.macro) {
    case Macro::all: return quantifier(node, range, false, into);
    case Macro::exists: return quantifier(node, range, true, into);
    case Macro::exists_one: return exists_one(node, range);
    case Macro::filter:
    case Macro::map: return collect(node, range);
  }
  return Fault{"unknown macro"};
}

// all() is && over the elements, exists() is ||: errors and NaNs are absorbed in the same way.
Outcome Evaluator::quantifier(const Node& node, const std::vector<const Value*>& range, bool decisive, Operand* into) {
  const Node& body = *node.children[1];
  std::optional<Fault> fault;
  std::optional<std::size_t> faulty, decided_by_nan;  // the first of each
  const bool nan_before = met_nan_;
  bool nan_here = false;
  for (std::size_t i = 0; i < range.size(); ++i) {
    variables_[static_cast<std::size_t>(node.slot)] = range[i];
    met_nan_ = false;
    auto outcome = evaluate(body, nullptr);
    if (outcome.ok()) {
      const auto* is = outcome.value().boolean();
      if (!is) {
        outcome = not_bool(body, outcome.value(), fmt::format("{}()", spelling(node.macro)));
      } else if (*is == decisive && !met_nan_) {
        if (into) explain_element(node, range, i, *into);
        met_nan_ = nan_before;
        return Value(decisive);
      } else if (*is == decisive && !decided_by_nan) {
        decided_by_nan = i;
      }
    }
    nan_here = nan_here || met_nan_;
    if (!outcome.ok() && !fault) {
      fault = Fault{outcome.error()};
      faulty = i;
    }
    if (budget_.exhausted()) return Budget::fault();
  }
  const auto shown = decided_by_nan ? decided_by_nan : faulty;
  if (shown && into) explain_element(node, range, *shown, *into);
  met_nan_ = nan_before || nan_here;
  if (decided_by_nan) return Value(decisive);
  if (fault) return std::move(*fault);
  return Value(!decisive);
}

// The element that decided, and the body evaluated for it once more, now recorded.
void Evaluator::explain_element(const Node& node, const std::vector<const Value*>& range, std::size_t i, Operand& into) {
  variables_[static_cast<std::size_t>(node.slot)] = range[i];
  Operand element;
  element.text = fmt::format("{} = {}[{}]", node.name, source(*node.children[0]), i);
  element.op = "element";
  element.value = abridge(*range[i]);
  element.operands.emplace_back();
  evaluate(*node.children[1], &element.operands.back());
  into.operands.push_back(std::move(element));
}

Outcome Evaluator::exists_one(const Node& node, const std::vector<const Value*>& range) {
  std::size_t count = 0;
  for (const auto* element : range) {
    variables_[static_cast<std::size_t>(node.slot)] = element;
    auto outcome = evaluate(*node.children[1], nullptr);
    if (!outcome.ok()) return outcome;
    const auto* is = outcome.value().boolean();
    if (!is) return not_bool(*node.children[1], outcome.value(), "exists_one()");
    if (*is) ++count;
  }
  return Value(count == 1);
}

Outcome Evaluator::collect(const Node& node, const std::vector<const Value*>& range) {
  const Node* condition = node.children[1].get();
  const Node* gives = node.macro == Macro::map ? node.children[2].get() : nullptr;
  Value::List result;
  for (const auto* element : range) {
    variables_[static_cast<std::size_t>(node.slot)] = element;
    if (condition) {
      auto outcome = evaluate(*condition, nullptr);
      if (!outcome.ok()) return outcome;
      const auto* is = outcome.value().boolean();
      if (!is) return not_bool(*condition, outcome.value(), fmt::format("{}()", spelling(node.macro)));
      if (!*is) continue;
    }
    if (!gives) {
      // A long text is copied.
      if (const auto* text = element->string(); text && !budget_.spend_bytes(text->size())) return Budget::fault();
      result.push_back(*element);
      continue;
    }
    auto outcome = evaluate(*gives, nullptr);
    if (!outcome.ok()) return outcome;
    if (const auto* text = outcome.value().string(); text && !budget_.spend_bytes(text->size())) return Budget::fault();
    result.push_back(std::move(outcome).take());
  }
  return Value(std::move(result));
}

}  // namespace runbook::cel
