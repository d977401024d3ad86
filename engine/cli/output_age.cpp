#include "cli/output_age.h"

#include <fmt/format.h>

#include <algorithm>
#include <sys/stat.h>

namespace runbook {
namespace {

// Of a file that holds something; an empty one was only made.
std::optional<Instant> last_written(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0 || found.st_size == 0) return {};
  return Instant(std::chrono::seconds(found.st_mtim.tv_sec) +
                 std::chrono::duration_cast<Duration>(std::chrono::nanoseconds(found.st_mtim.tv_nsec)));
}

}  // namespace

OutputAges output_ages(const State& state, const std::string& directory) {
  // The file system's clock is the machine's, which the loop's follows only from its start.
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  OutputAges out;
  for (const auto i : state.frontier) {
    const auto& open = state.steps[i].open;
    if (!open || !open->durable) continue;
    std::optional<Instant> last;
    for (const char* stream : {"out", "err"})
      last = std::max(last, last_written(fmt::format("{}/{:04}.{}.{}", directory, state.plan().at(i).number, open->k, stream)));
    if (last) out.emplace(i, std::max(now - *last, Duration{}));
  }
  return out;
}

}  // namespace runbook
