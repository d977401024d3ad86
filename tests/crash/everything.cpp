#include "tests/crash/everything.h"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <sstream>

#include "base/json.h"
#include "tests/e2e/shown_run.h"

namespace runbook::tests {
namespace {

// Every step with an effect, and how often it may be had. A new kind of effect is a line here, one in the runbook, and one in
// effects().
enum class Often { once, at_least_twice };  // twice: it fails at first, and may be repeated
struct Effect {
  const char* step;
  const char* name;  // in the file, the table, the web server's counts
  Often often = Often::once;
};
constexpr std::array all_effects{
    Effect{"one", "one"},
    Effect{"both/left", "left"},
    Effect{"both/right", "right"},
    Effect{"again", "again", Often::at_least_twice},
    Effect{"row", "row"},
    Effect{"post", "post"},
    Effect{"each[x]", "each-x"},
    Effect{"each[y]", "each-y"},
    Effect{"rescue:fails/mend", "mend"},
    Effect{"finally:closed", "closed"},
};
constexpr std::array sql_steps{"both/right", "row"};  // the server knows what became of them: never in doubt

constexpr const char* steps = R"yaml(connections: { db: {} }
vars: { tag: { type: string, required: true }, web: { type: string, required: true } }
notify: [{ url: "${vars.web}/status/200?${vars.tag}", format: json, tell: [finished] }]
steps:
  - { id: look, shell: 'echo x >> tries; test "$(wc -l < tries)" -ge 2', changes: none, retry: { every: 10ms, for: 50s } }
  - { id: one, shell: 'echo "one $$-$RANDOM" | tee -a log', changes: log, outputs: { said: stdout.trim() } }
  - id: both
    steps:
      - { id: left, needs: [], shell: 'echo "left $$-$RANDOM" | tee -a log; sleep 0.02', changes: log, outputs: { said: stdout.trim() } }
      - id: right
        needs: []
        sql: { db: db, query: "INSERT INTO effect(tag, step) VALUES ($1, 'right') RETURNING 'right ' || id AS said", params: ["${vars.tag}"] }
        changes: a row
        expect: affected == 1
        outputs: { said: "rows[0].said" }
  - { id: colour, manual: { ask: Colour, choose: [red, blue] }, timeout: 1h }
  - id: again
    shell: 'echo "again $$-$RANDOM" >> log; test -e ready || { touch ready; exit 1; }'
    changes: log
    rerun: safe
    retry: { every: 10ms, for: 50s }
  - id: row
    sql: { db: db, query: "INSERT INTO effect(tag, step) VALUES ($1, 'row') RETURNING 'row ' || id AS said", params: ["${vars.tag}"] }
    changes: a row
    outputs: { said: "rows[0].said" }
  - { id: read, sql: { db: db, query: "SELECT count(*) AS n FROM effect WHERE tag = $1", params: ["${vars.tag}"] }, expect: "rows[0].n == 2" }
  - id: post
    http: { post: "${vars.web}/echo/${vars.tag}", json: {} }
    changes: a request
    outputs: { said: '"post " + json.headers["idempotency-key"]' }
  - { id: get, http: { get: "${vars.web}/status/200" } }
  - id: each
    for_each: [x, y]
    at_once: 2
    shell: 'echo "each-$which $$-$RANDOM" | tee -a log'
    env: { which: "${item}" }
    changes: log
    outputs: { said: stdout.trim() }
  - id: fails
    shell: exit 3
    changes: none
    rescue: [{ id: mend, shell: 'echo "mend $$-$RANDOM" | tee -a log', changes: log, outputs: { said: stdout.trim() } }]
finally:
  - { id: closed, shell: 'echo "closed $$-$RANDOM" | tee -a log', changes: log, outputs: { said: stdout.trim() } }
)yaml";

std::string fresh_tag() {
  static std::atomic<int> count{0};
  return "t" + std::to_string(::getpid()) + "-" + std::to_string(count++);
}

// Each row of a query, as texts.
std::vector<std::vector<std::string>> rows_of(sqlite3* database, const char* query) {
  std::vector<std::vector<std::string>> out;
  sqlite3_stmt* rows = nullptr;
  if (::sqlite3_prepare_v2(database, query, -1, &rows, nullptr) != SQLITE_OK) return out;
  while (::sqlite3_step(rows) == SQLITE_ROW) {
    auto& row = out.emplace_back();
    for (int i = 0; i < ::sqlite3_column_count(rows); ++i)
      row.emplace_back(reinterpret_cast<const char*>(::sqlite3_column_text(rows, i)));
  }
  ::sqlite3_finalize(rows);
  return out;
}

Value body_of(const StoredEvent& event) {
  const auto parsed = parse_json(event.json);
  return parsed ? *parsed : Value();
}

std::string last_lines(const std::string& text) { return text.size() < 1500 ? text : text.substr(text.size() - 1500); }

}  // namespace

