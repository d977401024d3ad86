#include "run/state.h"

#include <algorithm>

#include "base/invariant.h"
#include "run/amend.h"
#include "run/group.h"

namespace runbook {
namespace {

class Fold {
 public:
  Fold(State& state, const Event& event) : state_(state), event_(event) {}

  void operator()(const RunCreated& e) {
    state_.created = e;
    state_.created_at = event_.at;
    state_.answers = e.answers;
    state_.answers_by = e.by;
  }
  void operator()(const EngineAttached&) {
    state_.attached = event_.seq;
    // `for` counts only time in which an engine looked; `hold` starts over after any gap.
    const Duration gap = event_.at - state_.last_at;
    for (const auto i : state_.frontier) {
      auto& s = state_.steps[i];
      if (s.window) *s.window += gap;
      s.held_since.reset();
      s.look_again = s.status == StepStatus::running;
      for (const auto g : plan().at(i).guards) renew(g);
    }
  }
  void operator()(const EngineDetached&) {}
  void operator()(const StepAdmitted& e) {
    const auto i = index(e.step);
    state_.steps[i].admitted = true;
    if (!plan().at(i).step.is_group) return;
    state_.steps[i].status = StepStatus::running;
    begin(i);
    open(i);
  }
  void operator()(const Expanded& e) {
    const auto i = index(e.step);
    const StepIndex first = state_.steps.size();
    add_elements(state_.grow(), i, e.items);
    state_.expanded.emplace(i, Turns());
    state_.steps.resize(plan().steps.size());
    rebuild_from(first);
    open(i);
  }
  void operator()(const StepSkipped& e) {
    auto& s = at(e.step);
    s.why = e.why;
    end(index(e.step), StepStatus::skipped);
  }
  void operator()(const AttemptStarting& e) {
    const auto i = index(e.step);
    auto& s = state_.steps[i];
    s.status = StepStatus::running;
    s.attempts = e.k;
    s.idempotency_key = e.stamp.idempotency_key;
    s.open = OpenAttempt{e.k, e.deadline, e.durable, false, {}, e.stamp, {}, {}};
    if (!s.window) s.window = event_.at;
    s.look_again = s.confirmed = false;
    s.question.reset();
    ++state_.open_attempts;
    begin(i);
    for (const auto g : plan().at(i).guards) renew(g);
  }
  void operator()(const AttemptProgress& e) {
    auto& s = at(e.step);
    if (!s.open) return;
    if (e.prepared) {
      s.open->prepared = e.prepared;
      return;
    }
    s.open->progress = e.what;
    s.status = s.open->unreachable() != nullptr ? StepStatus::waiting : StepStatus::running;
    // The time that it waited before it could begin is not its own.
    const auto found = e.what.find("deadline");
    const auto* deadline = found == e.what.end() ? nullptr : found->second.integer();
    if (deadline == nullptr || s.open->deadline == Instant(Duration(*deadline))) return;
    s.open->deadline = Instant(Duration(*deadline));
    if (s.open->cancelling == CancelReason::timeout) s.open->cancelling.reset();
  }
  void operator()(const AttemptCancelling& e) {
    if (auto& open = at(e.step).open) {
      open->cancelling = e.why;
      open->hard = e.hard;
    }
  }
  void operator()(const AttemptFinished& e) {
    auto& s = at(e.step);
    if (s.open && s.open->unreachable() != nullptr) s.status = StepStatus::running;
    close_attempt(s);
    if (e.outcome == Outcome::not_started) {
      ++s.never_started;
      return;
    }
    ++s.tries;
    s.never_started = s.doubts = 0;
    if (e.lasting.contains("status")) s.idempotency_key.clear();
    // By what it was when it ran: an amendment may make another of it.
    const bool may_have_changed = !plan().at(index(e.step)).reads && e.outcome != Outcome::could_not_start && !e.unchanged;
    s.left_traces = s.left_traces || may_have_changed;
    if (s.held_since && was_not_looked_at(plan().at(index(e.step)), s, e.ended)) s.held_since = event_.at;
    s.last = e;
    s.why = e.why;
    s.outputs = e.outputs;
    s.lasting = e.lasting;
    s.ended = event_.at;
    if (plan().at(index(e.step)).retries) remember(s.history, e.operands);
    if (!counts_for_hold(plan().at(index(e.step)), e.verdict)) s.held_since.reset();
    else if (!s.held_since) s.held_since = event_.at;
  }
  // Its tries' starts are not stored: what they would have done to the state, this does.
  void operator()(const Polled& e) {
    auto& s = at(e.step);
    invariant(s.last.has_value(), "tries are counted that follow no other");
    close_attempt(s);
    s.status = StepStatus::running;
    s.look_again = s.confirmed = false;
    s.question.reset();
    s.attempts = e.k;
    s.tries += e.count;
    s.never_started = s.doubts = 0;
    s.last->k = e.k;
    s.last->lasting = e.lasting;
    s.last->facts = e.facts;
    s.last->started = e.started;
    s.last->ended = e.ended;
    s.why = s.last->why;
    s.outputs = s.last->outputs;
    s.lasting = e.lasting;
    s.ended = event_.at;
    if (!s.history.empty()) s.history.back().tries += e.count;
  }
  void operator()(const AttemptInDoubt& e) {
    auto& s = at(e.step);
    s.doubt_until = s.open ? std::optional(s.open->deadline) : std::nullopt;
    close_attempt(s);
    s.left_traces = true;
    s.status = StepStatus::in_doubt;
    ++s.doubts;
    s.doubt_at = event_.at;
    s.why = e.evidence;
    if (const auto probe = plan().at(index(e.step)).probe) renew(*probe);
  }
  void operator()(const StepFinished& e) {
    auto& s = at(e.step);
    s.why = e.why;
    end(index(e.step), e.status);
  }
  void operator()(const Rescuing& e) {
    const auto i = index(e.step);
    state_.steps[i].status = StepStatus::rescuing;
    state_.steps[i].why = e.why;
    if (auto& question = state_.steps[i].question; question && !question->answer) question.reset();
    cut_off(i, StepStatus::cancelled);
    met(*plan().at(i).rescue);
  }
  void operator()(const Waiting& e) {
    auto& s = at(e.step);
    if (s.status == StepStatus::pending || s.status == StepStatus::running) s.status = StepStatus::waiting;
    s.question = Question{e, event_.seq, std::vector<std::optional<Value>>(e.items.size()), {}, {}};
    if (e.what == Ask::manual || e.what == Ask::approve) s.last.reset();  // what was said to it before is not the answer to this
    begin(index(e.step));
  }
  void operator()(const Answered& e) {
    auto& s = at(e.step);
    if (!s.question) {  // settled by hand without having been asked: `resolve`
      Question by_hand;
      by_hand.asked.step = e.step;
      by_hand.asked.what = Ask::again;
      by_hand.seq = event_.seq;
      by_hand.answer = e;
      s.question = by_hand;
      if (s.status == StepStatus::pending) s.status = StepStatus::waiting;
      return;
    }
    auto& q = *s.question;
    if (e.item >= 0 && static_cast<std::size_t>(e.item) < q.items.size()) {
      q.items[static_cast<std::size_t>(e.item)] = e.answer;
      s.lasting["by"] = e.by.name;
      return;
    }
    if (q.asked.what == Ask::approve && e.answer == Value(true)) {
      q.approvals.push_back(e.by);
      if (static_cast<std::int64_t>(q.approvals.size()) < q.asked.count) return;
    }
    q.answer = e;
    // Permission to start it once more is used up by one start.
    if (q.asked.what == Ask::again || q.asked.what == Ask::in_doubt) {
      state_.answers.erase("answer:" + e.step);
      s.doubts = 0;
    }
    for (const auto& [name, value] : e.outputs) s.outputs[name] = value;
    if (q.asked.what == Ask::manual) s.lasting["answer"] = e.answer;
    if (q.asked.what == Ask::manual || q.asked.what == Ask::approve) s.lasting["by"] = e.by.name;
    if (e.answer == Value(true) || e.answer == Value("again") || e.answer == Value("not-done")) {
      // Questions before a start: the step goes on from where it stood.
      if (q.asked.what == Ask::optional) s.wanted = true;
      if (q.asked.what == Ask::confirm) s.confirmed = true;
      if (q.asked.what == Ask::again || q.asked.what == Ask::in_doubt) s.ask_again = false;
      if (q.asked.what != Ask::approve && q.asked.what != Ask::manual && q.asked.what != Ask::no_data) {
        s.status = StepStatus::pending;
        s.question.reset();
      }
    }
  }
  void operator()(const StopRequested& e) {
    const bool close = e.close || (state_.stopping && state_.stopping->close);
    const bool hard = e.hard || (state_.stopping && state_.stopping->hard);
    const bool pause = e.pause && (!state_.stopping || state_.stopping->pause);
    state_.stopping = e;
    state_.stopping->close = close;
    state_.stopping->hard = hard;
    state_.stopping->pause = pause;
  }
  void operator()(const RequestRefused&) {}
  void operator()(const Noted&) {}
  void operator()(const FollowedUp& e) { state_.follow_ups[e.number] = e; }
  void operator()(const Notified&) {}
  void operator()(const Resumed& e) {
    state_.stopping.reset();
    state_.settled.reset();
    for (const auto& [name, value] : e.answers) state_.answers[name] = value;
    if (!e.answers.empty()) state_.answers_by = e.by;
    for (const auto& path : e.set_back) set_back(index(path));
    rebuild();
  }
  void operator()(const SetBack& e) {
    for (const auto& path : e.steps) set_back(index(path));
    for (const auto& path : e.steps) {
      if (e.permitted) begin_anew(index(path));
      wait_around(index(path));
    }
    rebuild();
  }
  void operator()(const RunAmended& e) {
    invariant(state_.amendments < state_.written().amended.size(), "a run was amended, and nothing tells to what");
    const State before = state_;
    state_.go_on_by(amended_plan(*state_.written().amended[state_.amendments++], before));
    for (StepIndex i = 0; i < plan().steps.size(); ++i)
      if (!before.plan().find(plan().at(i).path)) join(i);
    for (const auto* steps : {&e.set_back, &e.asked_again})
      for (const auto& path : *steps) {
        begin_as_it_is(index(path));
        wait_around(index(path));
      }
    wait_for_what_is_open();
    rebuild();
  }
  void operator()(const RunClosing& e) { state_.closing = e.status; }
  void operator()(const RunSettled& e) { state_.settled = e.status; }
  void operator()(const RunFinished& e) { state_.finished = e.status; }

