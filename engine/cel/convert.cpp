#include "cel/convert.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "base/text_width.h"
#include "cel/brief.h"
#include "cel/moment.h"

namespace runbook::cel {
namespace {

constexpr double two_63 = 9223372036854775808.0;
constexpr double two_64 = 18446744073709551616.0;

Fault cannot(std::string_view function, const Value& value, std::string_view why) {
  return {fmt::format("{}({}): {}", function, brief(value), why)};
}

template <class T>
Outcome parse_number(std::string_view function, const Value& value, const char* what) {
  const std::string& text = *value.string();
  const char *first = text.data(), *last = first + text.size();
  // from_chars knows no plus sign.
  if (text.size() > 1 && *first == '+' && first[1] != '-') ++first;
  T number{};
  const auto r = std::from_chars(first, last, number);
  // The usual reason is the newline at the end of a command's output.
  const auto no_number = [&] {
    const bool spaced = text.find_first_of(" \t\r\n") != std::string::npos;
    return cannot(function, value, fmt::format("the text is no {}{}", what, spaced ? "; write .trim() before" : ""));
  };
  if constexpr (std::is_floating_point_v<T>) {
    if (r.ec == std::errc::result_out_of_range && r.ptr == last)
      number = static_cast<T>(std::strtod(std::string(first, last).c_str(), nullptr));
    else if (r.ec != std::errc() || r.ptr != last || text.back() == ')') return no_number();
  } else {
    if (r.ec == std::errc::result_out_of_range && r.ptr == last) return cannot(function, value, "out of range");
    if (r.ec != std::errc() || r.ptr != last) return no_number();
  }
  return Value(number);
}

Outcome to_int(const Value& v) {
  if (v.integer()) return Value(v);
  if (const auto* u = v.unsigned_integer()) {
    if (*u > static_cast<std::uint64_t>(INT64_MAX)) return cannot("int", v, "out of range");
    return Value(static_cast<std::int64_t>(*u));
  }
  if (const auto* d = v.number()) {
    // The ends are excluded: whether they come back is up to the compiler (langdef.md, "Overflow"). NaN fails both.
    if (!(*d > -two_63 && *d < two_63)) return cannot("int", v, "out of range");
    return Value(static_cast<std::int64_t>(*d));
  }
  if (const auto* t = v.timestamp()) return Value(t->seconds);
  return parse_number<std::int64_t>("int", v, "whole number");
}

Outcome to_uint(const Value& v) {
  if (v.unsigned_integer()) return Value(v);
  if (const auto* i = v.integer()) {
    if (*i < 0) return cannot("uint", v, "out of range");
    return Value(static_cast<std::uint64_t>(*i));
  }
  if (const auto* d = v.number()) {
    if (!(*d >= 0 && *d < two_64)) return cannot("uint", v, "out of range");
    return Value(static_cast<std::uint64_t>(*d));
  }
  return parse_number<std::uint64_t>("uint", v, "whole number of at least 0");
}

Outcome to_double(const Value& v) {
  if (v.number()) return Value(v);
  if (const auto* i = v.integer()) return Value(static_cast<double>(*i));
  if (const auto* u = v.unsigned_integer()) return Value(static_cast<double>(*u));
  return parse_number<double>("double", v, "number");
}

std::string write_double(double d) {
  if (std::isnan(d)) return "NaN";
  if (std::isinf(d)) return d < 0 ? "-Inf" : "+Inf";
  return fmt::format("{}", d);
}

Outcome to_string(const Value& v) {
  switch (v.kind()) {
    case Value::Kind::boolean: return Value(*v.boolean() ? "true" : "false");
    case Value::Kind::integer: return Value(fmt::format("{}", *v.integer()));
    case Value::Kind::unsigned_integer: return Value(fmt::format("{}", *v.unsigned_integer()));
    case Value::Kind::number: return Value(write_double(*v.number()));
    case Value::Kind::duration: return Value(write_length(*v.duration()));
    case Value::Kind::timestamp: return Value(write_timestamp(*v.timestamp()));
    case Value::Kind::bytes:
      if (!is_valid_utf8(v.bytes()->data)) return cannot("string", v, "the bytes are not valid UTF-8");
      return Value(v.bytes()->data);
    default: return Value(v);
  }
}

Outcome to_bool(const Value& v) {
  if (v.boolean()) return Value(v);
  const std::string& text = *v.string();
  for (const auto* yes : {"true", "True", "TRUE", "t", "1"})
    if (text == yes) return Value(true);
  for (const auto* no : {"false", "False", "FALSE", "f", "0"})
    if (text == no) return Value(false);
  return cannot("bool", v, "the text is neither true nor false");
}

Outcome to_duration(const Value& v) {
  if (v.duration()) return Value(v);
  if (const auto length = parse_length(*v.string())) return Value(*length);
  return cannot("duration", v, "no duration, write it like \"1h30m\" or \"1.5s\", up to 292 years");
}

Outcome to_timestamp(const Value& v) {
  if (v.timestamp()) return Value(v);
  if (const auto* seconds = v.integer()) {
    if (const auto t = timestamp_of(*seconds)) return Value(*t);
    return cannot("timestamp", v, "out of range: years 1 to 9999");
  }
  if (const auto t = parse_timestamp(*v.string())) return Value(*t);
  return cannot("timestamp", v, "no point of time, write it like \"2026-11-24T12:00:00Z\"");
}

}  // namespace

Outcome convert(Function function, const Value& value) {
  switch (function) {
    case Function::to_int: return to_int(value);
    case Function::to_uint: return to_uint(value);
    case Function::to_double: return to_double(value);
    case Function::to_string: return to_string(value);
    case Function::to_bool: return to_bool(value);
    case Function::to_bytes: return value.bytes() ? Value(value) : Value(Value::Bytes{*value.string()});
    case Function::to_duration: return to_duration(value);
    case Function::to_timestamp: return to_timestamp(value);
    case Function::type_of: return Value(Value::Type{std::string(kind_name(value.kind()))});
    default: return Value(value);
  }
}

}  // namespace runbook::cel
