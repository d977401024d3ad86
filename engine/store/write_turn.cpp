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

WriteTurn::WriteTurn(int lock_file, Duration patience) : lock_file_(lock_file) {
  using Clock = std::chrono::steady_clock;
  const auto give_up = Clock::now() + patience;
  auto pause = std::chrono::microseconds(100);
  for (;;) {
    const auto state = try_lock_byte(lock_file, 0);
    if (state == LockState::free) return;
    if (state == LockState::unknown) throw StoreError{StoreError::Kind::io, system_failure("cannot lock state.db-w", errno), {}};
    if (Clock::now() >= give_up) throw StoreError{StoreError::Kind::busy, "another runbook process has been writing to the state for too long", {}};
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(2000));
  }
}

WriteTurn::~WriteTurn() { unlock_byte(lock_file_, 0); }

}  // namespace runbook
