// A value of the language: what variables hold, JSON answers decode to, expressions compute with, events carry.
// Immutable and cheap to copy: lists, maps and long texts are shared.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/duration.h"

namespace runbook {

class Value {
 public:
  enum class Kind { null, boolean, integer, unsigned_integer, number, string, bytes, list, map, duration, timestamp, type };

  // a total order, for keys of maps
  struct Less {
    bool operator()(const Value& a, const Value& b) const;
  };
  using List = std::vector<Value>;
  using Map = std::map<Value, Value, Less>;
  struct Bytes {
    std::string data;
    bool operator==(const Bytes&) const = default;
  };
  struct Type {
    std::string name;
    bool operator==(const Type&) const = default;
  };
  struct Timestamp {
    std::int64_t seconds = 0;
    std::int32_t nanos = 0;
    bool operator==(const Timestamp&) const = default;
  };
  using Length = std::chrono::nanoseconds;

  Value() = default;  // null
  // Not here: what these need of the variant would be compiled in every file that knows a value.
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();
  Value(bool v) : is_(v) {}
  Value(int v) : is_(std::int64_t{v}) {}
  Value(std::int64_t v) : is_(v) {}
  Value(std::uint64_t v) : is_(v) {}
  Value(double v) : is_(v) {}
  Value(std::string v) : is_(std::move(v)) {}
  Value(std::string_view v) : is_(std::string(v)) {}
  Value(const char* v) : is_(std::string(v)) {}
  Value(Bytes v) : is_(std::move(v)) {}
  Value(List v);
  Value(Map v);
  Value(Length v) : is_(v) {}
  Value(Duration v) : is_(std::chrono::duration_cast<Length>(v)) {}
  Value(Timestamp v) : is_(v) {}
  Value(Instant v);
  Value(Type v) : is_(std::move(v)) {}
  template <class T>
  Value(T*) = delete;

  Kind kind() const { return static_cast<Kind>(is_.index()); }
  bool is_null() const { return kind() == Kind::null; }
  // The alternative, or nullptr when it is of another kind.
  const bool* boolean() const { return std::get_if<bool>(&is_); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&is_); }
  const std::uint64_t* unsigned_integer() const { return std::get_if<std::uint64_t>(&is_); }
  const double* number() const { return std::get_if<double>(&is_); }
  const std::string* string() const { return std::get_if<std::string>(&is_); }
  const Bytes* bytes() const { return std::get_if<Bytes>(&is_); }
  const List* list() const {
    const auto* p = std::get_if<std::shared_ptr<const List>>(&is_);
    return p ? p->get() : nullptr;
  }
  const Map* map() const {
    const auto* p = std::get_if<std::shared_ptr<const Map>>(&is_);
    return p ? p->get() : nullptr;
  }
  const Length* duration() const { return std::get_if<Length>(&is_); }
  const Timestamp* timestamp() const { return std::get_if<Timestamp>(&is_); }
  const Type* type() const { return std::get_if<Type>(&is_); }

  // The member of a map with this name, or nullptr (also when this is no map).
  const Value* find(std::string_view name) const;

  // Structural: the same kind and the same content (1 != 1.0; NaN == NaN). CEL's own equality lies in cel/.
  friend bool operator==(const Value& a, const Value& b);

 private:
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Bytes, std::shared_ptr<const List>,
               std::shared_ptr<const Map>, Length, Timestamp, Type>
      is_;
};

// Named values: the fields of an action, its result, a step's outputs.
using Record = std::map<std::string, Value, std::less<>>;
Value to_value(const Record& record);
Record to_record(const Value& map);  // entries whose key is no text are left out

// As a person or a shell reads it: texts as they are, true/false, shortest numbers, durations "1h30m", lists and maps as JSON.
std::string to_text(const Value& value);
// "int", "double", "string", "list", "map", "null_type", ...: CEL's names.
std::string_view kind_name(Value::Kind kind);

}  // namespace runbook
