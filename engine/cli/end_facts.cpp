#include "cli/end_facts.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "action/sweep.h"
#include "cli/output_tails.h"
#include "cli/same_run.h"
#include "drive/secrets.h"
#include "supervisor/process_table.h"
#include "supervisor/slot_file.h"
#include "view/effects.h"

namespace runbook {
namespace {

constexpr std::size_t longest_end = 64U << 10U;
constexpr std::size_t most_lines = 10;

void add_lines(std::string_view text, LastOutput& out) {
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    out.lines.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  out.of = static_cast<std::int64_t>(out.lines.size());
}

std::string end_of_file(const std::string& path) {
  const auto file = open_file(path, O_RDONLY);
  if (!file) return "";
  const auto size = ::lseek(file->get(), 0, SEEK_END);
  ::lseek(file->get(), std::max<off_t>(0, size - static_cast<off_t>(longest_end)), SEEK_SET);
  return read_all(file->get(), longest_end).value_or("");
}

// An attempt in doubt has no end on record; what it wrote until then lies in its files.
LastOutput output_on_disk(const std::string& folder, std::size_t number, std::int64_t k, const Masker& masker) {
  LastOutput out;
  for (const char* extension : {"out", "err"})
    add_lines(masker.text(end_of_file(fmt::format("{}/{:04}.{}.{}", folder, number, k, extension))), out);
  if (out.lines.size() > most_lines) out.lines.erase(out.lines.begin(), out.lines.end() - most_lines);
  return out;
}

// The stamps of the latest attempts: what names their processes.
std::map<std::string, Stamp> latest_stamps(const Store& store, const RunId& run) {
  std::map<std::string, Stamp> out;
  const auto rows = store.read(run);
  if (!rows) return out;
  for (const auto& row : *rows) {
    if (row.type != event_type(Body(AttemptStarting{}))) continue;
    const auto body = decode_body(row.type, row.body);
    if (body && *body)
      if (const auto* starting = std::get_if<AttemptStarting>(&**body)) out[starting->step] = starting->stamp;
  }
  return out;
}

std::string living_processes(const std::string& folder, const Stamp& stamp) {
  std::vector<pid_t> pids = processes_with(attempt_mark(stamp.nonce));
  const auto add = [&pids](const ProcessIdentity& process) {
    const auto pid = static_cast<pid_t>(process.pid);
    if (pid > 1 && identity_of_process(pid) == process && std::find(pids.begin(), pids.end(), pid) == pids.end())
      pids.insert(pids.begin(), pid);
  };
  if (auto file = open_file(folder + "/" + attempts_file, O_RDONLY)) {
    const SlotFile slots(std::move(*file));
    if (const auto slot = slots.has(stamp.slot) ? slots.read(stamp.slot) : Result<Slot, Failure>(failure(Failure())); slot) {
      if (slot->leader && slot->leader->name.nonce == stamp.nonce) add(slot->leader->process);
      if (slot->claim && slot->claim->name.nonce == stamp.nonce) add(slot->claim->supervisor);
    }
  }
  std::string out;
  for (const auto pid : pids) {
    const auto state = process_state(pid);
    if (state && state->state != 'Z' && state->state != 'X') out += (out.empty() ? "" : ", ") + describe_process(pid);
  }
  return out;
}

}  // namespace

EndFacts end_facts(const Context& context, const Store& store, const RunRow& row, const Plan& plan, const State& state) {
  EndFacts out;
  if (status_of(plan, state) == RunStatus::refused) out.again = command_for(context, store, row, state);
  for (StepIndex i = 0; i < plan.steps.size(); ++i) {
    const auto& last = state.steps[i].last;
    if (!last || last->verdict == cel::Verdict::met) continue;
    for (const auto& tail : output_tails(last->facts)) add_lines(tail.text, out.output[plan.at(i).path]);
  }
  const auto doubts = doubtful_steps(plan, state);
  if (doubts.empty()) return out;
  const auto stamps = latest_stamps(store, row.id);
  const auto masker = masker_for(state);
  const auto folder = store.run_directory_path(row.id);
  for (const auto i : doubts) {
    const auto& path = plan.at(i).path;
    if (masker) out.output[path] = output_on_disk(folder, plan.at(i).number, state.steps[i].attempts, *masker);
    const auto stamp = stamps.find(path);
    if (stamp == stamps.end() || stamp->second.nonce.empty()) continue;
    const bool same_world = stamp->second.world == world();
    out.processes[path] =
        process_words(same_world, same_world ? living_processes(folder, stamp->second) : "", context.style.language);
  }
  return out;
}

Result<Masker, std::string> masker_for(const State& state) {
  Masker masker;
  Secrets secrets;
  std::vector<const Plan*> plans{&state.written()};
  for (const auto& amended : state.written().amended) plans.push_back(amended.get());
  for (const auto* plan : plans)
    for (const auto& unit : plan->runbook.units)
      for (const auto& [name, secret] : unit.secrets) {
        const auto value = secrets.read(secret);
        if (!value) return failure(value.error());
        masker.add(*value);
      }
  return masker;
}

}  // namespace runbook
