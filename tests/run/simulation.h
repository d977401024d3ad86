// One run played at random: results, people, crashes after any commit, and amendments between two engines.
#pragma once
#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "tests/run/amendment_model.h"
#include "tests/run/random_plan.h"
#include "tests/run/told_model.h"

namespace runbook::tests {

using namespace std::chrono_literals;

using Transition = std::tuple<StepStatus, std::string_view, StepStatus>;

class Simulation {
 public:
  // `text`: what the plan was made of; it is amended by others now and then.
  Simulation(const Plan& plan, std::string text, Dice& dice)
      : dice_(dice),
        text_(std::move(text)),
        written_(plan),
        state_(written_),
        rules_(state_, events_),
        now_(start_of_time()) {
    RunCreated created;
    created.by = operator_person;
    created.parallel = static_cast<std::int64_t>(1 + dice_.below(3));
    created.close_on_failure = dice_.one_in(4);
    record(created);
    attach();
  }

  // Empty: it came to an end and broke no promise.
  std::string play() {
    for (int turn = 0; turn < 4000; ++turn) {
      if (!decide_all()) return rules_.wrong();
      if (!commit_or_not()) return rules_.wrong();
      if (state_.finished) return check_end();
      if (dice_.one_in(12) && crashes_ < 20) {
        crash();
        if (!rules_.wrong().empty()) return rules_.wrong();
        continue;
      }
      if (dice_.one_in(3)) tell_somebody();
      if (!something_happens()) return rules_.wrong();
    }
    return "it came to no end";
  }
  void count_into(std::map<std::string, int>& met) const {
    for (const Event& event : events_) {
      ++met[std::string(event_type(event.body))];
      if (const auto* polled = std::get_if<Polled>(&event.body); polled && polled->count > 1) ++met["polls joined"];
      if (const auto* ended = std::get_if<StepFinished>(&event.body); ended && ended->status == StepStatus::rescued)
        ++met["rescued"];
      if (const auto* again = std::get_if<SetBack>(&event.body)) met["run again"] += again->permitted;
      if (const auto* amended = std::get_if<RunAmended>(&event.body)) {
        met["amended: asked again"] += !amended->asked_again.empty();
        met["amended: kept"] += !amended->kept.empty();
        met["amended: set back"] += !amended->set_back.empty();
      }
      if (const auto* stop = std::get_if<StopRequested>(&event.body)) met["watch tripped"] += stop->by.name == "watch:w1";
    }
    met["crash"] += crashes_;
    if (state_.finished) ++met[std::string(name_of(*state_.finished))];
  }
  const std::set<Transition>& transitions() const { return transitions_; }
  std::string story() const {
    std::string all;
    const std::size_t from = events_.size() > 60 ? events_.size() - 60 : 0;
    for (std::size_t i = from; i < events_.size(); ++i)
      all += std::to_string(events_[i].seq) + " " + std::string(event_type(events_[i].body)) + " " +
             encode_body(events_[i].body) + "\n";
    return all;
  }

 private:
  struct Flight {
    StepIndex step;
    std::int64_t k;
    Instant ends;
  };

  bool broken(std::string why) { return rules_.broken(std::move(why)); }
  const Plan& plan() const { return state_.plan(); }
  const std::string& path(StepIndex i) const { return plan().at(i).path; }

  void record(Body body) {
    if (auto* finished = std::get_if<AttemptFinished>(&body)) body = recorded_end(plan(), state_, std::move(*finished));
    events_.push_back({state_.seq + 1, now_, std::move(body)});
    const Body& happened = events_.back().body;
    rules_.judge(happened, now_);
    const auto step = step_of(happened);
    const auto before = step ? state_.steps[*step].status : StepStatus::pending;
    state_.apply(events_.back());
    if (step) transitions_.emplace(before, event_type(happened), state_.steps[*step].status);
  }
  std::optional<StepIndex> step_of(const Body& body) const {
    return std::visit(
        [&](const auto& e) -> std::optional<StepIndex> {
          if constexpr (requires { plan().find(e.step); }) return plan().find(e.step);
          else return {};
        },
        body);
  }

