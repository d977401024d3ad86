#include "metrics.h"

#include <algorithm>
#include <sstream>

#include "release.h"

namespace collector {

Metrics::Metrics() {
  for (const int code : {200, 201, 400, 404, 405, 413, 500, 503}) requests_[code] = 0;
}

void Metrics::observe(int code, double seconds) {
  const std::lock_guard lock(mutex_);
  ++requests_[code];
  seconds_ += seconds;
  const auto bucket = std::lower_bound(kBounds.begin(), kBounds.end(), seconds) - kBounds.begin();
  ++buckets_[static_cast<std::size_t>(bucket)];
}

std::string Metrics::text() const {
  const std::lock_guard lock(mutex_);
  std::ostringstream out;
  out << "# HELP collector_build_info The release that answers.\n# TYPE collector_build_info gauge\n"
      << "collector_build_info{app=\"collector\",version=\"" << release.version << "\"} 1\n"
      << "# HELP http_requests_total Requests answered, by status code.\n# TYPE http_requests_total counter\n";
  for (const auto& [code, count] : requests_)
    out << "http_requests_total{app=\"collector\",code=\"" << code << "\"} " << count << '\n';
  out << "# HELP http_request_duration_seconds Time to answer.\n# TYPE http_request_duration_seconds histogram\n";
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    total += buckets_[i];
    out << "http_request_duration_seconds_bucket{app=\"collector\",le=\"";
    if (i < kBounds.size()) out << kBounds[i];
    else out << "+Inf";
    out << "\"} " << total << '\n';
  }
  out << "http_request_duration_seconds_sum{app=\"collector\"} " << seconds_ << '\n'
      << "http_request_duration_seconds_count{app=\"collector\"} " << total << '\n';
  return out.str();
}

}  // namespace collector
