// An expression's tree in prefix form, and expressions evaluated with a scope given as JSON.
#pragma once
#include <catch2/catch.hpp>
#include <string>

#include "base/json.h"
#include "cel/expression.h"
#include "cel/node.h"

namespace runbook::cel::tests {

inline std::string tree_of(const Node& node) {
  using K = Node::Kind;
  std::string head;
  switch (node.kind) {
    case K::literal: return to_json(node.value);
    case K::name: return node.name;
    case K::select: head = "." + node.name; break;
    case K::has: head = "has." + node.name; break;
    case K::index: head = "[]"; break;
    case K::call: head = (node.is_method ? "." : "") + node.name + "()"; break;
    case K::list: head = "[..]"; break;
    case K::map: head = "{..}"; break;
    case K::negate: head = "-"; break;
    case K::complement: head = "!"; break;
    case K::arithmetic:
    case K::comparison: head = spelling(node.op); break;
    case K::membership: head = "in"; break;
    case K::conjunction: head = "&&"; break;
    case K::disjunction: head = "||"; break;
    case K::conditional: head = "?:"; break;
    case K::macro: head = std::string(spelling(node.macro)) + " " + node.name; break;
  }
  std::string all = "(" + head;
  for (const auto& child : node.children) {
    if (child) all += " " + tree_of(*child);
  }
  return all + ")";
}

inline Expression parsed(const std::string& text) {
  INFO(text);
  auto expression = Expression::parse(text);
  if (!expression) FAIL(expression.error()[0].text.en);
  return *expression;
}

// {"json": {"a": 1}}: the names and their values.
inline Scope scope_of(const std::string& json) {
  const auto values = parse_json(json);
  if (!values) FAIL(values.error());
  return [all = *values](std::string_view root) -> std::optional<Value> {
    const Value* found = all.find(root);
    return found == nullptr ? std::nullopt : std::optional<Value>(*found);
  };
}

// The value as JSON with its kind where JSON does not tell, or "error: ...".
inline std::string result_of(const std::string& text, const std::string& scope = "{}") {
  const auto value = compute(parsed(text), scope_of(scope));
  if (!value) return "error: " + value.error();
  switch (value->kind()) {
    case Value::Kind::unsigned_integer: return to_text(*value) + "u";
    case Value::Kind::number: return "double " + to_text(*value);
    case Value::Kind::bytes: return "bytes " + to_text(*value);
    case Value::Kind::duration: return "duration " + to_text(*value);
    case Value::Kind::timestamp: return "timestamp " + to_text(*value);
    case Value::Kind::type: return "type " + value->type()->name;
    default: return to_json(*value);
  }
}

}  // namespace runbook::cel::tests