  bool decide_all() {
    for (int rounds = 0;; ++rounds) {
      if (rounds > 500) return broken("decide records for ever");
      auto decision = decide(plan(), state_, now_);
      wake_at_ = decision.wake_at;
      if (wake_at_ && *wake_at_ <= now_ && decision.record.empty()) return broken("it wants to be woken in the past");
      if (decision.record.empty()) return rules_.wrong().empty();
      for (Body& body : decision.record) {
        if (!is_looked_at_closely()) {
          record(std::move(body));
          if (!rules_.wrong().empty()) return false;
          continue;
        }
        const State before = state_;
        const std::string type(event_type(body));
        record(std::move(body));
        if (!rules_.wrong().empty()) return false;
        State after = state_;
        after.seq = before.seq;
        if (after == before) return broken("the event " + type + " changes nothing");
      }
      std::int64_t open = 0;
      std::int64_t watches = 0;  // they take no place from the steps
      for (StepIndex i = 0; i < plan().steps.size(); ++i) {
        open += state_.steps[i].open.has_value();
        watches += plan().at(i).role == Role::watch && state_.steps[i].open;
      }
      if (open != state_.open_attempts) return broken("open attempts are miscounted");
      if (open - watches > state_.created.parallel) return broken("more attempts at once than allowed");
    }
  }

  static bool is_light(const Plan& plan, const Body& body) {
    const auto reads = [&](const std::string& step) { return plan.at(*plan.find(step)).reads; };
    if (const auto* e = std::get_if<AttemptStarting>(&body)) return !e->durable;
    if (const auto* e = std::get_if<AttemptFinished>(&body)) return reads(e->step);
    return std::holds_alternative<Polled>(body) || std::holds_alternative<StepFinished>(body) ||
           std::holds_alternative<Rescuing>(body) || std::holds_alternative<StepAdmitted>(body) ||
           std::holds_alternative<StepSkipped>(body) || std::holds_alternative<SetBack>(body);
  }
  // Stored events are a prefix of those made; what is durable forces all before it.
  bool commit_or_not() {
    const bool only_polls = std::all_of(events_.begin() + static_cast<std::ptrdiff_t>(stored_), events_.end(),
                                        [](const Event& event) { return is_polling(event.body); });
    bool forced = dice_.one_in(only_polls ? 9 : 3);
    for (std::size_t i = stored_; i < events_.size(); ++i) forced = forced || !is_light(plan(), events_[i].body);
    if (!forced) return perform(), true;
    join_polls();
    stored_ = events_.size();
    perform();
    return is_looked_at_closely() ? refold_equals() : true;
  }
  // Copies of a state of sixty steps, and all events folded again, cost more than the run: sometimes is often enough.
  bool is_looked_at_closely() { return dice_.one_in(1 + plan().steps.size() / 2 + events_.size() / 16); }
  void perform() {
    for (StepIndex i = 0; i < state_.steps.size(); ++i) {
      const auto& open = state_.steps[i].open;
      const bool known =
          std::any_of(flights_.begin(), flights_.end(), [&](const Flight& f) { return f.step == i && open && f.k == open->k; });
      if (open && !known) flights_.push_back({i, open->k, now_ + std::chrono::seconds(dice_.below(20))});
    }
  }
  void join_polls() {
    const auto first_unstored = events_.begin() + static_cast<std::ptrdiff_t>(stored_);
    auto stored = joined({first_unstored, events_.end()});
    events_.erase(first_unstored, events_.end());
    events_.insert(events_.end(), stored.begin(), stored.end());
  }
  // Through the texts that the store keeps.
  bool refold_equals() {
    State again(written_);
    for (const auto& event : events_) {
      const auto body = decode_body(event_type(event.body), encode_body(event.body));
      if (!body || !*body) return broken("an event does not come back from its text");
      again.apply({event.seq, event.at, **body});
    }
    return again == state_ ? true : broken("folded again, the events give another state");
  }

  void attach() {
    record(EngineAttached{"host", "world", 1});
    stored_ = events_.size();
  }
  // Whatever was not stored is gone, and with it all light attempts; durable ones went on, ended, or nobody knows.
  void crash() {
    ++crashes_;
    events_.resize(stored_);
    state_ = State(written_);
    for (const auto& event : events_) state_.apply(event);
    std::erase_if(flights_, [&](const Flight& f) {
      const auto& open = state_.steps[f.step].open;
      return !open || open->k != f.k || !open->durable;
    });
    now_ += std::chrono::seconds(dice_.below(60));
    if (dice_.one_in(4)) amend();
    attach();
    for (StepIndex i = 0; i < state_.steps.size(); ++i) {
      const auto open = state_.steps[i].open;
      if (!open) continue;
      const bool in_flight = std::any_of(flights_.begin(), flights_.end(), [&](const Flight& f) { return f.step == i; });
      if (!open->durable || !in_flight) {
        AttemptResult nothing = nothing_done(now_);
        nothing.outcome = Outcome::not_started;
        land(i, open->k, nothing);
      } else if (dice_.one_in(3)) {
        std::erase_if(flights_, [&](const Flight& f) { return f.step == i; });
        record(AttemptInDoubt{path(i), open->k, "its supervisor died", {}});
      }
    }
  }

