#include "staged_run.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "action/kinds.h"
#include "run/judge.h"
#include "run/polling.h"
#include "runbook/read_runbook.h"

namespace runbook::testing {
namespace {

namespace fs = std::filesystem;

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

const fs::path here = fs::path(RUNBOOK_SOURCE_DIR) / "tests/view";

class DiskFiles : public Files {
 public:
  Result<std::string, std::string> read(const std::string& path) const override {
    if (!fs::exists(path)) return failure("cannot read " + path);
    return slurp(path);
  }
};

class OneFile : public Files {
 public:
  explicit OneFile(std::string text) : text_(std::move(text)) {}
  Result<std::string, std::string> read(const std::string&) const override { return text_; }

 private:
  std::string text_;
};

Plan made(const Inputs& inputs, const Files& files) {
  auto reading = read_runbook(inputs, files, all_kinds());
  std::string wrong;
  const auto complain = [&](const Diagnostics& all) {
    for (const auto& d : all)
      if (d.severity == Severity::error) wrong += render(d, reading.sources, {});
  };
  complain(reading.diagnostics);
  if (!reading.runbook) throw std::runtime_error(wrong);
  auto planning = make_plan(std::move(*reading.runbook), inputs.environment);
  complain(planning.diagnostics);
  if (!planning.plan) throw std::runtime_error(wrong);
  // Goldens are about screens: a digest that changes with every change of the plan's form would only make noise.
  if (!planning.plan->digest.empty()) planning.plan->digest = std::string(60, '0') + "cafe";
  return std::move(*planning.plan);
}

Inputs inputs_for(std::string path, std::string shown) {
  Inputs inputs;
  inputs.path = std::move(path);
  inputs.shown = std::move(shown);
  inputs.environment = {
      {"KUBECONFIG", "/etc/kubeconfig"}, {"DB_HOST", "db.production"}, {"DB_USER", "collector"}, {"DB_NAME", "collector_prod"}};
  return inputs;
}

// Korean time, whatever the machine says: the screens hold local times.
const bool zone_is_set = [] {
  ::setenv("TZ", "KST-9", 1);
  return true;
}();

}  // namespace

Plan plan_of(const std::string& folder, const std::string& file,
             const std::map<std::string, std::string, std::less<>>& variables) {
  auto inputs = inputs_for((here / folder / file).string(), file);
  inputs.variables = variables;
  return made(inputs, DiskFiles());
}

Plan plan_of_text(const std::string& yaml) { return made(inputs_for("/srv/runbooks/test.yaml", "test.yaml"), OneFile(yaml)); }

StagedRun::StagedRun(const Plan& p, Record answers) : plan(p), state(p), now(*parse_utc("2026-11-24T03:00:00.000000Z")) {
  state.run_id = "k7f3";
  RunCreated created;
  created.by = {"kim", 1000, "terminal"};
  created.host = "ops1";
  created.digest = plan.digest;
  created.answers = std::move(answers);
  record(created);
  record(EngineAttached{"ops1", "world", 4711});
}

StagedRun& StagedRun::result(const std::string& path, Record record, Duration takes) {
  scripts_[path] = {Ending::completes, std::move(record), takes, {}};
  return *this;
}
StagedRun& StagedRun::times_out(const std::string& path) {
  scripts_[path] = {Ending::times_out, {}, {}, {}};
  return *this;
}
StagedRun& StagedRun::never_ends(const std::string& path) {
  scripts_[path] = {Ending::never, {}, {}, {}};
  return *this;
}
StagedRun& StagedRun::in_doubt(const std::string& path, std::string evidence) {
  scripts_[path] = {Ending::in_doubt, {}, std::chrono::seconds(1), std::move(evidence)};
  return *this;
}

void StagedRun::record(Body body) {
  if (auto* finished = std::get_if<AttemptFinished>(&body)) body = recorded_end(state.plan(), state, std::move(*finished));
  Event event{state.seq + 1, now, std::move(body)};
  state.apply(event);
  events.push_back(event);
  if (const auto* starting = std::get_if<AttemptStarting>(&event.body))
    if (const auto step = *state.plan().find(starting->step); state.plan().at(step).step.action.kind) {
      const auto script = script_of(step);
      Instant until = now + script.takes;
      if (script.ending == Ending::times_out || until > starting->deadline) until = starting->deadline;
      open_.push_back({step, starting->k, now, script.ending == Ending::never ? Instant::max() : until, script});
    }
  if (observer) observer(event);
}

StagedRun::Script StagedRun::script_of(StepIndex step) const {
  const auto found = scripts_.find(state.plan().at(step).path);
  if (found != scripts_.end()) return found->second;
  Script good;
  const auto& kind = state.plan().at(step).kind;
  if (kind == "shell") good.record = {{"exit", 0}, {"stdout", ""}, {"stderr", ""}};
  if (kind == "http") good.record = {{"status", 200}, {"text", "{}"}};
  if (kind == "sql") good.record = {{"rows", Value::List{}}, {"affected", 0}};
  return good;
}

void StagedRun::finish(const Open& open) {
  if (open.script.ending == Ending::in_doubt) {
    AttemptInDoubt doubt;
    doubt.step = state.plan().at(open.step).path;
    doubt.k = open.k;
    doubt.evidence = open.script.evidence;
    return record(doubt);
  }
  AttemptResult result;
  const bool late = open.script.ending == Ending::times_out || open.started + open.script.takes > open.until;
  result.outcome = state.steps[open.step].open && state.steps[open.step].open->cancelling ? Outcome::cancelled
                   : late                                                                 ? Outcome::timed_out
                                                                                          : Outcome::completed;
  result.result = open.script.record;
  result.started = open.started;
  result.ended = now;
  record(judge(state.plan(), state, open.step, open.k, result));
}

void StagedRun::go_until(Instant end) {
  for (int turn = 0; turn < 100'000; ++turn) {
    const auto decision = decide(state.plan(), state, now);
    for (const auto& body : decision.record) {
      if (const auto* cancelling = std::get_if<AttemptCancelling>(&body))
        for (auto& open : open_)
          if (state.plan().at(open.step).path == cancelling->step) open.until = now;
      record(body);
    }
    if (!decision.record.empty()) continue;
    Instant next = decision.wake_at.value_or(Instant::max());
    for (const auto& open : open_) next = std::min(next, open.until);
    if (next == Instant::max() || next > end) {
      if (end != Instant::max()) now = end;
      return;
    }
    // A question's own end is not waited for: people answer first.
    if (end == Instant::max() && open_.empty() && only_people(state.plan(), state)) return;
    now = std::max(now, next);
    const auto due = std::find_if(open_.begin(), open_.end(), [&](const Open& o) { return o.until <= now; });
    if (due == open_.end()) continue;
    const Open open = *due;
    open_.erase(due);
    finish(open);
  }
  throw std::runtime_error("the run does not come to rest");
}

StagedRun& StagedRun::go() {
  go_until(Instant::max());
  return *this;
}
StagedRun& StagedRun::go_for(Duration time) {
  go_until(now + time);
  return *this;
}

StagedRun& StagedRun::ask(Request request) {
  if (request.by.name.empty()) request.by = {"kim", 1000, "command"};
  for (auto& body : accept(state.plan(), state, request)) record(std::move(body));
  return *this;
}

StagedRun& StagedRun::answer(const std::string& path, Value answer, std::int64_t item, const std::string& by) {
  Request request;
  request.what =
      state.steps[*state.plan().find(path)].question->asked.what == Ask::approve ? Request::What::approve : Request::What::answer;
  request.step = path;
  request.item = item;
  request.answer = std::move(answer);
  request.by = {by, by == "kim" ? 1000 : 1001, "command"};
  return ask(request);
}

StagedRun& StagedRun::event(Body body) {
  record(std::move(body));
  return *this;
}

bool matches_golden(const std::string& name, const std::string& text) {
  const auto path = here / "golden" / name;
  if (std::getenv("UPDATE_GOLDEN")) std::ofstream(path, std::ios::binary) << text;
  return fs::exists(path) && slurp(path) == text;
}

std::string golden_difference(const std::string& name, const std::string& text) {
  return "golden/" + name + " holds\n" + slurp(here / "golden" / name) + "\nbut this came\n" + text;
}

}  // namespace runbook::testing
