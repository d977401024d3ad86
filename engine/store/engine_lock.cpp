// runs/<run>/engine: one byte locked for an engine's life; the text in it says whose, for messages only.
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <thread>

#include "base/byte_lock.h"
#include "store/store.h"

namespace runbook {
namespace {

constexpr const char* file_name = "engine";

class HeldLock final : public EngineLock {
 public:
  explicit HeldLock(Descriptor file) : file_(std::move(file)) {}

 private:
  Descriptor file_;  // closing it gives the lock back
};

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string user_name() {
  std::array<char, 4096> room;
  struct passwd entry {};
  struct passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, room.data(), room.size(), &found) == 0 && found != nullptr) return found->pw_name;
  return fmt::format("uid {}", ::geteuid());
}

// "pid\nhost\nuser\n"
Owner read_owner(int file, const RunId& run) {
  Owner owner{run.text(), 0, "", "", false};
  std::array<char, 1024> bytes{};
  const auto size = ::pread(file, bytes.data(), bytes.size(), 0);
  std::string_view text(bytes.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  const auto line = [&] {
    const auto end = std::min(text.find('\n'), text.size());
    const auto out = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return out;
  };
  const auto pid = line();
  std::from_chars(pid.data(), pid.data() + pid.size(), owner.pid);
  owner.host = line();
  owner.user = line();
  return owner;
}

StoreError io(Failure why) { return {StoreError::Kind::io, std::move(why), {}}; }

}  // namespace

Stored<std::unique_ptr<EngineLock>> lock_engine(const Store& store, const RunId& run, Duration patience) {
  auto directory = store.run_directory(run);
  if (!directory) return failure(directory.error());
  if (!*directory) return std::make_unique<HeldLock>(Descriptor());  // in memory: nobody else can reach the run
  auto file = open_beneath(directory->get(), file_name, O_RDWR | O_CREAT, 0600);
  if (!file) return failure(io(file.error()));

  const auto give_up = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const auto state = try_lock_byte(file->get(), 0);
    if (state == LockState::free) break;
    if (state == LockState::unknown) return failure(io(system_failure("cannot lock the run", errno)));
    if (std::chrono::steady_clock::now() >= give_up) {
      auto owner = read_owner(file->get(), run);
      owner.alive = true;
      auto what = fmt::format("run {} is being run by process {} of {} on {}", run.text(), owner.pid, owner.user, owner.host);
      return failure(StoreError{StoreError::Kind::lock_taken, std::move(what), std::move(owner)});
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  const auto text = fmt::format("{}\n{}\n{}\n", ::getpid(), host_name(), user_name());
  if (::ftruncate(file->get(), 0) != 0 || ::pwrite(file->get(), text.data(), text.size(), 0) < 0) {
    // Only messages need it, and a full disk must not keep an engine from stopping its run.
  }
  return std::make_unique<HeldLock>(std::move(*file));
}

Stored<Owner> engine_owner(const Store& store, const RunId& run) {
  auto directory = store.run_directory(run);
  if (!directory) return failure(directory.error());
  if (!*directory) return Owner{run.text(), 0, "", "", false};
  auto file = open_beneath(directory->get(), file_name, O_RDONLY);
  if (!file) return Owner{run.text(), 0, "", "", false};  // no engine has run it yet
  auto owner = read_owner(file->get(), run);
  owner.alive = look_at_byte(file->get(), 0) == LockState::held;
  return owner;
}

}  // namespace runbook
