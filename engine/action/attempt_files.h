// The files of one durable attempt in its run's directory: 0007.1.sh, .out, .err, and what they tell afterwards.
#pragma once
#include "action/supervised.h"
#include "supervisor/evidence.h"
#include "supervisor/slot_file.h"

namespace runbook {

std::string attempt_file(const AttemptContext& context, std::string_view extension);  // "0007.1.out"
AttemptName attempt_name(const AttemptContext& context);

// Script, empty outputs, slot: all there and synced when it returns. Takes slots from `next_slot` on.
Result<Stamp, Failure> make_attempt_files(const AttemptContext& context, const Command& command, std::int64_t next_slot);
std::string script_text(const Command& command, const std::string& nonce);

// Whether these are the bytes that the record tells of.
KeptStream kept_stream(std::string bytes, const StreamRecord& record);
// What the record says was kept, read back: not read where it was lost.
KeptStream read_stream(int file, const StreamRecord& record);

struct Found {
  Evidence evidence;
  Slot slot;
  KeptStream out, err;
};
// Everything that can be known about the attempt of `context.stamp`, in the one right order.
Found gather(const AttemptContext& context, const std::optional<Command>& command);

}  // namespace runbook
