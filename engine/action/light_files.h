// What a light attempt needs for its short life: output in memory, a pipe for the record, a leash, a script to be removed.
#pragma once
#include "action/attempt_files.h"

namespace runbook {

struct LightFiles {
  Descriptor out, err;              // memory files
  Descriptor record, record_write;  // the supervisor's exit record comes through this pipe
  Descriptor leash, leash_read;     // only this process holds `leash`; when it closes, the supervisor kills the tree
  std::string script;               // path; empty: none
  void remove_script() const;
};

// Fresh ones each time: with a used one a dead engine's supervisor could speak into a new try.
Result<LightFiles, Failure> make_light_files(const AttemptContext& context, const Command& command);

}  // namespace runbook
