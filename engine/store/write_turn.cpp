#include "store/write_turn.h"

#include <algorithm>
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

namespace {

// Bytes of state.db-w: 0 is the right itself, the others are places in the line for it. Whoever comes takes the last place
// and moves forward as places become free, so that it is first come, first served. Without the line, an engine that commits
// without a pause takes the right again before anybody else looks: others waited for seconds (measured).
constexpr long long last_place = 8;

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
  take(lock_file, last_place, give_up);
  for (auto place = last_place; place > 0; --place) {
    try {
      take(lock_file, place - 1, give_up);
    } catch (const StoreError&) {
      unlock_byte(lock_file, place);
      throw;
    }
    unlock_byte(lock_file, place);
  }
}

WriteTurn::~WriteTurn() { unlock_byte(lock_file_, 0); }

}  // namespace runbook
