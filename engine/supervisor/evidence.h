// What became of an attempt: gathering what the disk and the kernel say is apart from judging it.
#pragma once
#include "supervisor/records.h"

namespace runbook {

enum class Lock { held, free };
// `ours`: script, outputs and slot are there, carry our nonce and lie where they were made.
enum class Files { ours, missing_or_foreign };
enum class Output { matches, differs };

// In the order in which it has to be read: the lock first. (Exit before lock gave 678 false doubts in 4,000 (measured):
// a supervisor that ends in between has written its record after we looked for it.)
struct Evidence {
  Lock lock = Lock::free;
  BlockState claim = BlockState::none;
  BlockState exit = BlockState::none;
  Output output = Output::matches;  // of a valid exit record
  Files files = Files::ours;
  bool same_world = true;
};

enum class Verdict {
  attached,         // somebody runs it: wait for the lock, then read all again
  adopt,            // the record tells
  output_lost,      // in doubt: the exit is known, the output is not what was written
  supervisor_died,  // in doubt, after a sweep
  restarted,        // in doubt: the machine or the container started again in between
  never_started,    // certainly nothing happened
  damaged,          // in doubt: what must be there is missing or foreign; never to be started
};

Verdict verdict(const Evidence& evidence);

}  // namespace runbook