void make_the_table() {
  PostgresServer::get().psql(
      "SET client_min_messages = warning; CREATE TABLE IF NOT EXISTS effect(id serial, tag text, step text); "
      "CREATE INDEX IF NOT EXISTS effect_tag ON effect(tag)");
}

Everything::Everything(const HttpServer& web) : web_(web), tag_(fresh_tag()) {
  for (const auto& [name, value] : PostgresServer::get().environment()) place.environment[name] = value;
  place.environment["PGSSLMODE"] = "disable";
  place.write("a.yaml", runbook_of(steps));
}

std::vector<std::string> Everything::words() const {
  return {program(),  "run",        "a.yaml",     "--var", "tag=" + tag_, "--var", "web=" + web_.url(""),
          "--answer", "colour=red", "--progress", "json"};
}

// How often somebody was told that it has ended.
std::size_t Everything::notices() const {
  const auto requests = parse_json(output_of("curl -sf " + web_.url("/requests")));
  REQUIRE(requests);
  return static_cast<std::size_t>(std::count_if(requests->list()->begin(), requests->list()->end(), [&](const Value& request) {
    return member(request, "path").ends_with("?" + tag_);
  }));
}

Everything::Effects Everything::effects() const {
  std::string all =
      place.read("log") + PostgresServer::get().psql("SELECT step || ' ' || id FROM effect WHERE tag = '" + tag_ + "'");
  const auto requests = parse_json(output_of("curl -sf " + web_.url("/requests")));
  REQUIRE(requests);
  for (const auto& request : *requests->list())
    if (member(request, "path").ends_with("/" + tag_)) all += "post " + member(request, "idempotency-key") + "\n";
  std::istringstream said(all);
  Effects out;
  for (std::string line; std::getline(said, line);) {
    const auto name = line.substr(0, line.find(' '));
    const auto known = std::find_if(all_effects.begin(), all_effects.end(), [&](const Effect& e) { return e.name == name; });
    out[known != all_effects.end() ? known->step : "unknown: " + line].push_back(line);
  }
  return out;
}

Everything::Stored Everything::stored() const {
  namespace fs = std::filesystem;
  const std::string state = place.environment.at("RUNBOOK_STATE_DIR"), copy = place.path() + "/copy.db";
  std::error_code ignored;
  for (const char* part : {"", "-wal"}) {
    fs::remove(copy + part, ignored);
    fs::copy_file(state + "/state.db" + part, copy + part, ignored);
  }
  fs::remove(copy + "-shm", ignored);
  Stored out;
  sqlite3* file = nullptr;
  if (::sqlite3_open(copy.c_str(), &file) == SQLITE_OK) {
    for (const auto& row : rows_of(file, "SELECT id, closed FROM runs")) {
      out.run = row[0];
      out.closed = row[1] == "1";
    }
    for (const auto& row : rows_of(file, "SELECT seq, type, body FROM events ORDER BY seq"))
      out.events.push_back({std::stoll(row[0]), row[1], row[2]});
  }
  ::sqlite3_close(file);
  return out;
}

void Everything::look() {
  effects_ = effects();
  stored_ = stored();
}

std::string Everything::without_intent() const {
  for (const auto& [step, said] : effects_) {
    const auto intents = static_cast<std::size_t>(
        std::count_if(stored_.events.begin(), stored_.events.end(), [&, &path = step](const StoredEvent& event) {
          return event.type == "attempt_starting" && member(body_of(event), "step") == path;
        }));
    if (said.size() > intents)
      return step + " took effect " + std::to_string(said.size()) + " times, with " + std::to_string(intents) +
             " intents on record";
  }
  return {};
}

// What was told to somebody must still be there.
std::string Everything::lost(const std::string& shown) const {
  std::istringstream lines(shown);
  for (std::string line; std::getline(lines, line) && !lines.eof();) {
    const auto told = parse_json(line);
    if (!told) return "printed what is no JSON: " + line;
    const auto* seq = told->find("seq");
    if (seq == nullptr || seq->integer() == nullptr) continue;
    const auto kept = std::find_if(stored_.events.begin(), stored_.events.end(),
                                   [&](const StoredEvent& e) { return e.seq == *seq->integer(); });
    if (kept == stored_.events.end() || kept->type != member(*told, "type")) return "shown, and not stored: " + line;
  }
  return {};
}

