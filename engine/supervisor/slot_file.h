// The run's `attempts` file from the engine's side: slots made before the intent that needs them, read back as evidence.
#pragma once
#include <optional>

#include "base/safe_file.h"
#include "supervisor/records.h"

namespace runbook {

inline constexpr const char* attempts_file = "attempts";

struct Slot {
  BlockState claim_state = BlockState::none, exit_state = BlockState::none;
  std::optional<Claim> claim;
  std::optional<ExitRecord> exit;
  std::optional<Leader> leader;
};

// "inode.birth" of the file: a copied directory has another one.
std::string identity_of_file(int descriptor);

class SlotFile {
 public:
  // Opens or makes it. Every open is a fresh open file description: its own locks.
  static Result<SlotFile, Failure> open(int directory);

  // The first slot behind all that exist, allocated on disk and zero; the caller syncs.
  Result<std::int64_t, Failure> add_slot();
  Result<void, Failure> sync() const;  // also of the size
  bool has(std::int64_t slot) const;
  Result<Slot, Failure> read(std::int64_t slot) const;
  std::string identity() const { return identity_of_file(file_.get()); }
  int descriptor() const { return file_.get(); }
  Descriptor release() { return std::move(file_); }

 private:
  explicit SlotFile(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

}  // namespace runbook
