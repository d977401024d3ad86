#include "supervisor/slot_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace runbook {

std::string identity_of_file(int descriptor) {
  struct statx found {};
  if (::statx(descriptor, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &found) != 0) return "";
  const bool born = (found.stx_mask & STATX_BTIME) != 0;
  return fmt::format("{:x}.{:x}.{:x}", found.stx_ino, born ? found.stx_btime.tv_sec : 0, born ? found.stx_btime.tv_nsec : 0);
}

Result<SlotFile, Failure> SlotFile::open(int directory) {
  auto file = open_beneath(directory, attempts_file, O_RDWR | O_CREAT, 0600);
  if (!file) return failure(file.error());
  return SlotFile(std::move(*file));
}

Result<std::int64_t, Failure> SlotFile::add_slot() {
  struct stat found {};
  if (::fstat(file_.get(), &found) != 0) return failure(system_failure("cannot look at the attempts file", errno));
  // A crash in mid-growth leaves a part of a slot: skipped, never shared.
  const auto slot = (found.st_size + static_cast<off_t>(slot_size) - 1) / static_cast<off_t>(slot_size);
  const int error = ::posix_fallocate(file_.get(), block_offset(slot, BlockKind::claim), static_cast<off_t>(slot_size));
  if (error != 0) return failure(system_failure("cannot make room for an attempt", error));
  return slot;
}

Result<void, Failure> SlotFile::sync() const {
  if (::fdatasync(file_.get()) != 0) return failure(system_failure("cannot sync the attempts file", errno));
  return {};
}

bool SlotFile::has(std::int64_t slot) const {
  struct stat found {};
  return slot >= 0 && ::fstat(file_.get(), &found) == 0 && found.st_size >= block_offset(slot + 1, BlockKind::claim);
}

Result<Slot, Failure> SlotFile::read(std::int64_t slot) const {
  std::array<Block, 3> blocks{};
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto size = ::pread(file_.get(), blocks[i].data(), block_size, block_offset(slot, static_cast<BlockKind>(i)));
    if (size != static_cast<ssize_t>(block_size)) return failure(size < 0 ? system_failure("cannot read the attempts file", errno) : Failure("the attempts file is too short"));
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
