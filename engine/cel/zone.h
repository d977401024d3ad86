// Offsets of time zones from UTC, read from the system's zone database (tzfile(5)); g++ 12 has no std::chrono::locate_zone.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace runbook::cel {

// "+09:00", "-02:30" and, as other implementations take it, "02:30": seconds east of UTC.
std::optional<std::int64_t> fixed_offset(std::string_view text);

// The offset that is valid in the zone at this second since 1970. Empty and "UTC" are 0. Nothing: no such zone.
std::optional<std::int64_t> zone_offset(std::string_view zone, std::int64_t second);

}  // namespace runbook::cel
