#include "supervisor/slot_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace runbook {
namespace {

constexpr std::int64_t slots_at_once = 64;

}  // namespace

Result<SlotFile, Failure> SlotFile::open(int directory) {
  auto file = open_beneath(directory, attempts_file, O_RDWR | O_CREAT, 0600);
  if (!file) return failure(file.error());
  return SlotFile(std::move(*file));
}

Result<void, Failure> SlotFile::grow(std::int64_t first) {
  const auto begin = block_offset(first, BlockKind::claim);
  const auto size = static_cast<off_t>(slot_size) * slots_at_once;
  const int error = ::posix_fallocate(file_.get(), begin, size);
  if (error != 0) return failure(system_failure("cannot make room for attempts", error));
  const std::string zeros(slot_size, '\0');  // written for real: unwritten extents would be converted at each claim's sync
  for (std::int64_t slot = 0; slot < slots_at_once; ++slot)
    if (::pwrite(file_.get(), zeros.data(), zeros.size(), block_offset(first + slot, BlockKind::claim)) !=
        static_cast<ssize_t>(zeros.size()))
      return failure(system_failure("cannot make room for attempts", errno));
  if (::fsync(file_.get()) != 0) return failure(system_failure("cannot sync the attempts file", errno));
  return {};
}

Result<std::int64_t, Failure> SlotFile::take_slot(const AttemptName& name, std::int64_t from) {
  for (auto slot = from;; ++slot) {
    if (!has(slot)) {
      // A crash in mid-growth leaves a part of a slot, which counts as none.
      if (auto grown = grow(slot); !grown) return failure(grown.error());
    }
    std::array<Block, 3> blocks;
    const auto size = ::pread(file_.get(), blocks.data(), slot_size, block_offset(slot, BlockKind::claim));
    if (size != static_cast<ssize_t>(slot_size)) return failure(system_failure("cannot read the attempts file", errno));
    const bool used = state_of(blocks[0], BlockKind::claim) != BlockState::none ||
                      state_of(blocks[1], BlockKind::exit) != BlockState::none ||
                      state_of(blocks[2], BlockKind::leader) != BlockState::none;
    if (used) continue;
    const auto reserved = encode(Leader{name, {}});
    if (::pwrite(file_.get(), reserved.data(), reserved.size(), block_offset(slot, BlockKind::leader)) !=
        static_cast<ssize_t>(reserved.size()))
      return failure(system_failure("cannot reserve an attempt", errno));
    return slot;
  }
}

bool SlotFile::has(std::int64_t slot) const {
  struct stat found {};
  return slot >= 0 && ::fstat(file_.get(), &found) == 0 && found.st_size >= block_offset(slot + 1, BlockKind::claim);
}

Result<Slot, Failure> SlotFile::read(std::int64_t slot) const {
  std::array<Block, 3> blocks{};
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto size = ::pread(file_.get(), blocks[i].data(), block_size, block_offset(slot, static_cast<BlockKind>(i)));
    if (size != static_cast<ssize_t>(block_size))
      return failure(size < 0 ? system_failure("cannot read the attempts file", errno)
                              : Failure("the attempts file is too short"));
  }
  Slot out;
  out.claim_state = state_of(blocks[0], BlockKind::claim);
  out.exit_state = state_of(blocks[1], BlockKind::exit);
  out.claim = decode_claim(blocks[0]);
  out.exit = decode_exit(blocks[1]);
  out.leader = decode_leader(blocks[2]);
  return out;
}

}  // namespace runbook