// Says the truth about each step that is asked about, as a person would who has looked.
std::string Everything::answer(Hit hit) const {
  const ShownRun run(place);
  const auto had = effects();
  bool any = false;
  for (const auto& effect : all_effects) {
    const std::string path = effect.step;
    const auto step = run.step(path);
    const auto* question = step.find("question");
    if (question == nullptr || (member(*question, "what") != "again" && member(*question, "what") != "in_doubt")) continue;
    any = true;
    const auto asked = path + " is asked about (" + member(*question, "what") + ": " + member(*question, "sentence") + ")";
    if (hit == Hit::engine) return asked + ", though the engine alone was hit";
    if (hit != Hit::server && std::find(sql_steps.begin(), sql_steps.end(), path) != sql_steps.end())
      return asked + ", which the server could tell";
    const auto found = had.find(path);
    const bool done = found != had.end();
    const auto resolved = place.shell("'" + program() + "' resolve @last '" + path + "' --reason looked --as " +
                                      (!done                         ? "not-done"
                                       : effect.often == Often::once ? "done --set 'said=" + found->second.back() + "'"
                                                                     : "done"));
    if (resolved.code != 0) return "cannot resolve " + path + ": " + last_lines(resolved.err);
  }
  return any ? "" : "exit 7, and nothing is asked\n" + run.json();
}

Outcome Everything::to_the_end(Hit hit, std::string& wrong) const {
  Outcome ended;
  for (int round = 0; round < 10; ++round) {
    ended = place.shell("timeout -s KILL 60 '" + program() + "' resume @last");
    if (ended.code != 7) break;
    wrong = answer(hit);
    if (!wrong.empty()) break;
  }
  return ended;
}

std::string Everything::wrong_at_the_end(Hit hit) const {
  const auto had = effects();
  const auto events = stored().events;
  const ShownRun run(place);
  if (run.status() != "succeeded" || run.is_open()) return "the run is " + run.status();
  for (const auto& effect : all_effects) {
    const auto found = had.find(effect.step);
    const auto times = found == had.end() ? 0 : found->second.size();
    // A failure in `finally` is shown and changes nothing: nobody is asked.
    if (hit != Hit::engine && run.status_of(effect.step) == "failed" && std::string_view(effect.step).starts_with("finally:") &&
        times < 2)
      continue;
    if (run.status_of(effect.step) != "succeeded") return std::string(effect.step) + " is " + run.status_of(effect.step);
    if (effect.often == Often::once ? times != 1 : times < 2)
      return std::string(effect.step) + " took effect " + std::to_string(times) + " times";
  }
  if (notices() == 0) return "nobody was told that it has ended";
  for (const auto& [step, said] : had)
    if (step.starts_with("unknown")) return "an effect of nobody's: " + step;
  if (events.size() < stored_.events.size() || !std::equal(stored_.events.begin(), stored_.events.end(), events.begin()))
    return "what was stored at the crash is not what was stored later";
  if (run.status_of("fails") != "rescued") return "fails is " + run.status_of("fails");
  for (const char* path : {"look", "both", "colour", "read", "get", "each"})
    if (run.status_of(path) != "succeeded") return std::string(path) + " is " + run.status_of(path);
  for (const auto& event : events) {
    if (event.type != "attempt_finished") continue;
    const auto body = body_of(event);
    const auto* outputs = body.find("outputs");
    const auto said = outputs != nullptr ? member(*outputs, "said") : "";
    if (!said.empty() && said != had.at(member(body, "step")).front()) return "another result is on record than was had: " + said;
  }
  return {};
}

Judgement Everything::settle(Hit hit, const std::string& shown) const {
  using Ending = Judgement::Ending;
  auto wrong = without_intent();
  if (wrong.empty()) wrong = lost(shown);
  if (!wrong.empty()) return {Ending::violation, wrong};
  if (stored_.run.empty()) {
    if (!effects_.empty()) return {Ending::violation, "effects without a run"};
    std::string command = "exec timeout -s KILL 60";
    for (const auto& word : words()) command += " '" + word + "'";
    const auto ran = place.shell(command);
    wrong =
        ran.code == 0 ? wrong_at_the_end(hit) : "it cannot be run afterwards: exit " + std::to_string(ran.code) + "\n" + ran.err;
    return {wrong.empty() ? Ending::sound : Ending::violation, wrong};
  }
  const auto resumed = to_the_end(hit, wrong);  // of a run that was closed, whoever was not told is told
  if (wrong.empty() && resumed.code != 0)
    wrong = "resumed: exit " + std::to_string(resumed.code) + "\n" + last_lines(resumed.err);
  if (wrong.empty()) wrong = wrong_at_the_end(hit);
  if (!wrong.empty()) return {Ending::violation, wrong};
  const auto events = stored().events;
  const bool doubted = std::any_of(events.begin(), events.end(), [](const StoredEvent& e) { return e.type == "in_doubt"; });
  if (doubted && hit == Hit::engine) return {Ending::violation, "it was in doubt, though the engine alone was hit"};
  return {doubted ? Ending::in_doubt : Ending::sound, {}};
}

}  // namespace runbook::tests
