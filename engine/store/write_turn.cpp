#include "store/write_turn.h"

#include <thread>

#include "base/byte_lock.h"

namespace runbook {

NoStopping::NoStopping() {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  pthread_sigmask(SIG_BLOCK, &stop, &before_);
}

NoStopping::~NoStopping() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

// Two bytes: `turn` is the right itself, `next` belongs to the one who is first in line for it. Without the line, an
// engine that commits without a pause takes the lock again before anybody else looks: others waited for seconds.
namespace {

constexpr long long turn = 0, next = 1;

void take(int file, long long byte, std::chrono::steady_clock::time_point give_up) {
  auto pause = std::chrono::microseconds(100);
  for (;;) {
    const auto state = try_lock_byte(file, byte);
    if (state == LockState::free) return;
    if (state == LockState::unknown) throw StoreError{StoreError::Kind::io, system_failure("cannot lock state.db-w", errno), {}};
    if (std::chrono::steady_clock::now() >= give_up) {
      throw StoreError{StoreError::Kind::busy, "another runbook process has been writing to the state for too long", {}};
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(1000));
  }
}

}  // namespace

WriteTurn::WriteTurn(int lock_file, Duration patience) : lock_file_(lock_file) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  take(lock_file, next, give_up);
  try {
    take(lock_file, turn, give_up);
  } catch (const StoreError&) {
    unlock_byte(lock_file, next);
    throw;
  }
  unlock_byte(lock_file, next);
}

WriteTurn::~WriteTurn() { unlock_byte(lock_file_, turn); }

}  // namespace runbook