  // No engine is there. Events and the plan that they name are stored at once.
  void amend() {
    if (state_.finished || state_.closing || ++amendments_ > 4) return;
    auto text = amended_text(text_, dice_);
    const auto to = try_plan(text);
    if (!to) return;
    const State before = state_;
    auto amendment = runbook::amend(state_, *to, operator_person, "mended");
    if (const auto why = wrong_decision(before, *to, amendment, rules_); !why.empty()) return void(broken(why));
    if (!amendment.obstacles.empty()) return;
    written_.amended.push_back(std::make_shared<const Plan>(*to));
    text_ = std::move(text);
    for (Body& body : amendment.record) record(std::move(body));
    flights_.clear();
    stored_ = events_.size();
    if (const auto why = wrong_amendment(before, state_); !why.empty()) broken(why);
    refold_equals();
  }

  void land(StepIndex i, std::int64_t k, const AttemptResult& result) { record(judge(plan(), state_, i, k, result)); }
  void land(const Flight& flight) {
    const auto& open = *state_.steps[flight.step].open;
    AttemptResult result = exit_of(dice_.one_in(4) ? 1 : 0, now_, now_);
    if (open.cancelling && !dice_.one_in(4)) result.outcome = Outcome::cancelled;
    else if (now_ >= open.deadline) result.outcome = Outcome::timed_out;
    else if (dice_.one_in(30)) result.outcome = Outcome::could_not_start;
    else if (dice_.one_in(30)) result.outcome = Outcome::not_started;
    if (result.outcome != Outcome::completed) result.result.clear();
    land(flight.step, flight.k, result);
  }

