// Descriptors that close themselves, and files opened without following links and made durable in the right order.
#pragma once
#include <sys/types.h>

#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace runbook {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

// Errors are sentences: "cannot open /x/y: Permission denied". All descriptors are close-on-exec.
using Failure = std::string;
Failure system_failure(std::string_view what, int error);

// Opens `name` in the directory without following a link in its last part (O_NOFOLLOW).
Result<Descriptor, Failure> open_beneath(int directory, const std::string& name, int flags, mode_t mode = 0600);
Result<Descriptor, Failure> open_file(const std::string& path, int flags, mode_t mode = 0600);
// Makes every missing directory of the path, each with this mode whatever the umask.
Result<Descriptor, Failure> make_directory(const std::string& path, mode_t mode);
Result<std::string, Failure> read_all(int descriptor, std::size_t limit);  // more than `limit` bytes is a failure
Result<std::string, Failure> read_file(const std::string& path, std::size_t limit);
Result<void, Failure> write_all(int descriptor, std::string_view bytes);  // goes on after EINTR and short writes
// Written whole and synced, then the directory synced: after this it survives a power cut.
Result<void, Failure> write_durably(int directory, const std::string& name, std::string_view bytes, mode_t mode = 0600);

}  // namespace runbook
