#include "net/postgres_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <set>

#include "base/json.h"

namespace runbook {
namespace {

// src/include/catalog/pg_type.dat
constexpr PostgresType bool_id = 16, int8_id = 20, int2_id = 21, int4_id = 23, oid_id = 26, json_id = 114, float4_id = 700,
                       float8_id = 701, numeric_id = 1700, jsonb_id = 3802;

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Only where the double, written with as many digits, is the same text again: 0.10 and 42 yes, 0.12345678901234567891 no.
Value numeric_of(std::string_view text) {
  const bool plain = text.find_first_not_of("-.0123456789") == std::string_view::npos;  // not NaN, not Infinity
  const auto number = number_of<double>(text);
  if (!plain || !number) return Value(text);
  const auto point = text.find('.');
  const int scale = point == std::string_view::npos ? 0 : static_cast<int>(text.size() - point - 1);
  std::array<char, 512> again{};
  const auto [end, error] = std::to_chars(again.data(), again.data() + again.size(), *number, std::chars_format::fixed, scale);
  const bool same = error == std::errc() && std::string_view(again.data(), static_cast<std::size_t>(end - again.data())) == text;
  return same ? Value(*number) : Value(text);
}

bool is_plain(const Value& value) {
  return value.is_null() || value.boolean() || value.integer() || value.number() || value.string();
}

std::string array_of(const Value::List& items) {
  std::string text = "{";
  for (const Value& item : items) {
    if (text.size() > 1) text += ',';
    if (item.is_null()) {
      text += "NULL";
      continue;
    }
    text += '"';
    const auto bound = bind(item);  // named: a range's temporary would not outlive the first look
    for (const char c : *bound.text) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text + "}";
}

}  // namespace

Value value_of(PostgresType type, std::string_view text) {
  switch (type) {
    case bool_id: return text == "t";
    case int2_id:
    case int4_id:
    case int8_id:
    case oid_id:
      if (const auto number = number_of<std::int64_t>(text)) return *number;
      return text;
    case float4_id:
    case float8_id:
      if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
      if (text == "Infinity") return std::numeric_limits<double>::infinity();
      if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
      if (const auto number = number_of<double>(text)) return *number;
      return text;
    case numeric_id: return numeric_of(text);
    case json_id:
    case jsonb_id:
      if (auto parsed = parse_json(text)) return *parsed;
      return text;  // json keeps what we refuse: two members of one name
    default: return text;
  }
}

Result<Value::List, Failure> rows_of(const PostgresResult& result) {
  std::set<std::string_view> names;
  for (const auto& column : result.columns) {
    if (!names.insert(column.name).second)
      return failure(fmt::format("two columns are named `{}`: name them apart with AS", column.name));
  }
  Value::List rows;
  rows.reserve(result.rows.size());
  for (const PostgresResult::Row& row : result.rows) {
    Value::Map fields;
    for (std::size_t i = 0; i < row.size(); ++i) {
      fields.emplace(result.columns[i].name, row[i] ? value_of(result.columns[i].type, *row[i]) : Value());
    }
    rows.emplace_back(std::move(fields));
  }
  return rows;
}

PostgresParameter bind(const Value& value) {
  using Kind = Value::Kind;
  switch (value.kind()) {
    case Kind::null: return {0, std::nullopt};
    case Kind::boolean: return {bool_id, *value.boolean() ? "t" : "f"};
    case Kind::integer: {
      const std::int64_t number = *value.integer();
      const bool small = number >= std::numeric_limits<std::int32_t>::min() && number <= std::numeric_limits<std::int32_t>::max();
      return {small ? int4_id : int8_id, std::to_string(number)};
    }
    case Kind::number: return {float8_id, fmt::format("{}", *value.number())};
    case Kind::list: {
      const Value::List& items = *value.list();
      if (std::all_of(items.begin(), items.end(), is_plain)) return {0, array_of(items)};
      return {0, to_json(value)};
    }
    case Kind::map: return {0, to_json(value)};
    default: return {0, to_text(value)};
  }
}

}  // namespace runbook
