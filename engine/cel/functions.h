// The functions of the language as one table: names, how they are called, what they take and give.
// The check reads it before a run; the evaluator reads the same rows, so that both say the same.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace runbook::cel {

// A set of kinds of values.
class Types {
 public:
  constexpr Types() = default;
  constexpr Types(Value::Kind kind) : bits_(static_cast<std::uint16_t>(1U << static_cast<unsigned>(kind))) {}
  static constexpr Types any() {
    Types all;
    all.bits_ = 0x0FFF;
    return all;
  }
  constexpr bool has(Value::Kind kind) const { return (bits_ & Types(kind).bits_) != 0; }
  constexpr bool meets(Types other) const { return (bits_ & other.bits_) != 0; }
  constexpr bool is_any() const { return bits_ == any().bits_; }
  constexpr bool is_single() const { return bits_ != 0 && (bits_ & (bits_ - 1)) == 0; }
  constexpr Types operator|(Types other) const {
    other.bits_ = static_cast<std::uint16_t>(bits_ | other.bits_);
    return other;
  }
  constexpr Types operator&(Types other) const {
    other.bits_ = static_cast<std::uint16_t>(bits_ & other.bits_);
    return other;
  }
  constexpr bool operator==(const Types&) const = default;

 private:
  std::uint16_t bits_ = 0;
};

// "a string, bytes, a list or a map" in words.
std::string type_words(Types types);
// "an int", "a string", "null".
std::string type_with_article(Value::Kind kind);
// The short names of messages: "int", "timestamp", "null".
std::string_view type_word(Value::Kind kind);
std::string type_names(Types types);  // "int or uint"

enum class Function {
  size,
  contains,
  starts_with,
  ends_with,
  matches,
  to_int,
  to_uint,
  to_double,
  to_string,
  to_bool,
  to_bytes,
  to_duration,
  to_timestamp,
  type_of,
  dyn,
  full_year,
  month,
  day_of_month,
  date,
  day_of_week,
  day_of_year,
  hours,
  minutes,
  seconds,
  milliseconds,
  trim,
  split,
  replace,
  lower_ascii,
  upper_ascii,
  substring,
  join,
  char_at,
  index_of,
  last_index_of,
};

struct Signature {
  enum class Style { global, method, both };
  std::string_view name;
  Function function;
  Style style;
  std::size_t least, most;     // arguments, the receiver of a method among them
  std::array<Types, 4> takes;  // of each argument; the receiver is the first
  Types gives;
};

const Signature* find_function(std::string_view name);  // nullptr: there is none
std::vector<std::string> function_names();

}  // namespace runbook::cel
