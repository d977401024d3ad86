// Random plans, random results, random people, crashes after any commit; all from a seed that a failure prints.
#include <array>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <tuple>

#include "tests/run/random_plan.h"
#include "tests/run/ways_of_a_step.h"

using namespace runbook;
using namespace runbook::tests;
using namespace std::chrono_literals;

namespace {

// What the small model of "never twice without an answer" knows of a step that changes something.
// looked: by its probe, since it came into doubt
struct Permission {
  bool may_start = true, looked = false;
};

using Transition = std::tuple<StepStatus, std::string_view, StepStatus>;

class Simulation {
 public:
  Simulation(const Plan& plan, Dice& dice) : dice_(dice), written_(plan), state_(written_), now_(start_of_time()) {
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
      if (!decide_all()) return wrong_;
      if (!commit_or_not()) return wrong_;
      if (state_.finished) return check_end();
      if (dice_.one_in(12) && crashes_ < 20) {
        crash();
        if (!wrong_.empty()) return wrong_;
        continue;
      }
      if (!something_happens()) return wrong_;
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

  bool broken(std::string why) {
    if (wrong_.empty()) wrong_ = std::move(why);
    return false;
  }
  const Plan& plan() const { return state_.plan(); }
  const std::string& path(StepIndex i) const { return plan().at(i).path; }

  void record(Body body) {
    if (auto* finished = std::get_if<AttemptFinished>(&body)) body = recorded_end(plan(), state_, std::move(*finished));
    events_.push_back({state_.seq + 1, now_, std::move(body)});
    const Body& happened = events_.back().body;
    watch(happened);
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

  // The independent model: judges each event before it is folded.
  void watch(const Body& body) {
    if (const auto* starting = std::get_if<AttemptStarting>(&body)) {
      const auto i = *plan().find(starting->step);
      const auto& planned = plan().at(i);
      if (state_.steps[i].open) broken("a second attempt of " + starting->step + " beside an open one");
      if (starting->k != state_.steps[i].attempts + 1) broken("attempt numbers of " + starting->step + " do not ascend by one");
      if (starting->deadline <= now_) broken(starting->step + " starts after its deadline");
      if ((state_.stopping && !state_.closing) || state_.settled)
        broken(starting->step + " starts though the run is being stopped");
      if (state_.closing && planned.role != Role::cleanup) broken(starting->step + " starts in a closing run");
      needs_are_met(i);
      if (planned.role == Role::step)
        for (StepIndex first = 0; first < plan().steps.size(); ++first)
          if (comes_first(first) && !(plan().at(first).role == Role::baseline ? is_ended(state_.steps[first].status)
                                                                              : is_good(plan().at(first), state_.steps[first])))
            broken(starting->step + " starts though " + path(first) + " is " + std::string(name_of(state_.steps[first].status)));
      if (planned.role == Role::step || planned.role == Role::guard) nothing_failed_around(i);
      takes_its_turn(i);
      is_rescued_in_time(i);
      if (!planned.reads && !planned.step.rerun_safe) {
        if (!permissions_[path(i)].may_start)
          broken(starting->step + " changes something and starts again though nobody said so");
        permissions_[path(i)].may_start = false;
      }
    } else if (const auto* doubt = std::get_if<AttemptInDoubt>(&body)) {
      permissions_[doubt->step].looked = false;
    } else if (const auto* finished = std::get_if<AttemptFinished>(&body)) {
      if (const auto owner = plan().at(*plan().find(finished->step)).owner) permissions_[path(*owner)].looked = true;
      if (finished->outcome == Outcome::not_started || finished->outcome == Outcome::could_not_start)
        permissions_[finished->step].may_start = true;
    } else if (const auto* polled = std::get_if<Polled>(&body)) {
      const auto i = *plan().find(polled->step);
      if (!plan().at(i).reads) broken("tries of " + polled->step + " are counted though it may change something");
      if (const auto owner = plan().at(i).owner) permissions_[path(*owner)].looked = true;
    } else if (const auto* answered = std::get_if<Answered>(&body)) {
      const auto i = *plan().find(answered->step);
      const auto& q = state_.steps[i].question;
      const bool about_doing_it_again = !q || (q->asked.what == Ask::again || q->asked.what == Ask::in_doubt);
      if (about_doing_it_again) permissions_[path(i)].may_start = true;
    } else if (const auto* again = std::get_if<SetBack>(&body); again != nullptr && again->permitted) {
      for (const auto& step : again->steps) {
        const auto i = *plan().find(step);
        if (state_.steps[i].open || state_.steps[i].status == StepStatus::in_doubt)
          broken(step + " is to run again while it runs");
        permissions_[step].may_start = true;
      }
    } else if (const auto* ended = std::get_if<StepFinished>(&body)) {
      const auto i = *plan().find(ended->step);
      if (state_.steps[i].open) broken(ended->step + " ends with an open attempt");
      const bool by_probe =
          state_.steps[i].status == StepStatus::in_doubt && ended->status == StepStatus::succeeded && !state_.steps[i].question;
      if (by_probe && !permissions_[path(i)].looked) broken(ended->step + " is taken for done though its probe has not looked");
      if (plan().at(i).rescue) ends_after_its_rescue(i, ended->status);
    } else if (const auto* closing = std::get_if<RunClosing>(&body);
               closing != nullptr && closing->status == RunStatus::refused) {
      bool failed = false;  // since the last resume: what a stop has cancelled is no reason
      for (auto event = events_.rbegin(); event != events_.rend() && !std::holds_alternative<Resumed>(event->body); ++event)
        if (const auto* end = std::get_if<StepFinished>(&event->body))
          failed =
              failed || (plan().at(*plan().find(end->step)).role == Role::precondition && end->status != StepStatus::succeeded);
      if (!failed) broken("the run is refused though no precondition failed");
    } else if (const auto* rescuing = std::get_if<Rescuing>(&body)) {
      const auto& s = state_.steps[*plan().find(rescuing->step)];
      if (s.open) broken(rescuing->step + " is rescued with an open attempt");
      if (s.status == StepStatus::in_doubt && !s.question) broken(rescuing->step + " is rescued though it is in doubt");
    } else if (const auto* expanded = std::get_if<Expanded>(&body)) {
      if (state_.expanded.contains(*plan().find(expanded->step))) broken(expanded->step + " is expanded twice");
    } else if (std::holds_alternative<RunFinished>(body)) {
      if (state_.open_attempts != 0) broken("the run ends with open attempts");
    }
  }
  bool comes_first(StepIndex i) const { return plan().at(i).role == Role::precondition || plan().at(i).role == Role::baseline; }
  StepIndex owner_or_self(StepIndex i) const { return plan().at(i).owner.value_or(i); }
  // Elements that have begun go on, and what rescues a failure is kept from it by no other.
  void nothing_failed_around(StepIndex i) {
    const auto own = owner_or_self(i);
    bool halted = false, reaches_top = plan().at(own).role == Role::step;
    for (std::optional<StepIndex> at = own; at; at = plan().at(*at).parent) {
      if (plan().at(*at).is_rescue) reaches_top = false;
      if (!reaches_top || !plan().at(*at).parent) break;
      const bool begun = plan().is_element(*at) && state_.steps[*at].status != StepStatus::pending;
      halted = halted || (state_.halted[*plan().at(*at).parent] && !begun);
    }
    if (halted || (reaches_top && state_.all_halted))
      broken(path(i) + " starts though something failed in its list or around it");
  }
  // Of a `for_each`: no more at once than it says, none after more failures than it allows.
  void takes_its_turn(StepIndex i) {
    for (std::optional<StepIndex> at = owner_or_self(i); at; at = plan().at(*at).parent) {
      if (!plan().is_element(*at)) continue;
      const auto& whole = plan().at(*plan().at(*at).parent);
      std::int64_t under_way = 1, failures = 0;
      for (const auto element : whole.children) {
        const auto status = state_.steps[element].status;
        under_way += element != *at && !is_ended(status) && status != StepStatus::pending;
        failures += is_ended(status) && !is_good(plan().at(element), state_.steps[element]);
      }
      if (under_way > whole.step.for_each->at_once) broken(path(i) + " starts beside more elements than allowed");
      if (state_.steps[*at].status == StepStatus::pending && failures > whole.step.for_each->max_failures)
        broken(path(i) + " starts after more failures than allowed");
    }
  }
  void is_rescued_in_time(StepIndex i) {
    for (std::optional<StepIndex> at = owner_or_self(i); at; at = plan().at(*at).parent)
      if (plan().at(*at).is_rescue && state_.steps[*plan().at(*at).parent].status != StepStatus::rescuing)
        broken(path(i) + " starts though nothing is to be rescued");
  }
  // It is rescued when all of its rescue went well, and fails when not.
  void ends_after_its_rescue(StepIndex i, StepStatus status) {
    if (status != StepStatus::rescued && status != StepStatus::failed) return;
    if (state_.steps[i].status != StepStatus::rescuing) return void(broken(path(i) + " ends without its rescue"));
    bool went_well = true;
    for (const auto step : plan().at(*plan().at(i).rescue).children) {
      if (!is_ended(state_.steps[step].status)) broken(path(i) + " ends before its rescue");
      went_well = went_well && is_good(plan().at(step), state_.steps[step]);
    }
    if (went_well != (status == StepStatus::rescued)) broken(path(i) + " ends otherwise than its rescue");
  }
  void needs_are_met(StepIndex i) {
    const auto own = plan().at(i).owner ? *plan().at(i).owner : i;
    for (std::optional<StepIndex> at = own; at; at = plan().at(*at).parent)
      for (const auto need : plan().at(*at).needs)
        if (!is_good(plan().at(need), state_.steps[need]))
          broken(path(i) + " starts though " + path(need) + " is " + std::string(name_of(state_.steps[need].status)));
  }

  bool decide_all() {
    for (int rounds = 0;; ++rounds) {
      if (rounds > 500) return broken("decide records for ever");
      auto decision = decide(plan(), state_, now_);
      wake_at_ = decision.wake_at;
      if (wake_at_ && *wake_at_ <= now_ && decision.record.empty()) return broken("it wants to be woken in the past");
      if (decision.record.empty()) return wrong_.empty();
      for (Body& body : decision.record) {
        if (!is_looked_at_closely()) {
          record(std::move(body));
          if (!wrong_.empty()) return false;
          continue;
        }
        const State before = state_;
        const std::string type(event_type(body));
        record(std::move(body));
        if (!wrong_.empty()) return false;
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
    const auto permissions = permissions_;
    for (const auto& event : events_) state_.apply(event);
    permissions_ = permissions;
    std::erase_if(flights_, [&](const Flight& f) {
      const auto& open = state_.steps[f.step].open;
      return !open || open->k != f.k || !open->durable;
    });
    now_ += std::chrono::seconds(dice_.below(60));
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
      return wrong_.empty();
    }
    if (dice_.one_in(25)) {
      ask_too_late();
      return wrong_.empty();
    }
    if (state_.settled) {
      if (dice_.one_in(3)) settle_by_hand();
      if (dice_.one_in(3)) run_again();
      const bool close = ++resumes_ > 4;
      now_ += 1s;
      ask({.what = close ? Request::What::stop : Request::What::resume, .reason = "on"});
      return wrong_.empty();
    }
    std::vector<StepIndex> asked;
    for (StepIndex i = 0; i < state_.steps.size(); ++i)
      if (const auto& q = state_.steps[i].question; q && !q->answer) asked.push_back(i);
    if (!asked.empty() && (flights_.empty() || dice_.one_in(3)) && !(wake_at_ && dice_.one_in(6))) {
      answer(asked[dice_.below(asked.size())]);
      return wrong_.empty();
    }
    const auto next =
        std::min_element(flights_.begin(), flights_.end(), [](const Flight& a, const Flight& b) { return a.ends < b.ends; });
    if (next != flights_.end() && (!wake_at_ || next->ends <= *wake_at_ || dice_.one_in(4))) {
      const Flight flight = *next;
      flights_.erase(next);
      now_ = std::max(now_, flight.ends);
      land(flight);
      return wrong_.empty();
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
        const auto& q = state_.steps[*plan().find(waiting->step)].question;
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
  void ask(const Asking& asking) {
    for (Body& body : accept(plan(), state_, asking.request())) record(std::move(body));
  }

  std::string check_end() {
    if (*state_.finished != RunStatus::succeeded) return wrong_;
    for (StepIndex i = 0; i < plan().steps.size(); ++i) {
      const auto& planned = plan().at(i);
      if (planned.owner || planned.is_pattern || planned.role == Role::cleanup || planned.role == Role::baseline) continue;
      bool inside_good = false;  // of a group whose failure is tolerated
      for (std::optional<StepIndex> g = planned.parent; g; g = plan().at(*g).parent)
        inside_good = inside_good || (is_ended(state_.steps[*g].status) && is_good(plan().at(*g), state_.steps[*g]));
      if (!is_good(planned, state_.steps[i]) && !inside_good)
        broken("the run succeeded though " + path(i) + " is " + std::string(name_of(state_.steps[i].status)));
    }
    return wrong_;
  }

  Dice& dice_;
  const Plan& written_;
  State state_;
  Instant now_;
  std::map<std::string, Permission> permissions_;  // by path: another engine may count its steps otherwise
  std::vector<Event> events_;
  std::size_t stored_ = 0;
  std::vector<Flight> flights_;
  std::optional<Instant> wake_at_;
  std::string wrong_;
  std::set<Transition> transitions_;
  int crashes_ = 0, resumes_ = 0, reruns_ = 0;
};

constexpr std::uint64_t plays_of_a_plan = 8;

std::string text_in(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Smallest {
  std::string text;
  std::uint64_t seed = 0;
};
// Another seed may show it in a smaller plan: the order of things is another one there.
Smallest smallest_failing(const std::string& text, const std::string& wrong) {
  Smallest out{text, 0};
  const auto kind = [](const std::string& sentence) { return sentence.substr(sentence.rfind(' ') + 1); };
  out.text = shrink(text, [&](const std::string& smaller) {
    const auto plan = try_plan(smaller);
    if (!plan) return false;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      Dice dice(seed);
      if (const auto again = Simulation(*plan, dice).play(); again.empty() || kind(again) != kind(wrong)) continue;
      out.seed = seed;
      return true;
    }
    return false;
  });
  return out;
}

}  // namespace

TEST_CASE("a plan that shows something is shrunk to the part that shows it") {
  Dice dice(7);
  std::string text;
  do text = Author(dice).write();
  while (text.find("approve:") == std::string::npos || text.find("needs: [s") == std::string::npos);
  const auto smallest = shrink(text, [](const std::string& smaller) {
    const auto plan = try_plan(smaller);
    return plan && std::any_of(plan->steps.begin(), plan->steps.end(), [](const PlannedStep& planned) {
             return planned.step.action.kind && planned.step.action.kind->name == "approve";
           });
  });
  INFO(text);
  INFO(smallest);
  CHECK(smallest.size() < 200);
  CHECK(smallest.find("shell") == std::string::npos);
}

TEST_CASE("whatever happens, a run goes on or waits for people, comes to an end, and changes nothing twice unasked") {
  const char* const given = std::getenv("RUNBOOK_SEED");  // one seed again; RUNBOOK_SEEDS: that many
  const char* const many = std::getenv("RUNBOOK_SEEDS");
  const char* const shrunk = std::getenv("RUNBOOK_PLAN");  // a file: what a failure printed as the smallest plan
  const std::uint64_t first = given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
  const std::uint64_t last = given != nullptr ? first : many != nullptr ? std::strtoull(many, nullptr, 10) : 4000;
  std::map<std::string, int> met;
  std::set<Transition> transitions;
  std::string text;
  std::optional<Plan> plan;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    // A plan costs more than a run of it: it is played several times.
    if (const auto of = seed / plays_of_a_plan; !plan || seed % plays_of_a_plan == 0) {
      Dice author(of);
      text = shrunk != nullptr ? text_in(shrunk) : Author(author).write();
      plan = plan_of(text);
    }
    Dice dice(seed);
    Simulation simulation(*plan, dice);
    const std::string wrong = simulation.play();
    simulation.count_into(met);
    transitions.insert(simulation.transitions().begin(), simulation.transitions().end());
    if (wrong.empty()) continue;
    const auto smallest = smallest_failing(text, wrong);
    INFO("again: RUNBOOK_SEED=" << seed << " build/release/test-run \"whatever happens*\"");
    INFO("smallest: RUNBOOK_PLAN=FILE RUNBOOK_SEED=" << smallest.seed << ", FILE:\n" << smallest.text);
    INFO(text);
    INFO(simulation.story());
    FAIL_CHECK(wrong);
    return;
  }
  if (given != nullptr) return;
  // A simulation that meets nothing proves nothing.
  for (const auto* what : {"succeeded", "failed", "refused", "cancelled", "crash", "in_doubt", "answered", "resumed",
                           "attempt_cancelling", "step_skipped", "criteria_failed", "polled", "polls joined", "watch tripped",
                           "expanded", "rescuing", "rescued", "run again"}) {
    INFO(what);
    CHECK(met[what] > 5);
  }
  // And every way a step's state can change is gone, and no other.
  std::set<std::string> gone;
  for (const auto& [from, event, to] : transitions) {
    std::string way(name_of(from));
    way.append(" ").append(event).append(" ").append(name_of(to));
    gone.insert(way);
  }
  for (const auto& way : ways_of_a_step) {
    INFO(way);
    CHECK(gone.erase(way) == 1);
  }
  gone.erase(rare_way_of_a_step);
  for (const auto& way : gone) FAIL_CHECK("not in the table: " << way);
}