  // Counts and frontier from the statuses alone: after a resume, and at the start.
  void rebuild() {
    state_.frontier.clear();
    state_.unended.clear();
    state_.all_halted = false;
    for (auto& [i, turns] : state_.expanded) turns = {};
    rebuild_from(0);
    for (StepIndex i = 0; i < plan().steps.size(); ++i) halt_around(i);
    for (auto& [i, turns] : state_.expanded) {
      for (const auto element : plan().at(i).children)
        if (has_begun(state_.steps[element].status)) give_turn(element, turns);
      take_turns(i);
    }
  }
  void rebuild_from(StepIndex first) {
    const auto& steps = plan().steps;
    for (auto* counts : {&state_.unmet, &state_.unended_in}) {
      counts->resize(first);
      counts->resize(steps.size(), 0);
    }
    state_.halted.resize(first);
    state_.halted.resize(steps.size(), false);
    for (StepIndex i = first; i < steps.size(); ++i) {
      const auto& planned = plan().at(i);
      if (planned.owner || planned.is_pattern) continue;
      wait_again(i);
      for (const auto need : planned.needs) state_.unmet[i] += !is_ended(state_.steps[need].status);
      // An element waits for its turn, also when its group has begun.
      if (planned.parent) state_.unmet[i] += plan().is_element(i) || !is_open_to(i, *planned.parent);
      if (is_ended(state_.steps[i].status)) continue;
      ++state_.unended[planned.role];
      if (planned.parent && !planned.is_rescue) ++state_.unended_in[*planned.parent];
      if (state_.unmet[i] == 0) state_.frontier.insert(i);
    }
  }

