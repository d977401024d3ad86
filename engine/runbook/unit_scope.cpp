#include "runbook/unit_scope.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/leaves.h"
#include "runbook/element_values.h"

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

bool reads_unread(const std::vector<cel::Reference>& references, const Unit& unit) {
  const auto is_unread = [](const auto& one) { return one.second.source == Variable::Source::unread; };
  const bool any = std::any_of(unit.variables.begin(), unit.variables.end(), is_unread) || unit.unread.has(Part::variables);
  return std::any_of(references.begin(), references.end(), [&](const cel::Reference& reference) {
    const auto& root = reference.path[0];
    if (root == "env") return any || unit.unread.has(Part::environment);
    if (root != "vars" || reference.path.size() < 2) return root == "vars" && any;
    const auto found = unit.variables.find(reference.path[1]);
    return found == unit.variables.end() ? unit.unread.has(Part::variables) : is_unread(*found);
  });
}

namespace {

// Values are their own key, maps have one by name; what has none is counted.
std::string key_of(const Value& item, std::size_t position) {
  for (const char* name : {"key", "id", "name"})
    if (const auto* found = item.find(name); found && !found->list() && !found->map() && !found->is_null())
      return to_text(*found);
  return item.map() || item.list() || item.is_null() ? std::to_string(position) : to_text(item);
}

}  // namespace

Result<std::vector<Element>, Phrase> elements_of(const Value& list) {
  constexpr std::size_t longest_key = 200;
  const auto* items = list.list();
  if (!items) return failure(phrase("it gives {}, not a list", "목록이 아니라 {}", kind_name(list.kind())));
  if (items->size() > most_elements)
    return failure(
        phrase("{} elements: at most {} can be run through", "요소가 {}개: 많아야 {}개까지 가능", items->size(), most_elements));
  std::vector<Element> out;
  std::map<std::string, std::size_t> seen;
  for (const auto& item : *items) {
    Element one{key_of(item, out.size()), item};
    if (one.key.empty()) return failure(phrase("element {} is empty", "{}번째 요소가 비어 있음", out.size()));
    if (one.key.size() > longest_key)
      return failure(phrase("element {} is longer than {} bytes", "{}번째 요소가 {}바이트보다 김", out.size(), longest_key));
    if (std::any_of(one.key.begin(), one.key.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }))
      return failure(phrase("element {} holds a control character", "{}번째 요소에 제어 문자가 있음", out.size()));
    const auto [earlier, is_new] = seen.emplace(one.key, out.size());
    if (!is_new)
      return failure(
          phrase("elements {} and {} are both `{}`", "{}번째와 {}번째 요소가 모두 `{}`", earlier->second, out.size(), one.key));
    out.push_back(std::move(one));
  }
  return out;
}

cel::Scope element_scope(const std::vector<Unit>& units, unsigned unit,
                         const std::map<std::string, std::string, std::less<>>& environment,
                         std::shared_ptr<const ElementPlace> place) {
  const auto base = unit_scope(units[unit], environment);
  if (!place) return base;
  return [&units, unit, &environment, place, base](std::string_view root) -> cel::Named {
    if (place->unit == unit && root == "item") return place->element.item;
    if (place->unit == unit && root == "index") return Value(place->index);
    auto known = base(root);
    if (root != "vars") return known;
    Value::Map all = *known.value->map();
    for (const auto& [name, variable] : units[unit].variables) {
      if (!variable.each) continue;
      if (auto value = value_for(variable, units, environment, place)) all.insert_or_assign(Value(name), *std::move(value));
    }
    return Value(std::move(all));
  };
}

std::string secret_mark(std::string_view name) { return fmt::format("\x01secret:{}\x01", name); }

Value without_marks(const Value& value) {
  return with_leaves(value, [](const Value& leaf) -> Value {
    const auto* text = leaf.string();
    if (text == nullptr || text->find('\x01') == std::string::npos) return leaf;
    std::string clean = *text;
    std::erase(clean, '\x01');
    return clean;
  });
}

}  // namespace runbook
