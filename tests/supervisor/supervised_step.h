// Starts the real supervisor on one attempt in a folder of its own, as the engine does, and looks at what it leaves.
#pragma once
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>

#include "base/byte_lock.h"
#include "supervisor/evidence.h"
#include "supervisor/order.h"
#include "supervisor/process_table.h"
#include "supervisor/slot_file.h"

namespace runbook::tests {

// True as soon as it holds; false when it does not within a time that only a broken program needs.
inline bool soon(const std::function<bool()>& holds) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    ::usleep(2000);
  }
  return true;
}

inline bool is_alive(pid_t pid) {
  const auto state = process_state(pid);
  return state && state->state != 'Z' && state->state != 'X';
}

inline std::int64_t monotonic_now() {
  struct timespec now {};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

class SupervisedStep {
 public:
  static constexpr std::int64_t second = 1'000'000'000;

  explicit SupervisedStep(const std::string& script) {
    char folder[] = "/tmp/runbook-supervised-XXXXXX";
    if (::mkdtemp(folder) == nullptr) throw std::runtime_error("no scratch folder");
    path = folder;
    directory = Descriptor(::open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    order.name = {"nonce-" + path.substr(path.size() - 6), "k7f3m", "step", 1, 1};
    order.world = world();
    order.arguments = {"bash", "-euo", "pipefail", "-c", script};
    order.environment = {"PATH=/usr/bin:/bin", "HERE=" + path, mark()};
    order.cwd = path;
    order.deadline = monotonic_now() + 60 * second;
    order.grace = 10 * second;
    order.slot = SlotFile::open(directory.get())->take_slot(order.name).value();
  }
  SupervisedStep(const SupervisedStep&) = delete;
  SupervisedStep& operator=(const SupervisedStep&) = delete;
  ~SupervisedStep() {
    if (pid > 0) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
    for (const pid_t left : marked()) ::kill(left, SIGKILL);
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }

  std::string mark() const { return "RUNBOOK_ATTEMPT=" + order.name.nonce; }
  std::vector<pid_t> marked() const {
    std::vector<pid_t> living;
    for (const pid_t each : processes_with(mark()))
      if (is_alive(each)) living.push_back(each);
    return living;
  }

  // Lock, memory file, spawn, our copies closed.
  SupervisedStep& start() {
    Descriptor attempts = open_attempts();
    REQUIRE(try_lock_byte(attempts.get(), order.slot) == LockState::free);
    spawn(std::move(attempts));
    return *this;
  }
  // Without the lock, as a second engine could only do by mistake.
  SupervisedStep& start_unlocked() {
    spawn(open_attempts());
    return *this;
  }
  // A light attempt: no slot, the record through a pipe, a leash.
  SupervisedStep& start_light() {
    int record[2], leash[2];
    REQUIRE(::pipe2(record, O_CLOEXEC) == 0);
    REQUIRE(::pipe2(leash, O_CLOEXEC) == 0);
    record_pipe = Descriptor(record[0]);
    leash_end = Descriptor(leash[1]);
    const Descriptor record_write(record[1]), leash_read(leash[0]);
    order.slot = -1;
    order.record = record_write.get();
    order.leash = leash_read.get();
    spawn(Descriptor());
    return *this;
  }

  // Of the supervisor.
  int wait() {
    int status = 0;
    REQUIRE(::waitpid(std::exchange(pid, -1), &status, 0) > 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  ExitRecord record() {
    CHECK(wait() == static_cast<int>(SupervisorExit::recorded));
    const auto found = slot().exit;
    REQUIRE(found);
    CHECK(found->name == order.name);
    return *found;
  }
  ExitRecord light_record() {
    Block block{};
    REQUIRE(::read(record_pipe.get(), block.data(), block.size()) == static_cast<ssize_t>(block.size()));
    CHECK(wait() == static_cast<int>(SupervisorExit::recorded));
    const auto found = decode_exit(block);
    REQUIRE(found);
    return *found;
  }
  Slot slot() const { return SlotFile::open(directory.get())->read(order.slot).value(); }
  bool locked() const { return look_at_byte(open_attempts().get(), order.slot) == LockState::held; }

  std::string text_of(const std::string& file) const {
    std::ifstream in(path + "/" + file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // The number that the step has written there, with a newline behind it.
  pid_t pid_in(const std::string& file) const {
    REQUIRE(soon([&] { return text_of(file).ends_with('\n'); }));
    return static_cast<pid_t>(std::stol(text_of(file)));
  }
  bool digest_matches(const std::string& file, const StreamRecord& stream) const {
    const std::string text = text_of(file);
    return text.size() == stream.kept && (text.empty() || sha256(text.data(), text.size()) == stream.digest);
  }

  std::string path;
  Descriptor directory;
  Order order;
  pid_t pid = -1;
  Descriptor record_pipe, leash_end;
  bool sealed = true;

 private:
  Descriptor open_attempts() const { return open_beneath(directory.get(), attempts_file, O_RDWR).value(); }

  void spawn(Descriptor attempts) {
    const Descriptor out = open_beneath(directory.get(), "out", O_RDWR | O_CREAT).value();
    const Descriptor err = open_beneath(directory.get(), "err", O_RDWR | O_CREAT).value();
    order.attempts = attempts.get();
    order.out = out.get();
    order.err = err.get();
    const Descriptor memory(::memfd_create("order", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    const std::string bytes = encode(order);
    REQUIRE(write_all(memory.get(), bytes));
    if (sealed) REQUIRE(::fcntl(memory.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0);
    const char* const program = RUNBOOK_BINARY_DIR "/runbook-supervisor";
    pid = ::fork();
    if (pid != 0) return;
    for (const int number : {order.attempts, order.out, order.err, order.record, order.leash, order.program, order.input})
      if (number >= 0) ::fcntl(number, F_SETFD, 0);
    ::dup2(memory.get(), 0);
    ::execl(program, "runbook-supervisor", static_cast<char*>(nullptr));
    ::_exit(127);
  }
};

}  // namespace runbook::tests
