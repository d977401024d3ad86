#include "action/supervised_result.h"

#include <fmt/format.h>

#include <cstring>

#include "base/text_width.h"

namespace runbook {
namespace {

std::string hex(const Sha256& digest) {
  std::string out;
  for (const auto byte : digest) out += fmt::format("{:02x}", byte);
  return out;
}

std::string bytes_in_words(std::uint64_t bytes) {
  return bytes % (1U << 20U) == 0 ? fmt::format("{} MiB", bytes >> 20U) : fmt::format("{} bytes", bytes);
}

void add_stream(AttemptResult& result, const std::string& name, const std::string& fact, const StreamRecord& record,
                const std::string& bytes) {
  result.facts[fact + "_bytes"] = static_cast<std::int64_t>(record.total);
  switch (record.state) {
    case StreamRecord::State::whole: result.result[name] = valid_utf8(bytes); break;
    case StreamRecord::State::capped:
      result.unreadable[name] = fmt::format("capped at {}: {} bytes were written; its head and tail are kept",
                                            bytes_in_words(record.kept), record.total);
      break;
    case StreamRecord::State::lost: result.unreadable[name] = "the output could not be kept"; return;
  }
  if (record.kept > 0) result.facts[fact + "_sha256"] = hex(record.digest);
}

// Nothing ran: by a stop or deadline that was quicker, by a program or directory that is not there, by a full machine.
AttemptResult never_ran(const ExitRecord& record, AttemptResult result) {
  result.unchanged = true;
  const auto why = std::strerror(static_cast<int>(record.code));
  switch (record.failed_at) {
    case StartStage::none:
      result.outcome = record.by == EndedBy::cancel ? Outcome::cancelled : Outcome::timed_out;
      result.remark = "it had not begun yet";
      break;
    case StartStage::directory:
      result.outcome = Outcome::could_not_start;
      result.remark = fmt::format("cannot change to the step's directory: {}", why);
      break;
    case StartStage::program:
      result.outcome = Outcome::could_not_start;
      result.remark = fmt::format("cannot start the step's program: {}", why);
      break;
    case StartStage::process:
      result.outcome = Outcome::not_started;
      result.remark = fmt::format("cannot make a process: {}", why);
      break;
  }
  return result;
}

std::string leftover_remark(const ExitRecord& record) {
  switch (record.leftover) {
    case Leftover::killed: return fmt::format("left running after its end: {} (killed)", record.left);
    case Leftover::running: return fmt::format("left running, as allowed: {}", record.left);
    default: return "";
  }
}

}  // namespace

Report report_of(const ExitRecord& record, const KeptStream& out, const KeptStream& err) {
  AttemptResult result;
  result.started = Instant(Duration(record.started));
  result.ended = Instant(Duration(record.ended));
  if (record.ending == Ending::never_ran) return never_ran(record, std::move(result));

  add_stream(result, "stdout", "out", record.out, out.bytes);
  add_stream(result, "stderr", "err", record.err, err.bytes);
  if (!record.left.empty()) result.facts["left"] = valid_utf8(record.left);
  if (record.ending == Ending::still_alive || record.leftover == Leftover::unkillable) {
    const auto* why = record.by == EndedBy::deadline ? "timed out" : record.by == EndedBy::cancel ? "cancelled" : "ended";
    return InDoubt{fmt::format("{}, still alive: {}", why, valid_utf8(record.left)), std::move(result.facts)};
  }
  result.outcome = record.by == EndedBy::deadline ? Outcome::timed_out
                   : record.by == EndedBy::cancel ? Outcome::cancelled
                                                  : Outcome::completed;
  // As a shell tells it: 128 and the signal's number.
  result.result["exit"] = static_cast<std::int64_t>(record.ending == Ending::signalled ? 128 + record.code : record.code);
  result.result["duration"] = Value::Length(record.ran);
  result.result["left"] = valid_utf8(record.left);
  if (record.ending == Ending::signalled) result.facts["signal"] = static_cast<std::int64_t>(record.code);
  result.remark = valid_utf8(leftover_remark(record));
  result.clean = record.leftover != Leftover::killed;
  return result;
}

}  // namespace runbook