 private:
  StepIndex index(const std::string& path) const {
    const auto found = plan().find(path);
    invariant(found.has_value(), "an event names a step that the plan has not");
    return *found;
  }
  StepState& at(const std::string& path) { return state_.steps[index(path)]; }

  void begin(StepIndex i) {
    auto& s = state_.steps[i];
    if (plan().at(i).role == Role::step) state_.something_started = true;
    if (s.first_started) return;
    s.first_started = event_.at;
    state_.started.push_back(i);
  }
  static void remember(std::vector<Said>& history, const Value& operands) {
    constexpr std::size_t most = 8;
    if (!history.empty() && history.back().operands == operands) {
      ++history.back().tries;
      return;
    }
    if (history.size() == most) history.erase(history.begin());
    history.push_back({operands});
  }
  void close_attempt(StepState& s) {
    if (s.open) --state_.open_attempts;
    s.open.reset();
  }
  // A guard or probe is asked afresh.
  void renew(StepIndex i) {
    const auto attempts = state_.steps[i].attempts;
    if (state_.steps[i].open) return;
    state_.steps[i] = {};
    state_.steps[i].attempts = attempts;
  }
  void met(StepIndex i) {
    if (--state_.unmet[i] == 0 && !is_ended(state_.steps[i].status)) state_.frontier.insert(i);
  }
  bool is_open_to(StepIndex child, StepIndex group) const {
    return state_.steps[group].status == (plan().at(child).is_rescue ? StepStatus::rescuing : StepStatus::running);
  }
  // A group begins: what is in it may move.
  void open(StepIndex i) {
    if (plan().at(i).step.for_each) return take_turns(i);
    for (const auto child : plan().at(i).children) met(child);
  }
  void give_turn(StepIndex element, Turns& turns) {
    ++turns.given;
    met(element);
  }
  void take_turns(StepIndex i) {
    const auto found = state_.expanded.find(i);
    if (found == state_.expanded.end() || state_.steps[i].status != StepStatus::running || state_.halted[i]) return;
    auto& turns = found->second;
    const auto& elements = plan().at(i).children;
    for (; turns.next < elements.size() && turns.given < plan().at(i).step.for_each->at_once; ++turns.next) {
      const auto element = elements[turns.next];
      if (!is_ended(state_.steps[element].status) && state_.unmet[element] > 0) give_turn(element, turns);
    }
  }
  void end(StepIndex i, StepStatus status) {
    auto& s = state_.steps[i];
    const bool was_ended = is_ended(s.status);
    s.status = status;
    s.ended = event_.at;
    if (s.question && !s.question->answer) s.question.reset();  // it is asked no longer: its group has ended, or its time
    if (plan().at(i).owner || was_ended) return;
    if (plan().at(i).is_pattern) return cut_off(i, status);  // it is shown to be what its `for_each` is, and moves nothing
    state_.frontier.erase(i);
    --state_.unended[plan().at(i).role];
    if (const auto parent = plan().at(i).parent; parent && !plan().at(i).is_rescue) --state_.unended_in[*parent];
    for (const auto d : plan().at(i).dependents) met(d);
    halt_around(i);
    if (plan().is_element(i)) {
      const auto whole = *plan().at(i).parent;
      if (state_.unmet[i] == 0) --state_.expanded[whole].given;
      take_turns(whole);
    }
    cut_off(i, status == StepStatus::skipped ? status : StepStatus::cancelled);
    const auto rescue = plan().at(i).rescue;
    if (rescue && !is_ended(state_.steps[*rescue].status))
      end(*rescue, status == StepStatus::cancelled ? status : StepStatus::skipped);
  }
  // What a skipped or failed group holds never starts.
  void cut_off(StepIndex i, StepStatus status) {
    for (const auto child : plan().at(i).children) {
      if (is_ended(state_.steps[child].status)) continue;
      state_.steps[child].why = state_.steps[i].why;
      end(child, status);
    }
  }
  // A failure stops its list, and every list around it up to one that goes on.
  void halt_around(StepIndex i) {
    if (plan().at(i).owner || (plan().at(i).role != Role::step && plan().at(i).role != Role::cleanup)) return;
    if (!is_ended(state_.steps[i].status) || is_good(plan().at(i), state_.steps[i])) return;
    if (plan().at(i).is_pattern) return;
    if (plan().at(i).is_rescue) return;  // what becomes of the step that failed tells
    if (plan().is_element(i)) {
      const auto whole = *plan().at(i).parent;
      if (++state_.expanded[whole].failures <= plan().at(whole).step.for_each->max_failures) return;
    }
    for (std::optional<StepIndex> group = plan().at(i).parent;; group = plan().at(*group).parent) {
      if (!group) {
        if (plan().at(i).role == Role::step) state_.all_halted = true;
        return;
      }
      state_.halted[*group] = true;
      // What goes on in spite of it, or may yet be rescued; of a `for_each` the elements that have begun end before it has failed.
      const auto& around = plan().at(*group);
      if (around.step.on_fail == OnFail::go_on || around.rescue || around.is_rescue) return;
      if (around.step.for_each || plan().is_element(*group)) return;
    }
  }
  void set_back(StepIndex i) {
    auto& s = state_.steps[i];
    const bool may_have_changed =
        s.left_traces && !plan().at(i).reads && !plan().at(i).step.rerun_safe && !plan().at(i).step.is_group;
    StepState fresh;
    fresh.attempts = s.attempts;
    fresh.first_started = s.first_started;
    fresh.last = s.last;
    fresh.idempotency_key = s.idempotency_key;
    fresh.left_traces = s.left_traces;
    fresh.wanted = s.wanted;
    fresh.ask_again = may_have_changed;
    // What said that a group is to begin is not asked again.
    if (plan().at(i).step.is_group) fresh.admitted = s.admitted;
    s = fresh;
    for (const auto g : plan().at(i).guards) renew(g);
    if (const auto probe = plan().at(i).probe) renew(*probe);
    if (const auto rescue = plan().at(i).rescue) set_back_with_all(*rescue);
    if (plan().at(i).step.for_each && !state_.expanded.contains(i)) set_back_with_all(plan().at(i).children[0]);
  }
  // If the step fails once more, all of its rescue is done once more.
  void set_back_with_all(StepIndex group) {
    set_back(group);
    for (const auto child : plan().at(group).children) set_back_with_all(child);
  }

