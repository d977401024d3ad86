// Counts and durations of requests, in Prometheus' text format.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace collector {

class Metrics {
 public:
  // Every code this service can answer starts at 0, so that a rate exists before the first error.
  Metrics();

  void observe(int code, double seconds);
  std::string text() const;

 private:
  static constexpr std::array kBounds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0};

  mutable std::mutex mutex_;
  std::map<int, std::uint64_t> requests_;
  std::array<std::uint64_t, kBounds.size() + 1> buckets_{};  // not cumulative; the last is above every bound
  double seconds_ = 0;
};

}  // namespace collector
