// What a run is a pure function of, beside its events: the bytes of every file and the inputs. Stored with the run,
// so that a resume never reads a file that has changed since.
#pragma once
#include "drive/inherited.h"
#include "plan/plan.h"
#include "runbook/read_runbook.h"

namespace runbook {

struct Snapshot {
  Inputs inputs;                             // environment: only what the files declare
  std::map<std::string, std::string> files;  // absolute path -> bytes
  Inherited inherited;                       // the rest of the environment that the run began in
  // Of an undo run: which run it undoes, the steps it undoes in the order of their start, and what steps left behind.
  std::string undoes;
  std::vector<std::string> undo_steps;
  std::map<std::string, Value, std::less<>> recorded;
  Expansions expanded;
};

std::string encode_snapshot(const Snapshot& snapshot);
Result<Snapshot, std::string> decode_snapshot(std::string_view bytes);

// Reads from the disk. Of a file larger than `most` no more than it takes to see that: it may be of any size.
class DiskFiles : public Files {
 public:
  explicit DiskFiles(std::size_t most = 64U << 20U) : most_(most) {}
  Result<std::string, std::string> read(const std::string& path) const override;

 private:
  std::size_t most_;
};
// Reads what was kept.
class KeptFiles : public Files {
 public:
  explicit KeptFiles(const std::map<std::string, std::string>& files) : files_(files) {}
  Result<std::string, std::string> read(const std::string& path) const override;

 private:
  const std::map<std::string, std::string>& files_;
};

// Text to plan, with all that is wrong on the way, in the order of its places. `sources` are for rendering the diagnostics, whether there is a plan or not.
struct Reviewed {
  std::optional<Plan> plan;
  std::optional<Plan> readable;  // when there are errors: what else may be wrong in it can be looked for
  Sources sources;
  Diagnostics diagnostics;
};
Reviewed review(const Inputs& inputs, const Files& files, std::span<const ActionKind* const> kinds, Digest digest = Digest::made);
Reviewed review(const Snapshot& snapshot, std::span<const ActionKind* const> kinds);
// What must be stored so that `review` gives this plan again.
Snapshot snapshot_of(const Inputs& inputs, const Plan& plan);

}  // namespace runbook
