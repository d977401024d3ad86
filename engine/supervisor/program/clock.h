// The two clocks of a supervisor: one for deadlines (it stops in suspend), one for records.
#pragma once
#include <cstdint>
#include <ctime>

namespace runbook {

inline constexpr std::int64_t milliseconds = 1'000'000, seconds = 1'000'000'000;  // in nanoseconds

inline std::int64_t monotonic() {
  struct timespec now {};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * seconds + now.tv_nsec;
}

inline std::int64_t utc_micros() {
  struct timespec now {};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * 1'000'000 + now.tv_nsec / 1000;
}

inline struct timespec to_timespec(std::int64_t nanoseconds) {
  if (nanoseconds < 0) nanoseconds = 0;
  return {static_cast<time_t>(nanoseconds / seconds), static_cast<long>(nanoseconds % seconds)};
}

inline void pause_for(std::int64_t nanoseconds) {
  const auto length = to_timespec(nanoseconds);
  ::nanosleep(&length, nullptr);
}

}  // namespace runbook
