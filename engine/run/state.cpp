#include "run/state.h"

#include "base/invariant.h"

namespace runbook {
namespace {

class Fold {
 public:
  Fold(const Plan& plan, State& state, const Event& event) : plan_(plan), state_(state), event_(event) {}

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
      for (const auto g : plan_.at(i).guards) renew(g);
    }
  }
  void operator()(const EngineDetached&) {}
  void operator()(const StepAdmitted& e) {
    const auto i = index(e.step);
    state_.steps[i].admitted = true;
    if (!plan_.at(i).step.is_group) return;
    state_.steps[i].status = StepStatus::running;
    begin(i);
    for (const auto child : plan_.at(i).children) met(child);
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
    for (const auto g : plan_.at(i).guards) renew(g);
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
    if (const auto deadline = e.what.find("deadline"); deadline != e.what.end())
      if (const auto* time = deadline->second.integer()) s.open->deadline = Instant(Duration(*time));
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
    s.left_traces = s.left_traces || (e.outcome != Outcome::could_not_start && !e.unchanged);
    if (s.held_since && was_not_looked_at(plan_.at(index(e.step)), s, e.ended)) s.held_since = event_.at;
    s.last = e;
    s.why = e.why;
    s.outputs = e.outputs;
    s.lasting = e.lasting;
    s.ended = event_.at;
    if (plan_.at(index(e.step)).retries) remember(s.history, e.operands);
    if (!counts_for_hold(plan_.at(index(e.step)), e.verdict)) s.held_since.reset();
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
    if (const auto probe = plan_.at(index(e.step)).probe) renew(*probe);
  }
  void operator()(const StepFinished& e) {
    auto& s = at(e.step);
    s.why = e.why;
    end(index(e.step), e.status);
  }
  void operator()(const Waiting& e) {
    auto& s = at(e.step);
    if (s.status == StepStatus::pending || s.status == StepStatus::running) s.status = StepStatus::waiting;
    s.question = Question{e, event_.seq, std::vector<std::optional<Value>>(e.items.size()), {}, {}};
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
    state_.halted.assign(plan_.steps.size(), false);
    state_.unmet.assign(plan_.steps.size(), 0);
    for (StepIndex i = 0; i < plan_.steps.size(); ++i) {
      const auto& planned = plan_.at(i);
      if (planned.owner) continue;
      for (const auto need : planned.needs) state_.unmet[i] += !is_ended(state_.steps[need].status);
      if (planned.parent) state_.unmet[i] += !state_.steps[*planned.parent].admitted;
      if (is_ended(state_.steps[i].status)) continue;
      ++state_.unended[planned.role];
      if (state_.unmet[i] == 0) state_.frontier.insert(i);
    }
    for (StepIndex i = 0; i < plan_.steps.size(); ++i) halt_around(i);
  }

 private:
  StepIndex index(const std::string& path) const {
    const auto found = plan_.find(path);
    invariant(found.has_value(), "an event names a step that the plan has not");
    return *found;
  }
  StepState& at(const std::string& path) { return state_.steps[index(path)]; }

  void begin(StepIndex i) {
    auto& s = state_.steps[i];
    if (plan_.at(i).role == Role::step) state_.something_started = true;
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
  void end(StepIndex i, StepStatus status) {
    auto& s = state_.steps[i];
    const bool was_ended = is_ended(s.status);
    s.status = status;
    s.ended = event_.at;
    if (s.question && !s.question->answer) s.question.reset();  // it is asked no longer: its group has ended, or its time
    if (plan_.at(i).owner || was_ended) return;
    state_.frontier.erase(i);
    --state_.unended[plan_.at(i).role];
    for (const auto d : plan_.at(i).dependents) met(d);
    halt_around(i);
    // What a skipped or failed group holds never starts.
    for (const auto child : plan_.at(i).children)
      if (!is_ended(state_.steps[child].status)) {
        state_.steps[child].why = state_.steps[i].why;
        end(child, status == StepStatus::skipped ? status : StepStatus::cancelled);
      }
  }
  // A failure stops its list, and every list around it up to one that goes on.
  void halt_around(StepIndex i) {
    if (plan_.at(i).owner || (plan_.at(i).role != Role::step && plan_.at(i).role != Role::cleanup)) return;
    if (!is_ended(state_.steps[i].status) || is_good(plan_.at(i), state_.steps[i])) return;
    for (std::optional<StepIndex> group = plan_.at(i).parent;; group = plan_.at(*group).parent) {
      if (!group) {
        if (plan_.at(i).role == Role::step) state_.all_halted = true;
        return;
      }
      state_.halted[*group] = true;
      if (plan_.at(*group).step.on_fail == OnFail::go_on) return;
    }
  }
  void set_back(StepIndex i) {
    auto& s = state_.steps[i];
    const bool may_have_changed =
        s.left_traces && !plan_.at(i).reads && !plan_.at(i).step.rerun_safe && !plan_.at(i).step.is_group;
    StepState fresh;
    fresh.attempts = s.attempts;
    fresh.first_started = s.first_started;
    fresh.last = s.last;
    fresh.idempotency_key = s.idempotency_key;
    fresh.left_traces = s.left_traces;
    fresh.wanted = s.wanted;
    fresh.ask_again = may_have_changed;
    if (plan_.at(i).step.is_group) {
      fresh.admitted = s.admitted;
      fresh.status = s.admitted ? StepStatus::running : StepStatus::pending;
    }
    s = fresh;
    for (const auto g : plan_.at(i).guards) renew(g);
    if (const auto probe = plan_.at(i).probe) renew(*probe);
  }

  const Plan& plan_;
  State& state_;
  const Event& event_;
};

}  // namespace

bool was_not_looked_at(const PlannedStep& planned, const StepState& state, Instant end) {
  return state.last && end - state.last->ended > planned.retry.every + planned.timeout;
}

bool is_good(const PlannedStep& planned, const StepState& state) {
  return state.status == StepStatus::succeeded || state.status == StepStatus::skipped ||
         (state.status == StepStatus::failed && planned.step.on_fail == OnFail::go_on);
}

const std::string* OpenAttempt::unreachable() const {
  const auto found = progress.find("unreachable");
  return found == progress.end() ? nullptr : found->second.string();
}

State::State(const Plan& plan) : steps(plan.steps.size()) {
  const Event nothing{};
  Fold(plan, *this, nothing).rebuild();
}

void State::apply(const Plan& plan, const Event& event) {
  seq = event.seq;
  std::visit(Fold(plan, *this, event), event.body);
  last_at = event.at;
}

}  // namespace runbook
