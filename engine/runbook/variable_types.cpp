// How a variable's value is read from a text (`--var`, an answer) or from YAML, by its type.
#include <algorithm>
#include <array>
#include <charconv>

#include "base/json.h"
#include "runbook/read_runbook.h"

namespace runbook {
namespace {

struct TypeName {
  VariableType type;
  std::string_view name;
};
constexpr std::array<TypeName, 8> type_names{{
    {VariableType::string, "string"},
    {VariableType::integer, "int"},
    {VariableType::number, "number"},
    {VariableType::boolean, "bool"},
    {VariableType::duration, "duration"},
    {VariableType::path, "path"},
    {VariableType::enumeration, "enum"},
    {VariableType::list, "list"},
}};

template <class T>
std::optional<T> number(std::string_view text) {
  T out{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return out;
}

// `["a", "b"]` or `a,b`.
Result<Value, Phrase> parse_list(std::string_view text) {
  if (text.starts_with('[')) {
    const auto parsed = parse_json(text);
    if (parsed && parsed->list() != nullptr) return *parsed;
    return failure(phrase("`{}` is no JSON list", "`{}` 는 JSON 목록이 아닙니다", text));
  }
  Value::List items;
  while (!text.empty()) {
    const auto item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(item.size() + 1, text.size()));
    items.emplace_back(item);
  }
  return Value(std::move(items));
}

}  // namespace

std::string_view type_name(VariableType type) {
  for (const auto& row : type_names)
    if (row.type == type) return row.name;
  return "";
}

std::optional<VariableType> parse_type(std::string_view name) {
  for (const auto& row : type_names)
    if (row.name == name) return row.type;
  return {};
}

std::string_view cel_type(VariableType type) {
  switch (type) {
    case VariableType::string:
    case VariableType::path:
    case VariableType::enumeration: return "string";
    case VariableType::integer: return "int";
    case VariableType::number: return "double";
    case VariableType::boolean: return "bool";
    case VariableType::duration: return kind_name(Value::Kind::duration);
    case VariableType::list: return "list";
  }
  return "dyn";
}

Result<Value, Phrase> parse_variable(VariableType type, std::string_view text) {
  switch (type) {
    case VariableType::string:
    case VariableType::path:
    case VariableType::enumeration: return Value(text);
    case VariableType::integer:
      if (const auto value = number<std::int64_t>(text)) return Value(*value);
      return failure(phrase("`{}` is no whole number", "`{}` 는 정수가 아닙니다", text));
    case VariableType::number:
      if (const auto value = number<double>(text)) return Value(*value);
      return failure(phrase("`{}` is no number", "`{}` 는 수가 아닙니다", text));
    case VariableType::boolean:
      if (text == "true") return Value(true);
      if (text == "false") return Value(false);
      return failure(phrase("`{}` is neither `true` nor `false`", "`{}` 는 `true` 도 `false` 도 아닙니다", text));
    case VariableType::duration: {
      const auto value = parse_duration(text);
      if (!value) return failure(value.error());
      return Value(*value);
    }
    case VariableType::list: return parse_list(text);
  }
  return failure(Phrase{});
}

Result<Value, Phrase> convert_variable(VariableType type, const Value& value) {
  if (const auto* text = value.string()) return parse_variable(type, *text);
  const auto refuse = [&]() -> Result<Value, Phrase> {
    return failure(
        phrase("it must be of type {}, this is {}", "{} 이어야 하는데 {} 입니다", type_name(type), kind_name(value.kind())));
  };
  switch (type) {
    case VariableType::string:
    case VariableType::path:
    case VariableType::enumeration:
      if (value.is_null() || value.list() != nullptr || value.map() != nullptr) return refuse();
      return Value(to_text(value));
    case VariableType::integer: return value.integer() != nullptr ? Result<Value, Phrase>(value) : refuse();
    case VariableType::number:
      if (value.number() != nullptr) return value;
      if (value.integer() != nullptr) return Value(static_cast<double>(*value.integer()));
      return refuse();
    case VariableType::boolean: return value.boolean() != nullptr ? Result<Value, Phrase>(value) : refuse();
    case VariableType::duration: return value.duration() != nullptr ? Result<Value, Phrase>(value) : refuse();
    case VariableType::list: return value.list() != nullptr ? Result<Value, Phrase>(value) : refuse();
  }
  return refuse();
}

}  // namespace runbook
