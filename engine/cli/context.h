// What a command works with: its arguments, the terminal, who asks, where runs are kept.
#pragma once
#include <map>

#include "action/kinds.h"
#include "cli/arguments.h"
#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "drive/snapshot.h"
#include "run/accept.h"
#include "store/store.h"
#include "view/style.h"

namespace runbook {

Instant now();  // by the wall clock, as everything on record

struct Context {
  Arguments arguments;
  Terminal& terminal;
  Style style;
  std::string state_directory;
  Person person;  // the OS user, as the kernel tells it
  std::string host;
  std::vector<std::pair<std::string, std::string>> environment;
  bool can_ask = false;  // somebody sits there and may be asked

  std::map<std::string, std::string, std::less<>> environment_map() const { return {environment.begin(), environment.end()}; }
  ExitCode fail(ExitCode code, const std::string& sentence) const;  // "runbook: sentence" to stderr
  ExitCode fail(const StoreError& error) const;
  Stored<std::unique_ptr<Store>> open_store(Access access) const;
};

// What a command line asks of a run, in this person's name.
Request request_of(const Context& context, Request::What what);

Context make_context(Arguments arguments, Terminal& terminal);

// A stored run, folded: what every command about a run begins with.
struct StoredRun {
  RunRow row;
  Snapshot snapshot;  // what it goes by now
  Plan plan;          // as it was created, with what it was amended to
  std::vector<Event> events;
};
// `name`: any unique part of its id, or @last. The error was said already; it is the exit code.
Result<RunRow, ExitCode> find_run(const Context& context, const Store& store, const std::string& name);
Result<StoredRun, ExitCode> load_run(const Context& context, const Store& store, const std::string& name);
State fold(const StoredRun& run);
// What an engine of another version would plan otherwise must not be gone on with; the error was said.
Result<void, ExitCode> planned_the_same(const Context& context, const StoredRun& run);

// Diagnostics as they are shown; of very many the first ones, and how many more there are.
std::string rendered(const Context& context, const Diagnostics& diagnostics, const Sources& sources);
// Errors and warnings to stderr, as lint shows them.
void show_diagnostics(const Context& context, const Diagnostics& diagnostics, const Sources& sources);

}  // namespace runbook