  // A group whose needs run again waits for them, and with it what it holds.
  void wait_again(StepIndex group) {
    const auto& planned = plan().at(group);
    auto& s = state_.steps[group];
    if (!planned.step.is_group || s.status != StepStatus::running) return;
    const bool needs_met = std::all_of(planned.needs.begin(), planned.needs.end(),
                                       [this](StepIndex need) { return is_ended(state_.steps[need].status); });
    if (!needs_met || (planned.parent && !is_open_to(group, *planned.parent))) s.status = StepStatus::pending;
  }
  void begin_anew(StepIndex i) {
    auto& s = state_.steps[i];
    s.ask_again = s.admitted = s.wanted = false;
    s.status = StepStatus::pending;
  }
  // The groups around it have not ended any more. A rescue is none: it is done again with its step, or not at all.
  void wait_around(StepIndex i) {
    for (std::optional<StepIndex> at = i; at; at = plan().at(*at).parent)
      if (plan().at(*at).is_rescue) return;
    for (auto group = plan().at(i).parent; group; group = plan().at(*group).parent) {
      auto& around = state_.steps[*group];
      if (!is_ended(around.status)) continue;
      around.status = StepStatus::pending;
      around.last.reset();
      around.ended.reset();
      around.why.clear();
      if (const auto rescue = plan().at(*group).rescue) set_back_with_all(*rescue);
    }
  }

