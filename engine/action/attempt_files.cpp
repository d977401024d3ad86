#include "action/attempt_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/byte_lock.h"
#include "base/digest.h"
#include "supervisor/process_table.h"

namespace runbook {
namespace {

constexpr std::size_t largest_script = 4U << 20U;

std::string nonce_line(const std::string& nonce) { return "# runbook attempt " + nonce + "\n"; }

// The nonce ends in the identity of the slot file: in a copied directory it does not fit, so nothing there is launched twice.
std::string make_nonce(const SlotFile& slots) { return random_hex(16) + "-" + slots.identity(); }
bool made_here(const std::string& nonce, const SlotFile& slots) {
  const auto dash = nonce.find('-');
  return dash != std::string::npos && nonce.substr(dash + 1) == slots.identity();
}

Files look_at_files(const AttemptContext& context, const std::optional<Command>& command) {
  for (const auto* extension : {"out", "err"})
    if (!open_beneath(context.directory, attempt_file(context, extension), O_RDONLY)) return Files::missing_or_foreign;
  const auto file = open_beneath(context.directory, attempt_file(context, "sh"), O_RDONLY);
  if (!file) return Files::missing_or_foreign;
  const auto text = read_all(file->get(), largest_script);
  if (!text) return Files::missing_or_foreign;
  const bool carries = text->find(context.stamp.nonce) != std::string::npos;
  const bool equals = command && !command->hash_comments && *text == script_text(*command, context.stamp.nonce);
  return carries || equals ? Files::ours : Files::missing_or_foreign;
}

KeptStream read_kept(const AttemptContext& context, std::string_view extension, const StreamRecord& record) {
  const auto file = open_beneath(context.directory, attempt_file(context, extension), O_RDONLY);
  if (!file) return {"", false};
  return read_stream(file->get(), record);
}

}  // namespace

std::string attempt_file(const AttemptContext& context, std::string_view extension) {
  return fmt::format("{:04}.{}.{}", context.number, context.k, extension);
}

AttemptName attempt_name(const AttemptContext& context) {
  return {context.stamp.nonce, context.run, context.step, context.number, context.k};
}

std::string script_text(const Command& command, const std::string& nonce) {
  if (!command.hash_comments) return command.script;
  // At the end, so that line numbers in messages are the author's.
  const bool open_line = !command.script.empty() && command.script.back() != '\n';
  return command.script + (open_line ? "\n" : "") + nonce_line(nonce);
}

Result<Stamp, Failure> make_attempt_files(const AttemptContext& context, const Command& command, std::int64_t next_slot) {
  auto slots = SlotFile::open(context.directory);
  if (!slots) return failure(slots.error());
  Stamp stamp;
  stamp.nonce = make_nonce(*slots);
  stamp.world = world();
  auto slot = slots->take_slot({stamp.nonce, context.run, context.step, context.number, context.k}, next_slot);
  if (!slot) return failure(slot.error());
  stamp.slot = *slot;
  for (const auto* extension : {"out", "err"})
    if (auto made = open_beneath(context.directory, attempt_file(context, extension), O_WRONLY | O_CREAT | O_TRUNC); !made)
      return failure(made.error());
  // Its sync of the directory covers the two above and, the first time, the slot file.
  if (auto written = write_durably(context.directory, attempt_file(context, "sh"), script_text(command, stamp.nonce)); !written)
    return failure(written.error());
  return stamp;
}

KeptStream kept_stream(std::string bytes, const StreamRecord& record) {
  if (record.state == StreamRecord::State::lost) return {};
  if (bytes.size() != record.kept || (record.kept > 0 && sha256(bytes.data(), bytes.size()) != record.digest)) return {"", false};
  return {std::move(bytes), true};
}

KeptStream read_stream(int file, const StreamRecord& record) {
  if (record.state == StreamRecord::State::lost) return {};
  std::string bytes(record.kept, '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const auto size = ::pread(file, &bytes[have], bytes.size() - have, static_cast<off_t>(have));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return {"", false};
    have += static_cast<std::size_t>(size);
  }
  struct stat found {};
  if (::fstat(file, &found) != 0 || static_cast<std::uint64_t>(found.st_size) != record.kept) return {"", false};
  return kept_stream(std::move(bytes), record);
}

Found gather(const AttemptContext& context, const std::optional<Command>& command) {
  Found found;
  auto& evidence = found.evidence;
  evidence.same_world = context.stamp.world == world();
  auto opened = context.directory >= 0 ? open_beneath(context.directory, attempts_file, O_RDWR)
                                       : Result<Descriptor, Failure>(failure(Failure("no directory")));
  if (!opened) {
    evidence.files = Files::missing_or_foreign;
    return found;
  }
  if (look_at_byte(opened->get(), context.stamp.slot) != LockState::free) evidence.lock = Lock::held;
  const SlotFile slots(std::move(*opened));
  auto slot = slots.has(context.stamp.slot) ? slots.read(context.stamp.slot) : Result<Slot, Failure>(failure(Failure("no slot")));
  if (!slot) {
    evidence.files = Files::missing_or_foreign;
    return found;
  }
  found.slot = std::move(*slot);
  evidence.claim = found.slot.claim_state;
  evidence.exit = found.slot.exit_state;
  if (evidence.lock == Lock::held) return found;

  const auto& nonce = context.stamp.nonce;
  const bool foreign =
      (found.slot.claim && found.slot.claim->name.nonce != nonce) || (found.slot.exit && found.slot.exit->name.nonce != nonce);
  evidence.files = foreign || !made_here(nonce, slots) ? Files::missing_or_foreign : look_at_files(context, command);
  if (evidence.files != Files::ours || !found.slot.exit) return found;
  found.out = read_kept(context, "out", found.slot.exit->out);
  found.err = read_kept(context, "err", found.slot.exit->err);
  if (!found.out.matches || !found.err.matches) evidence.output = Output::differs;
  return found;
}

}  // namespace runbook