  // The next thing in time: an attempt ends, a person speaks, a timer wakes.
  bool something_happens() {
    if (dice_.one_in(60) && !state_.settled) {
      ask({.what = dice_.one_in(3)   ? Request::What::stop
                   : dice_.one_in(2) ? Request::What::interrupt
                                     : Request::What::pause,
           .reason = "enough",
           .hard = dice_.one_in(3)});
      return rules_.wrong().empty();
    }
    if (dice_.one_in(25)) {
      ask_too_late();
      return rules_.wrong().empty();
    }
    if (state_.settled) {
      if (dice_.one_in(3)) settle_by_hand();
      if (dice_.one_in(3)) run_again();
      if (dice_.one_in(4)) {
        amend();
        attach();
      }
      const bool close = ++resumes_ > 4;
      now_ += 1s;
      ask({.what = close ? Request::What::stop : Request::What::resume, .reason = "on"});
      return rules_.wrong().empty();
    }
    std::vector<StepIndex> asked;
    for (StepIndex i = 0; i < state_.steps.size(); ++i)
      if (const auto& q = state_.steps[i].question; q && !q->answer) asked.push_back(i);
    if (!asked.empty() && (flights_.empty() || dice_.one_in(3)) && !(wake_at_ && dice_.one_in(6))) {
      answer(asked[dice_.below(asked.size())]);
      return rules_.wrong().empty();
    }
    const auto next =
        std::min_element(flights_.begin(), flights_.end(), [](const Flight& a, const Flight& b) { return a.ends < b.ends; });
    if (next != flights_.end() && (!wake_at_ || next->ends <= *wake_at_ || dice_.one_in(4))) {
      const Flight flight = *next;
      flights_.erase(next);
      now_ = std::max(now_, flight.ends);
      land(flight);
      return rules_.wrong().empty();
    }
    if (wake_at_) {
      now_ = *wake_at_;
      return true;
    }
    return broken("nothing runs, nobody is asked, no time is waited for, and the run is open");
  }
  // Whichever has ended, mostly well.
  void run_again() {
    std::vector<StepIndex> ended;
    for (StepIndex i = 0; i < state_.steps.size(); ++i)
      if (is_ended(state_.steps[i].status) && plan().at(i).role == Role::step && !plan().at(i).owner && !plan().at(i).is_pattern)
        ended.push_back(i);
    if (ended.empty() || ++reruns_ > 6) return;
    rules_.somebody_runs_steps_again();
    ask({.what = Request::What::rerun,
         .step = path(ended[dice_.below(ended.size())]),
         .reason = "once more",
         .downstream = dice_.one_in(2)});
  }
  // A failed step, before the run is resumed.
  void settle_by_hand() {
    for (StepIndex i = 0; i < state_.steps.size(); ++i) {
      if (state_.steps[i].status != StepStatus::failed || plan().at(i).role != Role::step || plan().at(i).step.is_group) continue;
      ask({.what = Request::What::resolve, .step = path(i), .answer = dice_.one_in(2) ? "done" : "not-done", .reason = "seen"});
      return;
    }
  }
  void answer(StepIndex i) {
    now_ += std::chrono::seconds(dice_.below(dice_.one_in(4) ? 500 : 30));
    const auto what = state_.steps[i].question->asked.what;
    Asking request{.what = Request::What::answer, .step = path(i), .answer = Value(!dice_.one_in(5)), .reason = "because"};
    if (what == Ask::approve) request.what = dice_.one_in(5) ? Request::What::reject : Request::What::approve;
    if (what == Ask::confirm && request.answer == Value(true)) request.answer = "yes-do-it";
    if (what == Ask::in_doubt || what == Ask::again) {
      static const std::array<const char*, 4> words{"done", "not-done", "failed", "skipped"};
      request.what = Request::What::resolve;
      request.answer = words[dice_.below(words.size())];
    }
    if (what == Ask::approve) request.by = second_person;
    ask(request);
  }
  // What was meant for a question that is not asked any more, or for an engine that has ended, is refused and does nothing.
  void ask_too_late() {
    std::vector<Asking> late;
    for (const Event& event : events_) {
      if (const auto* waiting = std::get_if<Waiting>(&event.body)) {
        const auto step = plan().find(waiting->step);  // it may be gone
        const auto& q = step ? state_.steps[*step].question : std::nullopt;
        if (q && q->seq == event.seq) continue;
        const bool approval = waiting->what == Ask::approve;
        const bool settles = waiting->what == Ask::in_doubt || waiting->what == Ask::again;
        late.push_back({.what = approval  ? Request::What::approve
                                : settles ? Request::What::resolve
                                          : Request::What::answer,
                        .step = waiting->step,
                        .answer = settles ? Value("done") : Value(true),
                        .reason = "late",
                        .wait = event.seq,
                        .by = second_person});
      } else if (std::holds_alternative<EngineAttached>(event.body) && event.seq != state_.attached) {
        late.push_back({.what = Request::What::stop, .reason = "late", .engine = event.seq});
      }
    }
    if (late.empty()) return;
    const auto& chosen = late[dice_.below(late.size())];
    for (Body& body : accept(plan(), state_, chosen.request())) {
      if (!std::holds_alternative<RequestRefused>(body))
        broken("a request that came too late for " + chosen.step + " leads to " + std::string(event_type(body)));
      record(std::move(body));
    }
  }
  // Whichever channel, of whatever it is owed; it arrives, or does not.
  void tell_somebody() {
    if (state_.untold.empty()) return;
    const auto news = state_.untold[dice_.below(state_.untold.size())];
    record(Notified{news.seq, news.channels[dice_.below(news.channels.size())], news.what, !dice_.one_in(4), ""});
  }
  void ask(const Asking& asking) {
    for (Body& body : accept(plan(), state_, asking.request())) record(std::move(body));
  }

  std::string check_end() {
    for (int notices = 0; !state_.untold.empty(); ++notices) {
      if (notices > 4000) return "somebody is told for ever";
      tell_somebody();
    }
    if (const auto why = wrong_notices(events_, state_, amendments_ > 0); !why.empty()) return why;
    if (*state_.finished != RunStatus::succeeded) return rules_.wrong();
    for (StepIndex i = 0; i < plan().steps.size(); ++i) {
      const auto& planned = plan().at(i);
      if (planned.owner || planned.is_pattern || planned.role == Role::cleanup || planned.role == Role::baseline) continue;
      bool inside_good = false;  // of a group whose failure is tolerated
      for (std::optional<StepIndex> g = planned.parent; g; g = plan().at(*g).parent)
        inside_good = inside_good || (is_ended(state_.steps[*g].status) && is_good(plan().at(*g), state_.steps[*g]));
      if (!is_good(planned, state_.steps[i]) && !inside_good)
        broken("the run succeeded though " + path(i) + " is " + std::string(name_of(state_.steps[i].status)));
    }
    return rules_.wrong();
  }

  Dice& dice_;
  std::string text_;
  Plan written_;
  State state_;
  std::vector<Event> events_;
  Rules rules_;
  Instant now_;
  std::size_t stored_ = 0;
  std::vector<Flight> flights_;
  std::optional<Instant> wake_at_;
  std::set<Transition> transitions_;
  int crashes_ = 0, resumes_ = 0, reruns_ = 0, amendments_ = 0;
};

}  // namespace runbook::tests
