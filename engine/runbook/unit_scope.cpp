#include "runbook/unit_scope.h"

namespace runbook {
namespace {

// Made on first use: most scopes are asked for `steps` alone.
struct Known {
  std::optional<Value> vars, env, secrets;
};

Value values_of(const std::map<std::string, Variable>& variables) {
  Value::Map out;
  for (const auto& [name, variable] : variables)
    if (variable.value) out.emplace(name, *variable.value);
  return out;
}

Value marks_of(const std::map<std::string, Secret>& secrets) {
  Value::Map out;
  for (const auto& [name, secret] : secrets) out.emplace(name, secret_mark(name));
  return out;
}

}  // namespace

cel::Scope unit_scope(const Unit& unit, const std::map<std::string, std::string, std::less<>>& environment) {
  const auto known = std::make_shared<Known>();
  const auto vars = [&unit, known] {
    if (!known->vars) known->vars = values_of(unit.variables);
    return *known->vars;
  };
  return [&unit, &environment, known, vars](std::string_view root) -> std::optional<Value> {
    if (root == "vars") return vars();
    if (root == "secrets") {
      if (!known->secrets) known->secrets = marks_of(unit.secrets);
      return known->secrets;
    }
    if (root != "env") return {};
    if (known->env) return known->env;
    Value::Map inherited;
    for (const auto& [name, at] : unit.requires_.env)
      if (const auto found = environment.find(name); found != environment.end()) inherited.insert_or_assign(name, found->second);
    // What `env:` sets may name variables and what the caller's environment holds, not its own other entries.
    Value::Map all = inherited;
    const cel::Scope outer = [inherited = Value(inherited), vars](std::string_view name) -> std::optional<Value> {
      if (name == "vars") return vars();
      if (name == "env") return inherited;
      return {};
    };
    for (const auto& [name, text] : unit.env)
      if (const auto value = resolve(text, outer)) all.insert_or_assign(name, to_text(*value));
    return known->env = Value(std::move(all));
  };
}

std::string secret_mark(std::string_view name) { return fmt::format("\x01secret:{}\x01", name); }

Value without_marks(const Value& value) {
  if (const auto* text = value.string()) {
    if (text->find('\x01') == std::string::npos) return value;
    std::string clean = *text;
    std::erase(clean, '\x01');
    return clean;
  }
  if (const auto* items = value.list()) {
    Value::List out;
    for (const auto& item : *items) out.push_back(without_marks(item));
    return out;
  }
  if (const auto* entries = value.map()) {
    Value::Map out;
    for (const auto& [name, entry] : *entries) out.insert_or_assign(without_marks(name), without_marks(entry));
    return out;
  }
  return value;
}

}  // namespace runbook
