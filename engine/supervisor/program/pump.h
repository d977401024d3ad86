// The pump: a process beside the step that carries its output from the pipes into the files, so that a hung log disk
// cannot hold up the supervisor's deadline. It keeps the head and the tail of each stream.
#pragma once
#include <sys/types.h>

#include "supervisor/order.h"

namespace runbook {

// The step's ends of its two pipes and the pump's.
struct OutputPipes {
  int out_read = -1, out_write = -1, err_read = -1, err_write = -1;
};
std::optional<OutputPipes> make_output_pipes();  // close-on-exec; mode 0666 for `/dev/stderr` under su
void close_write_ends(OutputPipes& pipes);

enum class PumpDuty { keep, discard };  // discard: after a pump died, so that the step does not die of SIGPIPE
struct Pump {
  pid_t pid = -1;
  int control = -1;
};

// Forks it. It holds nothing of the supervisor's but the pipes and the files; never the lock.
Pump start_pump(const Order& order, const OutputPipes& pipes, PumpDuty duty);

struct PumpReport {
  StreamRecord out, err;
};
// Asks it to empty the pipes (at most what they hold, never to EOF), to sync and to tell. Waits for `patience`
// nanoseconds; nothing then: the output counts as lost. Afterwards the pump discards until EOF and ends by itself.
std::optional<PumpReport> finish_pump(Pump& pump, std::int64_t patience);

}  // namespace runbook
