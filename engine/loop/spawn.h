// Starts a child the way every child of ours starts: by Boost.Process with one initializer of our own.
// Apart from the loop because nothing here waits; the caller owns the pidfd and reaps.
#pragma once
#include <optional>

#include "loop/loop.h"

namespace runbook {

struct Spawned {
  int pid = -1;
  Descriptor pidfd;  // readable when the child has ended, until it is reaped
};
// Returns when the child runs its program, or with the reason why it does not; then nothing is left of it, no zombie either.
Result<Spawned, Failure> spawn(const ChildSpec& spec);

// Collects a child that has ended. Nothing while it still runs; never waits.
std::optional<ExitStatus> reap(const Descriptor& pidfd);

}  // namespace runbook
