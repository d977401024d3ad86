// What a supervisor is told: one sealed memory file on its descriptor 0, complete before it is started.
// Never argv: that is world-readable, and the environment in here holds secrets.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "supervisor/records.h"

namespace runbook {

struct Order {
  AttemptName name;
  std::string world;
  std::int64_t slot = -1;                // -1: a light attempt: no claim, no sync, the record goes through a pipe
  std::vector<std::string> arguments;    // of the step; [0] is looked up in the PATH below, unless `program` is given
  std::vector<std::string> environment;  // "NAME=value", whole
  std::string cwd;
  std::int64_t deadline = 0;            // nanoseconds of CLOCK_MONOTONIC
  std::int64_t grace = 10'000'000'000;  // nanoseconds between SIGTERM and the kill
  std::uint64_t keep = 8U << 20U;       // bytes kept of each stream: half of it head, half tail
  bool background_allowed = false;
  // Descriptors handed over, by number; -1 where there is none.
  std::int32_t attempts = -1;            // durable: the slot file; its description holds the lock on byte `slot`
  std::int32_t out = -1, err = -1;       // where the kept output goes
  std::int32_t program = -1;             // run as it is: a replaced file changes nothing
  std::int32_t input = -1;               // the step's standard input; -1: /dev/null
  std::int32_t record = -1, leash = -1;  // light: write end for the exit record; read end whose EOF means "kill and go"
  bool operator==(const Order&) const = default;
};

std::string encode(const Order& order);
std::optional<Order> decode_order(std::string_view bytes);  // nothing when it is cut, too long or of another version

// Exit statuses of the program, for whoever looks at it while it is being waited for. The record is what counts.
enum class SupervisorExit { recorded = 0, already_claimed = 3, claim_failed = 4, record_failed = 5, bad_order = 64 };

}  // namespace runbook