  // What an amendment adds begins when its turn comes, also behind what has run already. What has ended otherwise than well
  // takes it along, and what comes before the first step is not looked at behind it.
  void join(StepIndex i) {
    const auto& planned = plan().at(i);
    auto& s = state_.steps[i];
    if (planned.owner || planned.is_pattern) return;
    if ((planned.role == Role::precondition || planned.role == Role::baseline) && state_.something_started) {
      s.status = StepStatus::skipped;
      s.why = "the run had begun when it was added";
      return;
    }
    for (std::optional<StepIndex> at = i; plan().at(*at).parent; at = plan().at(*at).parent) {
      const auto group = *plan().at(*at).parent;
      const auto& around = state_.steps[group];
      const bool goes_on = around.status == StepStatus::succeeded && !plan().at(*at).is_rescue;
      if (!is_ended(around.status) || begins_again(group) || goes_on) continue;
      const bool is_needless = around.status == StepStatus::skipped || plan().at(*at).is_rescue;
      s.status = is_needless ? StepStatus::skipped : StepStatus::cancelled;
      s.why = around.why;
      return;
    }
    wait_around(i);
  }
  // By the next resume.
  bool begins_again(StepIndex i) const {
    const auto status = state_.steps[i].status;
    return (status == StepStatus::failed || status == StepStatus::cancelled) && !is_tolerated(plan(), state_, i);
  }
  // What needs a step through others that have ended already waits for it, too: an approval that is asked again, or what was
  // put before them.
  void wait_for_what_is_open() {
    for (StepIndex i = 0; i < plan().steps.size(); ++i) {
      const bool is_done = is_ended(state_.steps[i].status) && !begins_again(i);
      if (is_done || plan().at(i).owner || plan().at(i).is_pattern) continue;
      std::set<StepIndex> seen;
      std::vector<StepIndex> way{i};
      while (!way.empty()) {
        const StepIndex at = way.back();
        way.pop_back();
        const std::vector<StepIndex> next = plan().at(at).dependents;
        for (const auto follower : next) {
          if (!seen.insert(follower).second) continue;
          if (is_ended(state_.steps[follower].status) && !begins_again(follower)) way.push_back(follower);
          else if (at != i) add_need(follower, i);
        }
      }
    }
  }
  void add_need(StepIndex step, StepIndex needed) {
    auto& steps = state_.grow().steps;
    steps[step].needs.push_back(needed);
    steps[needed].dependents.push_back(step);
  }
  // Permission to start a step once more is about what has happened, not about what it does now.
  void begin_as_it_is(StepIndex i) {
    auto& s = state_.steps[i];
    if (s.status != StepStatus::pending) return set_back(i);
    s.wanted = s.confirmed = false;
    if (!plan().at(i).step.is_group) s.admitted = false;
  }

