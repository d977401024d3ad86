#include "base/value.h"

#include <fmt/format.h>

#include <cmath>
#include <compare>

#include "base/json.h"

namespace runbook {
namespace {

template <class T>
int order(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

int order(double a, double b) {
  const auto c = std::strong_order(std::isnan(a) ? std::nan("") : a, std::isnan(b) ? std::nan("") : b);
  return c < 0 ? -1 : c > 0 ? 1 : 0;
}

int compare(const Value& a, const Value& b) {
  if (a.kind() != b.kind()) return order(a.kind(), b.kind());
  switch (a.kind()) {
    case Value::Kind::null: return 0;
    case Value::Kind::boolean: return order(*a.boolean(), *b.boolean());
    case Value::Kind::integer: return order(*a.integer(), *b.integer());
    case Value::Kind::unsigned_integer: return order(*a.unsigned_integer(), *b.unsigned_integer());
    case Value::Kind::number: return order(*a.number(), *b.number());
    case Value::Kind::string: return order(*a.string(), *b.string());
    case Value::Kind::bytes: return order(a.bytes()->data, b.bytes()->data);
    case Value::Kind::duration: return order(*a.duration(), *b.duration());
    case Value::Kind::timestamp:
      return order(std::pair(a.timestamp()->seconds, a.timestamp()->nanos),
                   std::pair(b.timestamp()->seconds, b.timestamp()->nanos));
    case Value::Kind::type: return order(a.type()->name, b.type()->name);
    case Value::Kind::list: {
      const auto &x = *a.list(), &y = *b.list();
      for (std::size_t i = 0; i < x.size() && i < y.size(); ++i)
        if (const int c = compare(x[i], y[i])) return c;
      return order(x.size(), y.size());
    }
    case Value::Kind::map: {
      const auto &x = *a.map(), &y = *b.map();
      for (auto i = x.begin(), j = y.begin(); i != x.end() && j != y.end(); ++i, ++j) {
        if (const int c = compare(i->first, j->first)) return c;
        if (const int c = compare(i->second, j->second)) return c;
      }
      return order(x.size(), y.size());
    }
  }
  return 0;
}

}  // namespace

Value::Value(const Value& other) = default;
Value::Value(Value&& other) noexcept = default;
Value& Value::operator=(const Value& other) = default;
Value& Value::operator=(Value&& other) noexcept = default;
Value::~Value() = default;

Value::Value(List v) : is_(std::make_shared<const List>(std::move(v))) {}
Value::Value(Map v) : is_(std::make_shared<const Map>(std::move(v))) {}
Value::Value(Instant v) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(v);
  is_ = Timestamp{seconds.time_since_epoch().count(), static_cast<std::int32_t>((v - seconds).count() * 1000)};
}

bool Value::Less::operator()(const Value& a, const Value& b) const { return compare(a, b) < 0; }
bool operator==(const Value& a, const Value& b) { return compare(a, b) == 0; }

const Value* Value::find(std::string_view name) const {
  const auto* members = map();
  if (!members) return nullptr;
  const auto found = members->find(Value(name));
  return found == members->end() ? nullptr : &found->second;
}

Value to_value(const Record& record) {
  Value::Map map;
  for (const auto& [name, value] : record) map.emplace(name, value);
  return map;
}

Record to_record(const Value& value) {
  Record record;
  if (const auto* map = value.map())
    for (const auto& [key, member] : *map)
      if (const auto* name = key.string()) record.emplace(*name, member);
  return record;
}

std::string to_text(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::null: return "null";
    case Value::Kind::boolean: return *value.boolean() ? "true" : "false";
    case Value::Kind::integer: return fmt::format("{}", *value.integer());
    case Value::Kind::unsigned_integer: return fmt::format("{}", *value.unsigned_integer());
    case Value::Kind::number: return fmt::format("{}", *value.number());
    case Value::Kind::string: return *value.string();
    case Value::Kind::bytes: return value.bytes()->data;
    case Value::Kind::duration: return format_duration(std::chrono::duration_cast<Duration>(*value.duration()));
    case Value::Kind::timestamp: {
      const auto& t = *value.timestamp();
      return format_utc(Instant(std::chrono::seconds(t.seconds)) + Duration(t.nanos / 1000));
    }
    case Value::Kind::type: return value.type()->name;
    case Value::Kind::list:
    case Value::Kind::map: return to_json(value);
  }
  return {};
}

std::string_view kind_name(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::null: return "null_type";
    case Value::Kind::boolean: return "bool";
    case Value::Kind::integer: return "int";
    case Value::Kind::unsigned_integer: return "uint";
    case Value::Kind::number: return "double";
    case Value::Kind::string: return "string";
    case Value::Kind::bytes: return "bytes";
    case Value::Kind::list: return "list";
    case Value::Kind::map: return "map";
    case Value::Kind::duration: return "google.protobuf.Duration";
    case Value::Kind::timestamp: return "google.protobuf.Timestamp";
    case Value::Kind::type: return "type";
  }
  return {};
}

}  // namespace runbook
