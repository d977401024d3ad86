#include "base/safe_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace runbook {

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Failure system_failure(std::string_view what, int error) { return fmt::format("{}: {}", what, std::strerror(error)); }

Result<Descriptor, Failure> open_beneath(int directory, const std::string& name, int flags, mode_t mode) {
  int number = -1;
  do number = ::openat(directory, name.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, mode);
  while (number < 0 && errno == EINTR);
  if (number < 0) return failure(system_failure("cannot open " + name, errno));
  if ((flags & O_CREAT) != 0) ::fchmod(number, mode);  // whatever the umask
  return Descriptor(number);
}

Result<Descriptor, Failure> open_file(const std::string& path, int flags, mode_t mode) {
  int number = -1;
  do number = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  while (number < 0 && errno == EINTR);
  if (number < 0) return failure(system_failure("cannot open " + path, errno));
  return Descriptor(number);
}

Result<Descriptor, Failure> make_directory(const std::string& path, mode_t mode) {
  const std::filesystem::path whole(path);
  std::filesystem::path part;
  for (const auto& piece : whole) {
    part /= piece;
    if (::mkdir(part.c_str(), mode) == 0) ::chmod(part.c_str(), mode);
    else if (errno != EEXIST && errno != EISDIR && errno != EROFS && errno != EACCES)
      return failure(system_failure("cannot make the directory " + part.string(), errno));
  }
  return open_file(path, O_RDONLY | O_DIRECTORY);
}

Result<std::string, Failure> read_all(int descriptor, std::size_t limit) {
  std::string out;
  struct stat known = {};
  if (::fstat(descriptor, &known) == 0 && S_ISREG(known.st_mode))  // only a help: it may grow meanwhile
    out.reserve(std::min(static_cast<std::size_t>(known.st_size), limit));
  std::array<char, 65536> buffer;
  for (;;) {
    const auto n = ::read(descriptor, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failure(system_failure("cannot read", errno));
    if (n == 0) return out;
    if (out.size() + static_cast<std::size_t>(n) > limit) return failure(fmt::format("larger than {} bytes", limit));
    out.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

Result<std::string, Failure> read_file(const std::string& path, std::size_t limit) {
  auto file = open_file(path, O_RDONLY);
  if (!file) return failure(file.error());
  auto bytes = read_all(file->get(), limit);
  if (!bytes) return failure(path + ": " + bytes.error());
  return bytes;
}

Result<void, Failure> write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(descriptor, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failure(system_failure("cannot write", errno));
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void, Failure> write_durably(int directory, const std::string& name, std::string_view bytes, mode_t mode) {
  auto file = open_beneath(directory, name, O_WRONLY | O_CREAT | O_TRUNC, mode);
  if (!file) return failure(file.error());
  if (auto written = write_all(file->get(), bytes); !written) return failure(name + ": " + written.error());
  if (::fdatasync(file->get()) != 0) return failure(system_failure("cannot sync " + name, errno));
  if (::fsync(directory) != 0) return failure(system_failure("cannot sync the directory of " + name, errno));
  return {};
}

}  // namespace runbook
