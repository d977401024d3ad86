// The run's `attempts` file from the engine's side: slots made before the intent that needs them, read back as evidence.
#pragma once
#include <optional>

#include "base/safe_file.h"
#include "supervisor/file_identity.h"
#include "supervisor/records.h"

namespace runbook {

inline constexpr const char* attempts_file = "attempts";

struct Slot {
  BlockState claim_state = BlockState::none, exit_state = BlockState::none;
  std::optional<Claim> claim;
  std::optional<ExitRecord> exit;
  std::optional<Leader> leader;
};

class SlotFile {
 public:
  // Opens or makes it. Every open is a fresh open file description: its own locks.
  static Result<SlotFile, Failure> open(int directory);
  explicit SlotFile(Descriptor file) : file_(std::move(file)) {}

  // A slot that nobody has used, on disk and zero. Slots are made 64 at a time and synced then, so that a claim is an
  // overwrite, whose sync needs no journal. `from` is where to begin looking: what was given before, plus one.
  // The caller reserves it by its nonce; two engines cannot meet here (one engine a run).
  Result<std::int64_t, Failure> take_slot(const AttemptName& name, std::int64_t from = 0);
  bool has(std::int64_t slot) const;
  Result<Slot, Failure> read(std::int64_t slot) const;
  std::string identity() const { return identity_of_file(file_.get()); }
  int descriptor() const { return file_.get(); }
  Descriptor release() { return std::move(file_); }

 private:
  Result<void, Failure> grow(std::int64_t first);
  Descriptor file_;
};

}  // namespace runbook
