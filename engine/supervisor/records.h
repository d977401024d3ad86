// What a supervisor writes about its attempt: claim, leader, exit. Each is one block of 4 KiB in the run's `attempts` file,
// written once. `runbook doctor --attempt DIR N` prints them; a torn one is never taken for a record (decode_*).
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "supervisor/sha256.h"

namespace runbook {

inline constexpr std::size_t block_size = 4096;
inline constexpr std::size_t slot_size = 3 * block_size;
using Block = std::array<unsigned char, block_size>;

enum class BlockKind { claim, exit, leader };  // in the order in which they lie in a slot
constexpr std::int64_t block_offset(std::int64_t slot, BlockKind kind) {
  return slot * static_cast<std::int64_t>(slot_size) + static_cast<std::int64_t>(kind) * static_cast<std::int64_t>(block_size);
}

// Which attempt a record belongs to. A step's path longer than 255 bytes is cut.
struct AttemptName {
  std::string nonce, run, step;
  std::uint32_t number = 0, k = 0;
  bool operator==(const AttemptName&) const = default;
};

// A process that cannot be mistaken for a later one of the same pid (within one world).
struct ProcessIdentity {
  std::int64_t pid = 0;
  std::uint64_t start = 0;  // ticks after boot, field 22 of /proc/PID/stat
  bool operator==(const ProcessIdentity&) const = default;
};

struct Claim {
  AttemptName name;
  std::string world;
  ProcessIdentity supervisor;
  std::int64_t started = 0;  // microseconds since 1970
  bool operator==(const Claim&) const = default;
};

// Noted without a sync: whose slot it is (pid 0: reserved), then a hint for the sweep after a dead supervisor.
struct Leader {
  AttemptName name;
  ProcessIdentity process;
  bool operator==(const Leader&) const = default;
};

struct StreamRecord {
  enum class State : std::uint32_t { whole, capped, lost } state = State::whole;
  std::uint64_t total = 0, kept = 0;  // bytes written by the step; bytes in the file
  Sha256 digest{};                    // of the kept bytes
  bool operator==(const StreamRecord&) const = default;
};

enum class Ending : std::uint32_t { exited, signalled, never_ran, still_alive };
enum class EndedBy : std::uint32_t { itself, deadline, cancel };
// What outlived the leader; `running`: background is allowed.
enum class Leftover : std::uint32_t { none, killed, running, unkillable };
enum class StartStage : std::uint32_t { none, directory, program, process };  // where a start failed: cwd, exec, fork

struct ExitRecord {
  AttemptName name;
  Ending ending = Ending::exited;
  std::uint32_t code = 0;  // exit status, signal number, or errno of a start that failed
  EndedBy by = EndedBy::itself;
  Leftover leftover = Leftover::none;
  StartStage failed_at = StartStage::none;
  std::int64_t started = 0, ended = 0;  // microseconds since 1970
  std::int64_t ran = 0;                 // nanoseconds of the monotonic clock
  StreamRecord out, err;
  std::string left;  // "4711 sleep (root, S), 4712 ..."; cut at 1,023 bytes
  bool operator==(const ExitRecord&) const = default;
};

Block encode(const Claim& claim);
Block encode(const Leader& leader);
Block encode(const ExitRecord& record);

enum class BlockState { none, torn, valid };  // none: all bytes are zero
BlockState state_of(const Block& block, BlockKind kind);
// Nothing unless the block is valid.
std::optional<Claim> decode_claim(const Block& block);
std::optional<Leader> decode_leader(const Block& block);
std::optional<ExitRecord> decode_exit(const Block& block);

}  // namespace runbook
