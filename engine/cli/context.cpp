#include "cli/context.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/quoted_word.h"
#include "drive/operating_user.h"
#include "view/reasons.h"
#include "view/sentences.h"

namespace runbook {
namespace {

constexpr Sentence no_such_run{"there is no run `{}` in {}; `runbook runs` lists them",
                               "실행 `{}` 이(가) {} 에 없습니다. `runbook runs` 에 목록이 있습니다"},
    several_runs{"`{}` is part of several runs:{}", "`{}` 이(가) 들어 있는 실행이 여럿입니다:{}"},
    owners_run{"\n  run {}", "\n  실행 {}"}, owners_engine{"\n  engine: pid {} on {}{}, {}", "\n  엔진: pid {}, 호스트 {}{}, {}"},
    of_user{" of {}", ", 사용자 {}"}, alive{"alive", "살아 있음"}, ended{"ended", "끝남"},
    what_to_do{"\n  see it: runbook show {0}   close it: runbook stop {0}",
               "\n  보기: runbook show {0}   닫기: runbook stop {0}"};

std::string variable(const char* name) {
  const char* found = std::getenv(name);
  return found != nullptr ? found : "";
}

Language language() {
  for (const char* name : {"RUNBOOK_LANG", "LC_ALL", "LC_MESSAGES", "LANG"})
    if (const auto value = variable(name); !value.empty()) return value.starts_with("ko") ? Language::korean : Language::english;
  return Language::english;
}

std::string state_directory(const Arguments& a) {
  if (!a.state_dir.empty()) return std::filesystem::absolute(a.state_dir).lexically_normal().string();
  if (const auto set = variable("RUNBOOK_STATE_DIR"); !set.empty())
    return std::filesystem::absolute(set).lexically_normal().string();
  if (const auto state = variable("XDG_STATE_HOME"); !state.empty() && state[0] == '/') return state + "/runbook";
  const passwd* entry = ::getpwuid(::getuid());
  const std::string home = variable("HOME").empty() && entry != nullptr ? entry->pw_dir : variable("HOME");
  return home + "/.local/state/runbook";
}

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

}  // namespace

Instant now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

Context make_context(Arguments arguments, Terminal& terminal) {
  Context out{std::move(arguments), terminal, {}, "", {}, "", {}, false};
  const Arguments& a = out.arguments;
  out.style.language = language();
  out.style.color =
      a.color == "always" || (a.color == "auto" && is_terminal(2) && variable("NO_COLOR").empty() && variable("TERM") != "dumb");
  out.style.ascii = a.ascii;
  out.style.width = terminal_width();
  out.state_directory = state_directory(a);
  out.person = {user_name(::getuid()), static_cast<std::int64_t>(::getuid()), "command"};
  out.host = host_name();
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto at = text.find('=');
    if (at != std::string::npos && at > 0) out.environment.emplace_back(text.substr(0, at), text.substr(at + 1));
  }
  out.can_ask = !a.no_input && is_terminal(0) && is_terminal(2);
  return out;
}

Request request_of(const Context& context, Request::What what) {
  Request r;
  r.what = what;
  r.step = context.arguments.step;
  r.reason = context.arguments.reason;
  r.by = context.person;
  r.groups = group_names(::getuid());
  return r;
}

ExitCode Context::fail(ExitCode code, const std::string& sentence) const {
  terminal.line("runbook: " + sentence);
  return code;
}

ExitCode Context::fail(const StoreError& error) const {
  std::string sentence = reason_in(error.what, style.language);
  ExitCode code = ExitCode::broken;
  if (error.kind == StoreError::Kind::lock_taken) code = ExitCode::locked;
  if (error.kind == StoreError::Kind::no_such_run) code = ExitCode::usage;
  if (error.kind == StoreError::Kind::lost_lease) code = ExitCode::locked;
  if (error.kind == StoreError::Kind::damaged)
    sentence += "\n  " + say(style.language, words::damaged_state, quoted_word(state_directory));
  if (error.owner) {
    const auto& o = *error.owner;
    if (!o.run.empty()) sentence += say(style.language, owners_run, o.run);
    if (o.pid > 0) {
      const auto user = o.user.empty() ? std::string() : say(style.language, of_user, o.user);
      sentence += say(style.language, owners_engine, o.pid, o.host, user, (o.alive ? alive : ended).in(style.language));
    }
    if (!o.run.empty()) sentence += say(style.language, what_to_do, o.run);
  }
  return fail(code, sentence);
}

