// `doctor`: this machine; `doctor --attempt DIR N`: one slot of a run's `attempts` file, as it lies on disk.
#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/byte_lock.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/surroundings.h"
#include "supervisor/process_table.h"
#include "supervisor/slot_file.h"
#include "base/duration.h"

namespace runbook {
namespace {

std::string_view word_of(BlockState state) {
  return state == BlockState::none ? "empty" : state == BlockState::torn ? "torn" : "valid";
}

std::string time_of(std::int64_t micros) { return format_utc(Instant(Duration(micros))); }

Value name_value(const AttemptName& name) {
  return Value::Map{{"run", name.run},
                    {"step", name.step},
                    {"number", std::int64_t{name.number}},
                    {"k", std::int64_t{name.k}},
                    {"nonce", name.nonce}};
}

Value stream_value(const StreamRecord& stream) {
  constexpr const char* states[] = {"whole", "capped", "lost"};
  return Value::Map{{"state", states[static_cast<std::size_t>(stream.state)]},
                    {"written", static_cast<std::int64_t>(stream.total)},
                    {"kept", static_cast<std::int64_t>(stream.kept)}};
}

Value claim_value(const Slot& slot) {
  Value::Map out{{"block", word_of(slot.claim_state)}};
  if (!slot.claim) return out;
  out.emplace("attempt", name_value(slot.claim->name));
  out.emplace("supervisor", slot.claim->supervisor.pid);
  out.emplace("claimed", time_of(slot.claim->started));
  out.emplace("this_boot", slot.claim->world == world());
  return out;
}

Value exit_value(const Slot& slot) {
  constexpr const char* endings[] = {"exited", "signalled", "never ran", "still alive"};
  constexpr const char* by[] = {"itself", "deadline", "cancel"};
  Value::Map out{{"block", word_of(slot.exit_state)}};
  if (!slot.exit) return out;
  const auto& e = *slot.exit;
  out.emplace("attempt", name_value(e.name));
  out.emplace("ending", endings[static_cast<std::size_t>(e.ending)]);
  out.emplace("code", std::int64_t{e.code});
  out.emplace("by", by[static_cast<std::size_t>(e.by)]);
  out.emplace("started", time_of(e.started));
  out.emplace("ended", time_of(e.ended));
  out.emplace("stdout", stream_value(e.out));
  out.emplace("stderr", stream_value(e.err));
  if (!e.left.empty()) out.emplace("left_running", e.left);
  return out;
}

ExitCode attempt_command(const Context& context) {
  const auto& directory = context.arguments.attempt_directory;
  const auto slot = context.arguments.attempt;
  auto opened = open_file(directory + "/" + attempts_file, O_RDWR);
  if (!opened) return context.fail(ExitCode::usage, opened.error() + "; DIR is a run's directory: STATE_DIRECTORY/runs/RUN");
  const bool held = look_at_byte(opened->get(), slot) != LockState::free;
  const SlotFile slots(std::move(*opened));
  if (!slots.has(slot)) return context.fail(ExitCode::usage, fmt::format("there is no slot {} in {}", slot, directory));
  const auto found = slots.read(slot);
  if (!found) return context.fail(ExitCode::broken, found.error());
  Value::Map out{{"slot", slot},
                 {"lock", held ? "held: its supervisor is alive" : "free"},
                 {"claim", claim_value(*found)},
                 {"exit", exit_value(*found)}};
  if (found->leader && found->leader->process.pid != 0) {
    const auto& process = found->leader->process;
    const bool lives = identity_of_process(static_cast<pid_t>(process.pid)) == process;
    out.emplace("leader", Value::Map{{"pid", process.pid}, {"alive", lives}});
  }
  context.terminal.result(to_json(out, 2) + "\n");
  return ExitCode::done;
}

}  // namespace

ExitCode doctor_command(const Context& context) {
  if (!context.arguments.attempt_directory.empty()) return attempt_command(context);
  const auto list = findings(look_around(context.state_directory, context.person.name), context.style.language);
  context.terminal.result(context.arguments.output == "json" ? to_json(doctor_value(list), 2) + "\n"
                                                             : doctor_screen(list, context.style));
  const bool broken = std::any_of(list.begin(), list.end(), [](const Finding& f) { return f.weight == Finding::Weight::broken; });
  return broken ? ExitCode::broken : ExitCode::done;
}

}  // namespace runbook
