#include "drive/engine.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/invariant.h"
#include "drive/stored_request.h"
#include "run/judge.h"
#include "run/polling.h"
#include "run/scope.h"

namespace runbook {
namespace {

// What only light attempts say waits a moment for company: fifty polls share one commit.
constexpr Duration lazy = std::chrono::milliseconds(50);
// Tries that changed nothing wait for many of their kind. A crash undoes them: they are simply done again.
constexpr Duration lazy_polls = std::chrono::seconds(10);
// How often requests are looked for where nothing tells that they came.
constexpr Duration between_looks = std::chrono::seconds(2);
constexpr Duration grace = std::chrono::seconds(10);

// Whether an event must be stored before anything follows from it.
bool is_forced(const Plan& plan, const Body& body) {
  const auto reads = [&](const std::string& step) {
    const auto i = plan.find(step);
    return i && plan.at(*i).reads;
  };
  return std::visit(overloaded{
                        [](const AttemptStarting& e) { return e.durable; },
                        [&](const AttemptFinished& e) { return !reads(e.step); },
                        [&](const AttemptCancelling& e) { return !reads(e.step); },
                        [](const Polled&) { return false; },
                        [](const StepFinished&) { return false; },
                        [](const Rescuing&) { return false; },
                        [](const StepAdmitted&) { return false; },
                        [](const StepSkipped&) { return false; },
                        [](const SetBack&) { return false; },
                        [](const auto&) { return true; },
                    },
                    body);
}

void mask(Body& body, const Masker& masker) {
  if (masker.empty()) return;
  const auto record = [&](Record& r) { r = to_record(masker.value(to_value(r))); };
  const auto finished = [&](AttemptFinished& e) {
    e.why = masker.text(e.why);
    e.remark = masker.text(e.remark);
    e.operands = masker.value(e.operands);
    record(e.outputs);
    record(e.lasting);
    record(e.facts);
  };
  std::visit(overloaded{
                 [&](AttemptFinished& e) { finished(e); },
                 [&](AttemptInDoubt& e) {
                   e.evidence = masker.text(e.evidence);
                   record(e.facts);
                 },
                 [&](StepFinished& e) { e.why = masker.text(e.why); },
                 [&](Rescuing& e) { e.why = masker.text(e.why); },
                 [&](Expanded& e) {
                   for (auto& element : e.items) {
                     element.key = masker.text(element.key);
                     element.item = masker.value(element.item);
                   }
                 },
                 [&](StepAdmitted& e) { e.operands = masker.value(e.operands); },
                 [&](StepSkipped& e) { e.operands = masker.value(e.operands); },
                 [&](AttemptProgress& e) {
                   record(e.what);
                   if (e.prepared) finished(*e.prepared);
                 },
                 [](auto&) {},
             },
             body);
}

std::string status_of(const State& state) {
  if (state.finished) return std::string(name_of(*state.finished));
  if (state.settled) return std::string(name_of(*state.settled));
  return "running";
}

}  // namespace

Engine::Engine(Parts parts, RunId run) : parts_(std::move(parts)), lease_{std::move(run), 0}, state_(parts_.plan) {
  state_.run_id = lease_.run.text();
}
Engine::~Engine() = default;

Stored<void> Engine::attach() {
  auto lease = parts_.store.attach(lease_.run);
  if (!lease) return failure(lease.error());
  lease_ = *lease;
  if (auto directory = parts_.store.run_directory(lease_.run)) directory_ = std::move(*directory);
  directory_path_ = parts_.store.run_directory_path(lease_.run);
  const auto rows = parts_.store.read(lease_.run);
  if (!rows) return failure(rows.error());
  for (const auto& row : *rows) {
    const auto body = decode_body(row.type, row.body);
    if (!body) return failure(StoreError{StoreError::Kind::damaged, body.error(), {}});
    if (*body) state_.apply({row.seq, row.at, **body});
    else state_.seq = row.seq;
  }
  // Stored before anything is launched or shown: what was read may still be only in the page cache.
  record(EngineAttached{parts_.host, parts_.world, ::getpid()});
  commit();
  if (broken_) return failure(*broken_);
  if (parts_.store.news() >= 0)
    news_ = parts_.loop.watch(parts_.store.news(), Interest::read, [this] {
      parts_.store.forget_news();
      schedule();
    });
  else look_for_requests();
  for (StepIndex i = 0; i < state_.steps.size(); ++i)
    if (const auto& open = state_.steps[i].open) recover(i, *open);
  schedule();
  return {};
}

void Engine::request(Request request) {
  requests_.push_back(std::move(request));
  schedule();
}

void Engine::record_notice(Notified told) {
  notices_.push_back(std::move(told));
  schedule();
}

void Engine::allow(StepIndex step) {
  allowed_.insert(step);
  schedule();
}

void Engine::allow_all() {
  parts_.one_by_one = nullptr;
  schedule();
}

void Engine::leave_when_waiting() {
  parts_.when_waiting = Waiting::leave;
  schedule();
}

void Engine::schedule() {
  if (!turn_) turn_ = parts_.loop.at(parts_.loop.now(), [this] { turn(); });
}

void Engine::look_for_requests() {
  next_look_ = parts_.loop.at(parts_.loop.now() + between_looks, [this] {
    schedule();
    look_for_requests();
  });
}

// Until decide records nothing; the time at which it wants to be asked again.
std::optional<Instant> Engine::decide_all() {
  for (;;) {
    Decision decision = decide(plan(), state_, parts_.loop.now());
    held_.reset();
    bool recorded = false;
    for (auto& body : decision.record) {
      const auto step = waits_for_permission(body);
      if (step && !held_) held_ = step;
      if (step) continue;
      record(std::move(body));
      recorded = true;
    }
    if (!recorded) return decision.wake_at;
  }
}

std::optional<StepIndex> Engine::waits_for_permission(const Body& body) const {
  const auto* starting = std::get_if<AttemptStarting>(&body);
  if (!parts_.one_by_one || starting == nullptr || !starting->durable) return {};
  const auto step = *plan().find(starting->step);
  if (plan().at(step).role != Role::step || allowed_.contains(step)) return {};
  return step;
}

void Engine::turn() {
  turn_.reset();
  if (broken_) return;
  take_reports();
  take_requests();
  for (auto& told : std::exchange(notices_, {})) record(std::move(told));
  const auto wake_at = decide_all();
  const bool only_held = held_ && state_.open_attempts == 0;
  if (!is_over() && parts_.when_waiting == Waiting::leave && (only_held || only_people(plan(), state_)))
    record(RunSettled{RunStatus::waiting});
  if (must_store_) {
    commit();
  } else if (!unstored_.empty()) {
    for (; performed_ < unstored_.size(); ++performed_) perform(unstored_[performed_]);
    commit_within(only_polls_ ? lazy_polls : lazy);
  }
  if (state_.finished && !broken_) {  // what was said while it ended is heard; what is said from here on finds it closed
    take_requests();
    if (must_store_) commit();
  }
  wake_ = wake_at ? parts_.loop.at(*wake_at, [this] { schedule(); }) : Timer{};
  if (is_over() || broken_) {
    news_.reset();
    next_look_.reset();
    parts_.loop.stop();
  } else if (parts_.one_by_one) {
    parts_.one_by_one(held_);
  }
}

void Engine::take_reports() {
  for (auto& [step, k, report] : std::exchange(reports_, {})) {
    const auto& open = state_.steps[step].open;
    if (!open || open->k != k) continue;  // of an attempt that is over: never believed
    const auto& path = plan().at(step).path;
    if (auto* progress = std::get_if<Progress>(&report)) record(AttemptProgress{path, k, std::move(progress->what), {}});
    else if (auto* prepared = std::get_if<Prepared>(&report))
      record(AttemptProgress{path, k, {}, judge_prepared(plan(), state_, step, k, prepared->result)});
    else if (auto* result = std::get_if<AttemptResult>(&report)) record(end_of(step, *open, std::move(*result)));
    else if (auto* doubt = std::get_if<InDoubt>(&report)) record(AttemptInDoubt{path, k, doubt->evidence, doubt->facts});
  }
}

Body Engine::end_of(StepIndex step, const OpenAttempt& open, AttemptResult result) const {
  if (!result.as_prepared) {
    auto judged = judge(plan(), state_, step, open.k, result);
    if (result.doubt.empty() || judged.verdict == cel::Verdict::met) return judged;
    return AttemptInDoubt{judged.step, open.k, std::move(result.doubt), std::move(judged.facts)};
  }
  invariant(open.prepared.has_value(), "an attempt ended as it was judged, and it was not");
  return end_as_prepared(*open.prepared, result);
}

void Engine::take_requests() {
  for (auto& request : std::exchange(requests_, {}))
    for (auto& body : accept(plan(), state_, request)) record(std::move(body));
  auto rows = parts_.store.requests(lease_.run);
  if (!rows) return;
  for (const auto& row : *rows) {
    if (std::find(answered_.begin(), answered_.end(), row.id) != answered_.end()) continue;
    answered_.push_back(row.id);
    must_store_ = true;
    const auto request = request_in(row);
    if (!request) {
      record(RequestRefused{{"", row.uid, "command"}, "request", request.error()});
      continue;
    }
    for (auto& body : accept(plan(), state_, *request)) record(std::move(body));
  }
}

void Engine::record(Body body) {
  mask(body, secrets_.masker());
  if (auto* finished = std::get_if<AttemptFinished>(&body)) body = recorded_end(plan(), state_, std::move(*finished));
  std::optional<Failure> cannot;
  if (auto* starting = std::get_if<AttemptStarting>(&body); starting && starting->durable) {
    if (auto prepared = prepare(*starting); !prepared) cannot = prepared.error();
  }
  must_store_ = must_store_ || is_forced(plan(), body);
  only_polls_ = only_polls_ && is_polling(body);
  unstored_.push_back({state_.seq + 1, parts_.loop.now(), std::move(body)});
  state_.apply(unstored_.back());
  if (!cannot) return;
  const auto& starting = std::get<AttemptStarting>(unstored_.back().body);
  AttemptResult result = nothing_done(parts_.loop.now());
  result.outcome = Outcome::could_not_start;
  result.remark = *cannot;
  record(judge(plan(), state_, *plan().find(starting.step), starting.k, result));
}

// What must be on disk before the intent is recorded.
Result<void, Failure> Engine::prepare(AttemptStarting& starting) {
  const auto step = *plan().find(starting.step);
  OpenAttempt open;
  open.k = starting.k;
  open.deadline = starting.deadline;
  open.durable = true;
  auto context = context_for(step, open);
  if (!context) return failure(context.error());
  auto stamp = parts_.executor_of(*plan().at(step).step.action.kind).prepare(*context);
  if (!stamp) return failure(stamp.error());
  starting.stamp = *stamp;
  return {};
}

void Engine::commit_within(Duration time) {
  const Instant due = parts_.loop.now() + time;
  if (flush_ && flush_at_ <= due) return;
  flush_at_ = due;
  flush_ = parts_.loop.at(due, [this] { commit(); });
}

void Engine::commit() {
  flush_.reset();
  if (unstored_.empty() && answered_.empty()) return;
  std::vector<Row> rows;
  const auto stored_events = joined(unstored_);
  rows.reserve(stored_events.size());
  for (const auto& event : stored_events)
    rows.push_back({event.seq, event.at, std::string(event_type(event.body)), encode_body(event.body)});
  Batch batch;
  batch.rows = rows;
  batch.answered = answered_;
  batch.status = status_of(state_);
  batch.closes = state_.finished.has_value();
  // A crash above this line leaves at most unused files; below it nothing is forgotten.
  if (auto stored = parts_.store.append(lease_, batch); !stored) {
    if (stored.error().kind == StoreError::Kind::busy || stored.error().kind == StoreError::Kind::full) {
      commit_within(std::chrono::seconds(1));
      return;
    }
    broken_ = stored.error();
    parts_.loop.stop();
    return;
  }
  answered_.clear();
  must_store_ = false;
  const auto events = std::exchange(unstored_, {});
  const auto performed = std::exchange(performed_, 0);
  only_polls_ = true;
  for (std::size_t i = performed; i < events.size(); ++i) perform(events[i]);
  if (!parts_.observer) return;
  for (const auto& event : stored_events) parts_.observer(event);
}

void Engine::perform(const Event& event) {
  std::visit(overloaded{
                 [&](const AttemptStarting& e) {
                   const auto step = *plan().find(e.step);
                   if (const auto& open = state_.steps[step].open; open && open->k == e.k) start(step, *open);
                 },
                 [&](const AttemptProgress& e) {
                   const auto found = active_.find(*plan().find(e.step));
                   if (found == active_.end()) return;
                   if (e.prepared && e.prepared->verdict != cel::Verdict::met) found->second->cancel(CancelReason::not_met);
                   else found->second->go_on();
                 },
                 [&](const AttemptCancelling& e) {
                   if (const auto found = active_.find(*plan().find(e.step)); found != active_.end())
                     found->second->cancel(e.hard ? CancelReason::kill : e.why);
                 },
                 [&](const AttemptFinished& e) { let_go(e.step, e.k); },
                 [&](const Polled& e) { let_go(e.step, e.k); },
                 [&](const AttemptInDoubt& e) { active_.erase(*plan().find(e.step)); },
                 [](const auto&) {},
             },
             event.body);
}

// Its step may have started again in the same turn: only the attempt that ended goes.
void Engine::let_go(const std::string& path, std::int64_t k) {
  const auto step = *plan().find(path);
  if (const auto& open = state_.steps[step].open; !open || open->k == k) active_.erase(step);
}

void Engine::start(StepIndex step, const OpenAttempt& open) {
  auto context = context_for(step, open);
  if (!context) return fail_to_start(step, open.k, context.error());
  active_[step] = parts_.executor_of(*plan().at(step).step.action.kind).start(std::move(*context));
}

void Engine::recover(StepIndex step, const OpenAttempt& open) {
  if (!open.durable) {  // simply done again
    AttemptResult result = nothing_done(parts_.loop.now());
    result.outcome = Outcome::not_started;
    reports_.push_back({step, open.k, std::move(result)});
    return;
  }
  auto context = context_for(step, open);
  if (!context) {
    reports_.push_back({step, open.k, InDoubt{context.error(), {}}});
    return;
  }
  auto& attempt = active_[step] = parts_.executor_of(*plan().at(step).step.action.kind).recover(std::move(*context));
  if (open.cancelling) attempt->cancel(open.hard ? CancelReason::kill : *open.cancelling);
}

void Engine::fail_to_start(StepIndex step, std::int64_t k, Failure why) {
  AttemptResult result = nothing_done(parts_.loop.now());
  result.outcome = Outcome::could_not_start;
  result.remark = std::move(why);
  reports_.push_back({step, k, std::move(result)});
  schedule();
}

Result<AttemptContext, Failure> Engine::context_for(StepIndex step, const OpenAttempt& open) {
  const auto& planned = plan().at(step);
  const Unit& unit = plan().runbook.units[planned.step.unit];
  AttemptContext context(parts_.loop);
  context.run = lease_.run.text();
  context.step = planned.path;
  context.number = static_cast<unsigned>(planned.number);
  context.k = static_cast<unsigned>(open.k);
  context.durable = open.durable;
  auto fields = resolved_fields(plan(), state_, step, planned.step.action.fields);
  if (!fields) return failure(fields.error());
  auto filled = secrets_.fill(unit, *fields);
  if (!filled) return failure(filled.error());
  context.fields = std::move(*filled);
  for (const char* key : {"db", "base"}) {
    const auto named = context.fields.find(key);
    if (named == context.fields.end()) continue;
    const auto connection = unit.connections.find(to_text(named->second));
    if (connection == unit.connections.end()) return failure(fmt::format("there is no connection `{}`", to_text(named->second)));
    auto resolved = resolved_fields(plan(), state_, step, connection->second.fields);
    if (!resolved) return failure(fmt::format("connection `{}`: {}", connection->first, resolved.error()));
    auto with_secrets = secrets_.fill(unit, *resolved);
    if (!with_secrets) return failure(with_secrets.error());
    context.connection = std::move(*with_secrets);
  }
  Failure wrong;
  context.own_environment = own_environment_of(step, wrong);
  if (!wrong.empty()) return failure(wrong);
  context.environment = with_inherited(context.own_environment);
  context.cwd = unit.cwd;
  if (planned.step.cwd) {
    const auto cwd = expanded_text(plan(), state_, step, planned.step.unit, *planned.step.cwd);
    if (!cwd) return failure(cwd.error());
    context.cwd = cwd->starts_with('/') ? *cwd : unit.cwd + "/" + *cwd;
    context.own_cwd = *cwd;
  }
  context.deadline = open.deadline;
  context.timeout = planned.timeout;
  context.grace = grace;
  context.background_allowed = planned.step.background_allowed;
  context.changes_something = !planned.reads;
  context.repeats_doubt = planned.step.rerun_safe && state_.steps[step].doubts > 0;
  context.idempotency_key = state_.steps[step].idempotency_key;
  context.directory = directory_.get();
  context.directory_path = directory_path_;
  context.stamp = open.stamp;
  context.progress = open.progress;
  if (open.prepared) context.prepared = open.prepared->verdict;
  context.report = [this, step, k = open.k](Report report) {
    reports_.push_back({step, k, std::move(report)});
    schedule();
  };
  return context;
}

// Inherited, as under make; what the plan was made with (a resume may come from another terminal); then the runbook's own.
std::vector<std::pair<std::string, std::string>> Engine::with_inherited(
    const std::vector<std::pair<std::string, std::string>>& own) const {
  std::map<std::string, std::string> all(parts_.environment.begin(), parts_.environment.end());
  for (const auto& [name, value] : plan().environment) all[name] = value;
  for (const auto& [name, value] : own) all[name] = value;
  return {all.begin(), all.end()};
}

// What the file sets, the variables under their own names, and the step's own.
std::vector<std::pair<std::string, std::string>> Engine::own_environment_of(StepIndex step, Failure& wrong) {
  const auto& planned = plan().at(step);
  const Unit& unit = plan().runbook.units[planned.step.unit];
  std::map<std::string, std::string> all;
  const auto set = [&](const std::string& name, const Text& text) {
    const auto value = expanded_text(plan(), state_, step, planned.step.unit, text);
    if (!value) {
      wrong = fmt::format("env {}: {}", name, value.error());
      return;
    }
    const auto filled = secrets_.fill(unit, *value);
    if (!filled) {
      wrong = filled.error();
      return;
    }
    all[name] = *filled;
  };
  for (const auto& [name, text] : unit.env) set(name, text);
  const auto variables = plan_scope(plan(), step, planned.step.unit)("vars").value;
  for (const auto& [name, value] : *variables->map()) all[to_text(name)] = to_text(value);
  all["RUNBOOK_RUN"] = lease_.run.text();
  all["RUNBOOK_STEP"] = planned.path;
  for (const auto& [name, text] : planned.step.env) set(name, text);
  return {all.begin(), all.end()};
}

}  // namespace runbook
