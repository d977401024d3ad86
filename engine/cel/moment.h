// Timestamps and durations as CEL writes and computes them: RFC 3339, Go's durations, years 1 to 9999.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/value.h"
#include "cel/functions.h"

namespace runbook::cel {

using Timestamp = Value::Timestamp;
using Length = Value::Length;

// "1h30m", "-1.5s", "0"; units h m s ms us ns. Nothing: no duration, or beyond 64 bits of nanoseconds.
std::optional<Length> parse_length(std::string_view text);
std::string write_length(Length length);  // in seconds: "5400s", "1.5s"

// "2026-11-24T12:00:00.5+09:00".
std::optional<Timestamp> parse_timestamp(std::string_view text);
std::string write_timestamp(Timestamp t);  // in UTC, without trailing zeros
std::optional<Timestamp> timestamp_of(std::int64_t seconds);

std::optional<Timestamp> add(Timestamp t, Length length);
std::optional<Length> subtract(Timestamp a, Timestamp b);

// One of the get...() functions. The zone: "UTC", "+09:00" or a name of the zone database; nothing: no such zone.
std::optional<std::int64_t> component(Function which, Timestamp t, std::string_view zone);
std::int64_t component(Function which, Length length);

}  // namespace runbook::cel
