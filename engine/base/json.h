// JSON text and values. Strict on the way in: duplicate members, depth above 200 and broken UTF-8 are errors,
// and numbers keep their kind: without fraction or exponent and within 64 bits an int, otherwise a double.
#pragma once
#include <string>
#include <string_view>

#include "base/value.h"

namespace runbook {

Result<Value, std::string> parse_json(std::string_view text);

// What JSON cannot say itself (uint, bytes, durations, timestamps, types, NaN, maps with other keys) is written as its plain text;
// a double is always written with a fraction or an exponent, so that it comes back as a double.
std::string to_json(const Value& value);
std::string to_json(const Value& value, int indent);  // for people
std::string json_quote(std::string_view text);        // one JSON string; broken UTF-8 becomes U+FFFD

// Lossless form for the store: every kind comes back as itself.
Value pack(const Value& value);
Value unpack(const Value& value);

}  // namespace runbook
