// The right to write: one process at a time runs a write transaction or a checkpoint (a lock on `state.db-w`).
// SQLite 3.40.1 can lose commits when a checkpoint on one connection overlaps a log-resetting write on another.
#pragma once
#include <csignal>

#include "store/store.h"

namespace runbook {

// Ctrl-Z in the middle of a commit or of a read would stop every other engine behind its locks.
class NoStopping {
 public:
  NoStopping();
  NoStopping(const NoStopping&) = delete;
  ~NoStopping();

 private:
  sigset_t before_;
};

class WriteTurn {
 public:
  // Tries for `patience`, in turn with others who wait; throws StoreError `busy`.
  WriteTurn(int lock_file, Duration patience);
  WriteTurn(const WriteTurn&) = delete;
  ~WriteTurn();

 private:
  NoStopping no_stopping_;
  int lock_file_;
};

}  // namespace runbook
