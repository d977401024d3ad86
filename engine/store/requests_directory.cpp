#include "store/requests_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <tuple>

#include "base/digest.h"

namespace runbook {
namespace {

constexpr std::size_t largest = 64U << 10U;
constexpr std::size_t most_at_once = 1000;  // the rest comes with the next look

std::optional<DroppedRequest> read_one(int directory, const std::string& name) {
  const auto run = RunId::parse(std::string_view(name).substr(0, name.find('.')));
  if (!run) return std::nullopt;
  auto file = open_beneath(directory, name, O_RDONLY | O_NONBLOCK);  // a pipe put here must not hold us
  if (!file) return std::nullopt;
  struct stat found {};
  // A second name would let somebody file what another user owns.
  if (::fstat(file->get(), &found) != 0 || !S_ISREG(found.st_mode) || found.st_nlink != 1) return std::nullopt;
  auto body = read_all(file->get(), largest);
  if (!body) return std::nullopt;
  const auto filed = std::chrono::seconds(found.st_ctim.tv_sec) + std::chrono::nanoseconds(found.st_ctim.tv_nsec);
  return DroppedRequest{name, *run, Instant(std::chrono::duration_cast<Duration>(filed)), static_cast<std::int64_t>(found.st_uid),
                        std::move(*body)};
}

}  // namespace

Result<void, Failure> drop_request(int directory, const RunId& run, const std::string& body) {
  if (body.size() > largest) return failure(Failure("the request is larger than 64 KiB"));
  const auto name = run.text() + "." + random_hex(16);
  const auto unfinished = "." + name;
  {
    auto file = open_beneath(directory, unfinished, O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (!file) return failure(file.error());
    if (auto written = write_all(file->get(), body); !written) return written;
    if (::fdatasync(file->get()) != 0) return failure(system_failure("cannot sync the request", errno));
  }
  if (::renameat(directory, unfinished.c_str(), directory, name.c_str()) != 0)
    return failure(system_failure("cannot file the request", errno));
  return {};
}

std::vector<DroppedRequest> dropped_requests(int directory) {
  std::vector<DroppedRequest> out;
  Descriptor again(::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!again) return out;
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::fdopendir(again.get()), &::closedir);
  if (!listing) return out;
  again.release();
  while (const auto* entry = ::readdir(listing.get())) {
    const std::string name = entry->d_name;
    if (name.front() == '.') continue;  // being written, or the directory itself
    if (auto request = read_one(directory, name)) out.push_back(std::move(*request));
    else remove_dropped(directory, name);
    if (out.size() == most_at_once) break;
  }
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return std::tie(a.filed, a.name) < std::tie(b.filed, b.name); });
  return out;
}

void remove_dropped(int directory, const std::string& name) { ::unlinkat(directory, name.c_str(), 0); }

}  // namespace runbook
