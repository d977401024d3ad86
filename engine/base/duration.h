// Lengths and points of time, and how they are written. A length always carries its unit.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace runbook {

using Duration = std::chrono::microseconds;
using Instant = std::chrono::sys_time<Duration>;

struct DurationRange {
  Duration low{}, high{};
  bool operator==(const DurationRange&) const = default;
};

// "500ms", "30s", "10m", "1h30m", "2d"; units d h m s ms us, each at most once, descending, whole numbers.
// The error is a phrase without a place: "a duration needs a unit: did you mean `10s` or `10m`?".
Result<Duration, Phrase> parse_duration(std::string_view text);
// "3m" or "2m..3m".
Result<DurationRange, Phrase> parse_duration_range(std::string_view text);
// Canonical and exact: "1h30m", "0s". parse_duration(format_duration(d)) == d for d >= 0.
std::string format_duration(Duration d);
// Rounded for people: "20m00s", "1h05m", "850ms".
std::string brief_duration(Duration d);

// RFC 3339 in UTC with microseconds: "2026-11-24T03:00:00.000000Z".
std::string format_utc(Instant t);
std::optional<Instant> parse_utc(std::string_view text);
// Local time for people: "03:00:00", or with date and offset.
std::string format_local_clock(Instant t);
std::string format_local(Instant t);  // "2026-11-24 03:00:00 +0900"

}  // namespace runbook