  const Plan& plan() const { return state_.plan(); }

  State& state_;
  const Event& event_;
};

}  // namespace

bool lacks_only_outputs(const StepState& state) { return state.last && state.last->final; }

bool was_not_looked_at(const PlannedStep& planned, const StepState& state, Instant end) {
  return state.last && end - state.last->ended > planned.retry.every + planned.timeout;
}

bool is_good(const PlannedStep& planned, const StepState& state) {
  return state.status == StepStatus::succeeded || state.status == StepStatus::skipped || state.status == StepStatus::rescued ||
         (state.status == StepStatus::failed && planned.step.on_fail == OnFail::go_on);
}

const std::string* OpenAttempt::unreachable() const {
  const auto found = progress.find("unreachable");
  return found == progress.end() ? nullptr : found->second.string();
}

State::State(const Plan& plan) : steps(plan.steps.size()), written_(&plan) {
  const Event nothing{};
  Fold(*this, nothing).rebuild();
}

void State::apply(const Event& event) {
  seq = event.seq;
  std::visit(Fold(*this, event), event.body);
  fold_news(untold, *this, event);
  const bool is_over = settled || finished;  // to tell of the end takes its time, which is no part of the run's
  if (!is_over || !std::holds_alternative<Notified>(event.body)) last_at = event.at;
}

Plan& State::grow() {
  if (!grown_ || grown_.use_count() > 1) grown_ = std::make_shared<Plan>(plan());
  return *grown_;
}

}  // namespace runbook
