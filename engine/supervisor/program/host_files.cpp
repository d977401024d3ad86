#include "supervisor/program/host_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <vector>

#include "base/byte_lock.h"
#include "supervisor/file_identity.h"

namespace runbook {
namespace {

constexpr time_t kept_for = 7 * 24 * 3600, programs_kept_for = 30 * 24 * 3600;

class File {
 public:
  File(const std::string& path, int flags) : number_(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600)) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return number_; }
  bool good() const { return number_ >= 0; }

 private:
  int number_;
};

bool write_whole(int file, const char* bytes, std::size_t size) {
  while (size > 0) {
    const auto written = ::write(file, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes += written;
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

// Whole or not at all; what lies there already stays: somebody on another connection was quicker, and may be using it.
bool make_file(const std::string& path, const std::string& bytes) {
  const auto draft = path + "." + std::to_string(::getpid());
  const File file(draft, O_WRONLY | O_CREAT | O_TRUNC);
  const bool made = file.good() && write_whole(file.get(), bytes.data(), bytes.size()) && ::fsync(file.get()) == 0 &&
                    (::link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST);
  const int error = errno;
  ::unlink(draft.c_str());
  errno = error;
  return made;
}

bool sync_directory(const std::string& path) {
  const File directory(path, O_RDONLY | O_DIRECTORY);
  return directory.good() && ::fsync(directory.get()) == 0;
}

bool make_own_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) return ::chmod(path.c_str(), 0700) == 0;
  struct stat found {};
  if (errno != EEXIST || ::lstat(path.c_str(), &found) != 0) return false;
  if (!S_ISDIR(found.st_mode) || found.st_uid != ::geteuid()) {
    errno = EPERM;  // somebody else's, or a link: what lies there proves nothing
    return false;
  }
  return (found.st_mode & 0077U) == 0 || ::chmod(path.c_str(), 0700) == 0;
}

std::vector<std::string> entries_of(const std::string& path) {
  std::vector<std::string> out;
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::opendir(path.c_str()), &::closedir);
  while (const auto* entry = listing ? ::readdir(listing.get()) : nullptr)
    if (entry->d_name[0] != '.') out.emplace_back(entry->d_name);
  return out;
}

bool is_older(const std::string& path, time_t age) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0 && found.st_mtime < ::time(nullptr) - age;
}

}  // namespace

Why failed(const char* what) { return std::string(what) + ": " + std::strerror(errno); }

std::string read_whole(int descriptor) {
  std::string out;
  struct stat found {};
  if (::fstat(descriptor, &found) != 0) return out;
  out.resize(static_cast<std::size_t>(found.st_size));
  std::size_t have = 0;
  while (have < out.size()) {
    const auto size = ::pread(descriptor, &out[have], out.size() - have, static_cast<off_t>(have));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    have += static_cast<std::size_t>(size);
  }
  out.resize(have);
  return out;
}

Block read_block(int descriptor, BlockKind kind) {
  Block block{};
  if (::pread(descriptor, block.data(), block.size(), block_offset(0, kind)) != static_cast<ssize_t>(block.size())) block.fill(0);
  return block;
}

bool HostFiles::is_nonce(const std::string& text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Why HostFiles::make() const {
  for (const auto& path : {root_, attempts_})
    if (!make_own_directory(path)) return failed(("cannot use " + path).c_str());
  return {};
}

int HostFiles::open(const std::string& nonce, const char* name) const {
  return ::open(path(nonce, name).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
}

std::variant<host::Placed, Why> HostFiles::place(const host::Place& wanted) const {
  const auto& nonce = wanted.name.nonce;
  const auto folder = attempts_ + "/" + nonce;
  if (!make_own_directory(folder)) return failed("cannot make a directory");
  const auto slots = path(nonce, "attempts");
  if (::access(slots.c_str(), F_OK) != 0) {
    if (!make_file(path(nonce, "script"), wanted.script)) return failed("cannot write the script");
    for (const auto* name : {"out", "err"})
      if (!make_file(path(nonce, name), "")) return failed("cannot make the output's files");
    // Last: where it lies, everything does. Zeros written for real, so that the claim and the exit record find their room
    // also on a disk that is full by then.
    if (!make_file(slots, std::string(slot_size, '\0'))) return failed("cannot make room for the attempt's record");
    for (const auto& directory : {folder, attempts_, root_})
      if (!sync_directory(directory)) return failed("cannot sync a directory");
  }
  const File file(slots, O_RDONLY);
  if (!file.good()) return failed("cannot read the attempt's record");
  return host::Placed{nonce, identity_of_file(file.get())};
}

Why HostFiles::write_script(const std::string& nonce, const std::string& script) const {
  if (!make_own_directory(attempts_ + "/" + nonce)) return failed("cannot make a directory");
  const File file(path(nonce, "script"), O_WRONLY | O_CREAT | O_TRUNC);
  if (!file.good() || !write_whole(file.get(), script.data(), script.size())) return failed("cannot write the script");
  return {};
}

void HostFiles::remove(const std::string& nonce) const {
  for (const auto& name : entries_of(attempts_ + "/" + nonce)) ::unlink(path(nonce, name.c_str()).c_str());
  ::rmdir((attempts_ + "/" + nonce).c_str());
}

void HostFiles::remove_old(const std::string& running_program) const {
  for (const auto& nonce : entries_of(attempts_)) {
    if (!is_nonce(nonce) || !is_older(attempts_ + "/" + nonce, kept_for)) continue;
    const File slots(path(nonce, "attempts"), O_RDWR);
    if (!slots.good() || look_at_byte(slots.get(), 0) == LockState::free) remove(nonce);
  }
  for (const auto& name : entries_of(root_)) {
    const auto path = root_ + "/" + name;
    if (name.rfind("supervisor-", 0) == 0 && path != running_program && is_older(path, programs_kept_for)) ::unlink(path.c_str());
  }
}

}  // namespace runbook