Stored<std::unique_ptr<Store>> Context::open_store(Access access) const {
  auto store = open_sqlite_store(state_directory, access);
  if (store)
    for (const auto& warning : (*store)->warnings()) terminal.line("runbook: " + warning);
  return store;
}

Result<RunRow, ExitCode> find_run(const Context& context, const Store& store, const std::string& name) {
  const auto rows = store.runs();
  if (!rows) return failure(context.fail(rows.error()));
  if (name == "@last" && !rows->empty()) return rows->front();
  std::vector<const RunRow*> found;
  for (const auto& row : *rows) {
    if (row.id.text() == name) return row;
    if (row.id.text().find(name) != std::string::npos) found.push_back(&row);
  }
  if (found.size() == 1) return *found.front();
  if (found.empty())
    return failure(context.fail(ExitCode::usage, say(context.style.language, no_such_run, name, context.state_directory)));
  std::string names;
  for (const auto* row : found) names += " " + row->id.text();
  return failure(context.fail(ExitCode::usage, say(context.style.language, several_runs, name, names)));
}

Result<StoredRun, ExitCode> load_run(const Context& context, const Store& store, const std::string& name) {
  const auto row = find_run(context, store, name);
  if (!row) return failure(row.error());
  const auto rows = store.read(row->id);
  if (!rows) return failure(context.fail(rows.error()));
  std::vector<Event> events;
  std::size_t amendments = 0;
  for (const auto& each : *rows) {
    const auto body = decode_body(each.type, each.body);
    if (!body) return failure(context.fail(ExitCode::broken, body.error()));
    if (!*body) continue;
    amendments += std::holds_alternative<RunAmended>(**body);
    events.push_back({each.seq, each.at, **body});
  }
  const auto kept = store.snapshots(row->id);  // read later than the events: one more than they tell of is not missed
  if (!kept) return failure(context.fail(kept.error()));
  if (kept->size() <= amendments) return failure(context.fail(ExitCode::broken, "a snapshot of the run is missing"));
  StoredRun out{*row, {}, {}, std::move(events)};
  for (std::size_t n = 0; n <= amendments; ++n) {
    auto snapshot = decode_snapshot((*kept)[n]);
    if (!snapshot) return failure(context.fail(ExitCode::broken, snapshot.error()));
    auto reviewed = review(*snapshot, all_kinds());
    if (!reviewed.plan) {
      show_diagnostics(context, reviewed.diagnostics, reviewed.sources);
      return failure(context.fail(ExitCode::invalid,
                                  fmt::format("run {}: this engine cannot plan what it was started with", row->id.text())));
    }
    if (n == 0) out.plan = std::move(*reviewed.plan);
    else out.plan.amended.push_back(std::make_shared<const Plan>(std::move(*reviewed.plan)));
    out.snapshot = std::move(*snapshot);
  }
  return out;
}

Result<void, ExitCode> planned_the_same(const Context& context, const StoredRun& run) {
  auto amended = run.plan.amended.begin();
  for (const auto& event : run.events) {
    const auto* created = std::get_if<RunCreated>(&event.body);
    const auto* later = std::get_if<RunAmended>(&event.body);
    if (created == nullptr && later == nullptr) continue;
    const std::string& then = created != nullptr ? created->digest : later->digest;
    const std::string& now = created != nullptr ? run.plan.digest : (*amended++)->digest;
    if (then == now) continue;
    return failure(context.fail(ExitCode::invalid,
                                fmt::format("run {} was planned differently by the engine that started it ({} there, {} here): "
                                            "resume it with that version",
                                            run.row.id.text(), then.substr(0, 12), now.substr(0, 12))));
  }
  return {};
}

State fold(const StoredRun& run) {
  State state(run.plan);
  state.run_id = run.row.id.text();
  for (const auto& event : run.events) state.apply(event);
  return state;
}

std::string rendered(const Context& context, const Diagnostics& diagnostics, const Sources& sources) {
  constexpr std::size_t enough = 200;  // nobody reads more, and a broken file of a megabyte has tens of thousands
  const std::size_t shown = std::min(diagnostics.size(), enough);
  std::string out;
  for (std::size_t i = 0; i < shown; ++i)
    out += render(diagnostics[i], sources, {context.style.language, context.style.color}) + "\n";
  if (shown < diagnostics.size())
    out += phrase("... and {} more\n", "... 그 밖에 {} 개\n", diagnostics.size() - shown).in(context.style.language);
  return out;
}

void show_diagnostics(const Context& context, const Diagnostics& diagnostics, const Sources& sources) {
  context.terminal.lines(rendered(context, diagnostics, sources));
}

}  // namespace runbook
