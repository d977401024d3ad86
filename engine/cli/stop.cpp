// `stop` and `pause`: a living engine is asked, and has to say that it heard; where there is none, this process is the engine that closes
// the run. Whatever the disk and the engine do, the steps are told to end.
#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include "cli/commands.h"
#include "cli/session.h"
#include "supervisor/process_table.h"
#include "supervisor/slot_file.h"

namespace runbook {
namespace {

using namespace std::chrono_literals;

constexpr auto one_look = 20ms;
constexpr auto patience = 3s;  // until the engine has taken the request; then its steps are told directly
constexpr auto give_up = 30s;

// By pidfd, looked at again: a pid that was given to somebody else is not signalled.
std::size_t end_steps(const std::string& attempts) {
  std::size_t told = 0;
  for (const auto pid : supervisors_of(attempts)) {
    const Descriptor pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    const auto again = supervisors_of(attempts);
    if (pidfd && std::find(again.begin(), again.end(), pid) != again.end() &&
        ::syscall(SYS_pidfd_send_signal, pidfd.get(), SIGTERM, nullptr, 0U) == 0)
      ++told;
  }
  return told;
}

// What the engine's events say of a request that was filed after `seen`.
enum class Heard { nothing, stopping, refused };
Heard heard(const Store& store, const RunId& run, std::uint64_t& seen) {
  const auto rows = store.read(run, seen);
  if (!rows) return Heard::nothing;
  for (const auto& row : *rows) {
    seen = row.seq;
    if (row.type == "stop_requested" || row.type == "run_closing" || row.type == "run_finished") return Heard::stopping;
    if (row.type == "request_refused") return Heard::refused;
  }
  return Heard::nothing;
}

ExitCode close_by_ourselves(const Context& context, Store& store) {
  const auto run = load_run(context, store, context.arguments.run);
  if (!run) return run.error();
  if (run->row.closed) {
    context.terminal.line(fmt::format("run {} has ended: {}", run->row.id.text(), run->row.status));
    return ExitCode::done;
  }
  const auto code = run_session(context, {run->plan, store, run->row, {request_of(context, Request::What::stop)}, false});
  return code == ExitCode::stopped ? ExitCode::done : code;
}

}  // namespace

ExitCode stop_command(const Context& context) {
  auto store = context.open_store(Access::write);
  if (!store) return context.fail(store.error());
  const auto run = load_run(context, **store, context.arguments.run);
  if (!run) return run.error();
  const auto id = run->row.id;
  if (run->row.closed)
    return context.fail(ExitCode::usage, fmt::format("run {} has ended already: {}", id.text(), run->row.status));
  const auto owner = engine_owner(**store, id);
  if (!owner || !owner->alive) return close_by_ourselves(context, **store);

  const State state = fold(*run);
  if (state.closing) {
    context.terminal.line(fmt::format("run {} is being closed already, by its engine (pid {})", id.text(), owner->pid));
    return ExitCode::done;
  }
  const auto attempts = (*store)->run_directory_path(id) + "/" + attempts_file;
  Request request = request_of(context, Request::What::stop);
  request.engine = state.attached;  // a stop that comes too late stops no later engine
  std::uint64_t seen = state.seq;
  const auto filed = (*store)->submit(id, now(), encode_request(request));
  bool told = false;
  const auto tell = [&](const std::string& why) {
    if (std::exchange(told, true)) return;
    context.terminal.line(fmt::format("run {}: {}; told {} step(s) to end", id.text(), why, end_steps(attempts)));
  };
  if (!filed) tell("the stop could not be recorded: " + filed.error().what);
  const auto began = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - began < give_up) {
    switch (heard(**store, id, seen)) {
      case Heard::stopping:
        context.terminal.line(fmt::format("run {}: its engine (pid {}) stops, and closes it", id.text(), owner->pid));
        return ExitCode::done;
      case Heard::refused: return stop_command(context);  // another engine has come meanwhile, or the run is closing
      case Heard::nothing: break;
    }
    const auto alive = engine_owner(**store, id);
    if (!alive || !alive->alive) return close_by_ourselves(context, **store);
    if (std::chrono::steady_clock::now() - began > patience)
      tell(fmt::format("its engine (pid {}) has not taken the stop yet", owner->pid));
    std::this_thread::sleep_for(one_look);
  }
  return context.fail(ExitCode::broken,
                      fmt::format("run {}: its engine (pid {}) does not answer; end it, and run `runbook stop {}` again",
                                  id.text(), owner->pid, id.text()));
}

// Where no engine lives the run stands still as it is.
ExitCode pause_command(const Context& context) {
  auto store = context.open_store(Access::write);
  if (!store) return context.fail(store.error());
  const auto run = load_run(context, **store, context.arguments.run);
  if (!run) return run.error();
  const auto id = run->row.id;
  const auto owner = engine_owner(**store, id);
  if (run->row.closed || !owner || !owner->alive)
    return context.fail(ExitCode::usage,
                        fmt::format("run {} has no engine that could be paused: {}", id.text(), run->row.status));
  const State state = fold(*run);
  Request request = request_of(context, Request::What::pause);
  request.engine = state.attached;
  std::uint64_t seen = state.seq;
  if (const auto filed = (*store)->submit(id, now(), encode_request(request)); !filed) return context.fail(filed.error());
  const auto began = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - began < give_up) {
    const auto answer = heard(**store, id, seen);
    if (answer == Heard::stopping) {
      context.terminal.line(
          fmt::format("run {}: its engine (pid {}) starts nothing more and ends when what runs has ended; "
                      "runbook resume {} goes on",
                      id.text(), owner->pid, id.text()));
      return ExitCode::done;
    }
    const auto alive = engine_owner(**store, id);
    if (answer == Heard::refused || !alive || !alive->alive) break;
    std::this_thread::sleep_for(one_look);
  }
  return context.fail(ExitCode::broken,
                      fmt::format("run {} was not paused: `runbook show {}` says where it stands", id.text(), id.text()));
}

}  // namespace runbook
