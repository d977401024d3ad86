#include "run/rehearsal.h"

#include <algorithm>

#include "run/accept.h"
#include "run/decide.h"
#include "run/judge.h"

namespace runbook {
namespace {

using namespace std::chrono_literals;

constexpr Duration usual = 1s;         // of a step that does not say what it takes
constexpr int most_moves = 1'000'000;  // against a run that goes round in circles

const Person everybody{"everybody", -1, "terminal"};

Duration duration_of(const PlannedStep& planned) {
  return std::min(planned.step.expected ? planned.step.expected->high : usual, planned.timeout);
}

bool is_answered_with_yes(Ask what) {
  return what == Ask::manual || what == Ask::approve || what == Ask::confirm || what == Ask::optional;
}

// What the mishap of a step that only asks befalls: the questions before a start are answered all the same.
bool is_its_work(Ask what) { return what == Ask::manual || what == Ask::approve; }

Handling handling_of(Ask what) {
  return what == Ask::again ? Handling::asks_again : what == Ask::in_doubt ? Handling::asks_in_doubt : Handling::asks_on;
}

AttemptResult ended(Outcome outcome, Instant now) {
  AttemptResult result = nothing_done(now);
  result.outcome = outcome;
  return result;
}

}  // namespace

Aftermath aftermath_of(const PlannedStep& planned, Mishap mishap) {
  if (planned.reads) return Aftermath::nothing;
  const auto& action = planned.step.action;
  const auto all = action.kind && action.kind->aftermaths ? action.kind->aftermaths(action.fields) : Aftermaths();
  switch (mishap) {
    case Mishap::fails: return all.failed;
    case Mishap::times_out: return all.timed_out;
    case Mishap::machine_dies: return all.machine_died;
  }
  return Aftermath::doubt;
}

Rehearsal::Rehearsal(const Plan& plan, const RunCreated& created) : state_(plan), now_(std::chrono::hours(1)) {
  record(created);
  record(EngineAttached{});
  leave_out_watches();
}

// They would only take time: what they look at is taken to be well.
void Rehearsal::leave_out_watches() {
  for (StepIndex i = 0; i < plan().steps.size(); ++i)
    if (plan().at(i).role == Role::watch && !is_ended(state_.steps[i].status)) record(StepSkipped{plan().at(i).path, "", {}, {}});
}

void Rehearsal::record(Body body) {
  const Event event{state_.seq + 1, now_, std::move(body)};
  if (subject_) tell(event.body);
  if (const auto* waiting = std::get_if<Waiting>(&event.body)) questions_.push_back(*plan().find(waiting->step));
  state_.apply(event);
  if (!subject_ || is_over_ || !is_over()) return;
  is_over_ = true;
  by_then_ = effects_of(plan(), state_);
}

void Rehearsal::tell(const Body& body) {
  const auto is_subject = [this](const std::string& path) { return plan().find(path) == subject_; };
  const auto handle = [this](Handling handling) {
    if (told_.handling == Handling::none) told_.handling = handling;
  };
  if (const auto* starting = std::get_if<AttemptStarting>(&body)) {
    const auto i = *plan().find(starting->step);
    told_.probed = told_.probed || plan().at(*subject_).probe == i;
    if (!plan().at(i).owner && i != *subject_) told_.begun.push_back(i);
    if (i != *subject_) return;
    ++told_.attempts;
    handle(Handling::runs_again);
  } else if (const auto* finished = std::get_if<AttemptFinished>(&body)) {
    if (is_subject(finished->step) && finished->outcome == Outcome::completed && finished->verdict == cel::Verdict::met)
      handle(Handling::adopted);
  } else if (const auto* waiting = std::get_if<Waiting>(&body)) {
    if (is_subject(waiting->step)) handle(handling_of(waiting->what));
  } else if (const auto* answered = std::get_if<Answered>(&body)) {
    if (is_subject(answered->step)) handle(Handling::asks_on);
  } else if (const auto* rescuing = std::get_if<Rescuing>(&body)) {
    const auto owner = *plan().find(rescuing->step);
    for (std::optional<StepIndex> at = subject_; at && !told_.rescued; at = plan().at(*at).parent)
      if (*at == owner) told_.rescued = owner;
  }
}

void Rehearsal::decide_all() {
  for (;;) {
    auto decision = decide(plan(), state_, now_);
    wake_at_ = decision.wake_at;
    if (decision.record.empty()) return;
    for (Body& body : decision.record) {
      // A check that is an expression alone was judged at once: here it is in flight, as any other.
      if (std::holds_alternative<AttemptFinished>(body)) continue;
      record(body);
      if (const auto* starting = std::get_if<AttemptStarting>(&body)) take_off(*plan().find(starting->step), starting->k);
    }
  }
}

void Rehearsal::take_off(StepIndex step, std::int64_t k) {
  const auto& planned = plan().at(step);
  Instant ends = planned.step.action.kind ? now_ + duration_of(planned) : now_;
  if (befalls_ && is_about(step)) ends = state_.steps[step].open->deadline;  // so that long retries are few
  flights_.push_back({step, k, ends});
}

Handling Rehearsal::question() const {
  return is_asked(*subject_) ? handling_of(state_.steps[*subject_].question->asked.what) : Handling::none;
}

bool Rehearsal::is_asked(StepIndex step) const {
  const auto& question = state_.steps[step].question;
  return question && !question->answer;
}

std::optional<Rehearsal::Coming> Rehearsal::coming() {
  for (;;) {
    decide_all();
    if (state_.settled || state_.finished) return {};
    std::erase_if(questions_, [this](StepIndex step) { return !is_asked(step); });
    std::erase_if(flights_, [this](const Flight& f) {
      const auto& open = state_.steps[f.step].open;
      return !open || open->k != f.k;
    });
    for (const auto step : questions_) {
      const auto what = state_.steps[step].question->asked.what;
      const bool is_left_alone = befalls_ && is_about(step) && is_its_work(what) && mishap_ == Mishap::times_out;
      if (is_answered_with_yes(what) && !is_left_alone)
        return Coming{step, is_its_work(what) ? Coming::What::question : Coming::What::formality};
    }
    std::stable_sort(flights_.begin(), flights_.end(), [](const Flight& a, const Flight& b) { return a.ends < b.ends; });
    if (!flights_.empty() && (!wake_at_ || flights_.front().ends <= *wake_at_))
      return Coming{flights_.front().step, Coming::What::attempt};
    if (!wake_at_ || (flights_.empty() && *wake_at_ <= now_)) return {};
    now_ = *wake_at_;
  }
}

void Rehearsal::go_on() {
  const auto next = coming();
  if (!next) return;
  if (next->what != Coming::What::attempt) return answer(next->step);
  const Flight flight = flights_.front();
  flights_.erase(flights_.begin());
  now_ = std::max(now_, flight.ends);
  land(flight);
}

void Rehearsal::run_to_end() {
  for (int moves = 0; moves < most_moves && coming(); ++moves) go_on();
}

void Rehearsal::run_past_mishap() {
  while (coming() && !is_over_) go_on();
}

void Rehearsal::land(const Flight& flight) {
  const auto i = flight.step;
  const auto& planned = plan().at(i);
  const bool befalls = befalls_ && is_about(i);
  if (befalls && aftermath_of(planned, mishap_) == Aftermath::doubt)
    return record(AttemptInDoubt{planned.path, flight.k, "injected", {}});
  AttemptResult result = ended(befalls && mishap_ == Mishap::times_out ? Outcome::timed_out : Outcome::completed, now_);
  result.done_before = planned.step.action.kind != nullptr;
  result.unchanged = befalls && aftermath_of(planned, mishap_) == Aftermath::nothing;
  auto judged = judge(plan(), state_, i, flight.k, result);
  // What a probe looks for is not there: whoever reads this knows what it means that it is.
  const bool is_probe_of_subject = subject_ && plan().at(*subject_).probe == i;
  if (is_probe_of_subject || (befalls && mishap_ == Mishap::fails)) judged.verdict = cel::Verdict::not_met;
  record(std::move(judged));
}

void Rehearsal::answer(StepIndex step) {
  std::erase(questions_, step);  // once, also if it should be refused
  const auto& asked = state_.steps[step].question->asked;
  const bool befalls = befalls_ && is_about(step) && mishap_ == Mishap::fails && is_its_work(asked.what);
  Request request;
  request.what = asked.what == Ask::approve ? Request::What::approve : Request::What::answer;
  if (befalls) request.what = Request::What::reject;
  request.step = plan().at(step).path;
  request.answer = asked.what == Ask::confirm ? Value(asked.choices.front()) : Value(true);
  request.by = everybody;
  ask(request);
}

void Rehearsal::ask(const Request& request) {
  for (Body& body : accept(plan(), state_, request)) record(std::move(body));
}

void Rehearsal::suffer(StepIndex step, Mishap mishap) {
  subject_ = step;
  mishap_ = mishap;
  told_ = {};
  is_over_ = false;
  befalls_ = mishap != Mishap::machine_dies;
  if (!befalls_) return restart_machine();
  if (mishap != Mishap::times_out) return;
  for (auto& flight : flights_)
    if (is_about(flight.step)) flight.ends = state_.steps[step].open->deadline;
}

// Whatever was under way, also beside the step; the same that the executors find out when the engine is back.
void Rehearsal::restart_machine() {
  is_over_ = true;
  record(EngineAttached{});
  for (const auto& flight : std::exchange(flights_, {})) {
    const auto& planned = plan().at(flight.step);
    switch (aftermath_of(planned, Mishap::machine_dies)) {
      case Aftermath::goes_on: flights_.push_back(flight); break;
      case Aftermath::effects:
      case Aftermath::doubt: record(AttemptInDoubt{planned.path, flight.k, "injected", {}}); break;
      case Aftermath::nothing:
      case Aftermath::known: record(judge(plan(), state_, flight.step, flight.k, ended(Outcome::not_started, now_))); break;
    }
  }
  by_then_ = effects_of(plan(), state_);
}

void Rehearsal::resume() {
  befalls_ = false;
  told_ = {};
  Request request;
  request.what = Request::What::resume;
  request.by = everybody;
  ask(request);
  leave_out_watches();
}

void Rehearsal::close() {
  befalls_ = false;
  told_ = {};
  Request request;
  request.what = Request::What::stop;
  request.by = everybody;
  ask(request);
}

bool Rehearsal::is_over() const {
  const auto& s = state_.steps[*subject_];
  const bool asks = is_asked(*subject_) && !is_answered_with_yes(s.question->asked.what);
  return is_ended(s.status) || s.status == StepStatus::rescuing || asks || state_.settled || state_.finished;
}

RunStatus Rehearsal::status() const {
  if (state_.finished) return *state_.finished;
  if (state_.settled) return *state_.settled;
  return only_people(plan(), state_) ? RunStatus::waiting : RunStatus::running;
}

}  // namespace runbook
