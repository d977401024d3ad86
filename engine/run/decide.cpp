#include "run/decide.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "run/fit_answer.h"
#include "run/group.h"
#include "run/judge.h"
#include "run/question.h"
#include "run/scope.h"

namespace runbook {
namespace {

constexpr std::int64_t most_never_started = 5;
constexpr std::int64_t most_repeats = 5;  // of a step that is `rerun: safe` and ends in doubt each time
// Automatic preconditions older than this are looked at again: people were waited for, or an engine was.
constexpr Duration fresh_enough = std::chrono::minutes(5);
// The executors own the deadline; this is for one that does not answer.
constexpr Duration deadline_backstop = std::chrono::seconds(2);

class Decider {
 public:
  Decider(const Plan& plan, const State& state, Instant now)
      : plan_(plan),
        state_(state),
        now_(now),
        open_(state.open_attempts - open_watches()) {}

  Decision run() {
    if (state_.finished || state_.settled) return {};
    if (state_.closing) return close();
    if (state_.stopping) return stop();
    if (!state_.something_started && has(Role::precondition)) {
      if (phase(Role::precondition)) return std::move(out_);
      if (any_bad(Role::precondition)) return record(RunClosing{RunStatus::refused});
    }
    if (state_.something_started && state_.amendments > 0) {  // approvals of the plan that it was amended to
      if (phase(Role::precondition)) return std::move(out_);
      if (any_bad(Role::precondition)) return end_with(RunStatus::failed);
    }
    if (!state_.something_started && set_old_checks_back()) return std::move(out_);
    // What cannot be measured stops nothing: whatever names it later has no data.
    if (!state_.something_started && phase(Role::baseline)) return std::move(out_);
    if (phase(Role::step)) {
      watch();
      return std::move(out_);
    }
    if (end_watches()) return std::move(out_);
    if (state_.all_halted) return end_with(RunStatus::failed);
    if (has(Role::criterion) && phase(Role::criterion)) return std::move(out_);
    if (any_bad(Role::criterion)) return end_with(RunStatus::criteria_failed);
    return record(RunClosing{RunStatus::succeeded});
  }

 private:
  std::int64_t open_watches() const {
    return std::count_if(state_.frontier.begin(), state_.frontier.end(),
                         [this](StepIndex i) { return plan_.at(i).role == Role::watch && state_.steps[i].open; });
  }
  Decision record(Body body) {
    out_.record.push_back(std::move(body));
    return std::move(out_);
  }
  bool has(Role role) const {
    return std::any_of(plan_.steps.begin(), plan_.steps.end(), [role](const PlannedStep& p) { return p.role == role; });
  }
  bool any_bad(Role role) const {
    for (StepIndex i = 0; i < plan_.steps.size(); ++i)
      if (plan_.at(i).role == role && is_ended(state_.steps[i].status) && !is_good(plan_.at(i), state_.steps[i])) return true;
    return false;
  }
  // A failure leaves the run open for a repair and `resume`, unless it was asked to close at the first one.
  Decision end_with(RunStatus status) {
    if (state_.created.close_on_failure) return record(RunClosing{status});
    return record(RunSettled{status});
  }

  // True: the phase goes on (something was recorded, runs, or is waited for).
  bool phase(Role role) {
    const auto unended = state_.unended.find(role);
    if (unended == state_.unended.end() || unended->second == 0) return false;
    bool moving = false;
    for (const auto i : state_.frontier) {
      if (plan_.at(i).role != role) continue;
      const auto before = out_.record.size();
      consider(i);
      // A failure halts what follows from it, a refused approval all: nothing else may start before it is folded.
      if (out_.record.size() > before && halts(out_.record.back())) return true;
      moving = moving || out_.record.size() > before || can_move(i);
    }
    return moving;
  }
  static bool halts(const Body& body) {
    const auto* finished = std::get_if<StepFinished>(&body);
    return std::holds_alternative<StopRequested>(body) || std::holds_alternative<Rescuing>(body) ||
           (finished != nullptr && finished->status != StepStatus::succeeded);
  }
  // Without anything recorded: it runs, waits for a person or a time, or could start when a place is free.
  bool can_move(StepIndex i) const {
    if (is_busy(i)) return true;
    return !is_halted(i) && !(plan_.at(i).step.is_group && state_.steps[i].status == StepStatus::running);
  }
  bool is_busy(StepIndex i) const {
    const auto& s = state_.steps[i];
    if (s.open) return true;
    for (const auto g : plan_.at(i).guards)
      if (state_.steps[g].open) return true;
    if (const auto probe = plan_.at(i).probe)
      if (state_.steps[*probe].open) return true;
    if (s.status == StepStatus::in_doubt) return true;
    return !is_halted(i) && (s.status == StepStatus::waiting || (s.status == StepStatus::running && !plan_.at(i).step.is_group));
  }
  // Something failed in its list or around it: nothing new starts.
  bool is_halted(StepIndex i) const {
    const auto& planned = plan_.at(i);
    // Nobody is asked for a run that is refused anyway.
    if (planned.role == Role::precondition)
      return planned.step.action.kind && planned.step.action.kind->asks_people && any_bad(Role::precondition);
    if (planned.role != Role::step) return false;
    for (StepIndex at = i;; at = *plan_.at(at).parent) {
      if (plan_.at(at).is_rescue) return false;  // a failure elsewhere does not leave another one unrepaired
      const auto group = plan_.at(at).parent;
      if (!group) return state_.all_halted;
      // An element that has begun goes on to its end whatever became of the others.
      if (state_.halted[*group] && !(plan_.is_element(at) && has_begun(state_.steps[at].status))) return true;
    }
  }

  // Beside the steps: the places of `parallel` are theirs.
  void watch() {
    for (const auto i : state_.frontier) {
      if (!out_.record.empty() && halts(out_.record.back())) return;
      if (plan_.at(i).role == Role::watch) look(i);
    }
  }
  void look(StepIndex i) {
    const auto& planned = plan_.at(i);
    const auto& s = state_.steps[i];
    if (s.open) return consider_open(i);
    if (s.tries == 0 || s.look_again || s.never_started > 0) return attempt(i);
    Instant next = s.last->ended + planned.retry.every;
    if (s.held_since) {  // not true since then
      const Instant limit = *s.held_since + planned.step.hold.value_or(Duration{});
      if (s.last->ended >= limit) return trip(i);
      next = std::min(next, std::max(limit, now_));
    }
    if (now_ < next) return wake(next);
    attempt(i);
  }
  // The run stays open: whoever resumes it has looked at what tripped it.
  void trip(StepIndex i) {
    const auto& planned = plan_.at(i);
    finish(i, StepStatus::failed, state_.steps[i].why);
    if (state_.stopping) return;
    out_.record.push_back(StopRequested{
        {planned.path, -1, ""}, state_.steps[i].why, false, false, planned.step.pauses && !state_.created.close_on_failure});
  }
  // True: one still looks. The criteria judge from now on.
  bool end_watches() {
    bool looks = false;
    for (const auto i : state_.frontier) {
      if (plan_.at(i).role != Role::watch) continue;
      const auto& s = state_.steps[i];
      if (s.open) consider_open(i);
      else if (s.tries == 0) skip(i, "no step was left to run");
      else finish(i, StepStatus::succeeded, s.held_since ? "not true at its last look: " + s.why : "");
      looks = looks || s.open;
    }
    return looks || !out_.record.empty();
  }

  void wake(Instant t) { out_.wake_at = out_.wake_at ? std::min(*out_.wake_at, t) : t; }
  void finish(StepIndex i, StepStatus status, std::string why) {
    if (status == StepStatus::failed && plan_.at(i).rescue) {
      out_.record.push_back(Rescuing{plan_.at(i).path, std::move(why)});
      return;
    }
    out_.record.push_back(StepFinished{plan_.at(i).path, status, std::move(why)});
  }
  void skip(StepIndex i, std::string why, Value operands = {}, Person by = {}) {
    out_.record.push_back(StepSkipped{plan_.at(i).path, std::move(why), std::move(operands), std::move(by)});
  }

  void consider(StepIndex i) {
    const auto& planned = plan_.at(i);
    const auto& s = state_.steps[i];
    if (s.open) return consider_open(i);
    if (s.status == StepStatus::rescuing) return consider_rescue(i);
    if (planned.step.is_group && s.status == StepStatus::running) return consider_group(i);
    if (s.status == StepStatus::in_doubt) return consider_doubt(i);
    if (s.question) return consider_question(i);
    if (s.status == StepStatus::running) return consider_ended(i);
    if (is_halted(i)) return;
    consider_pending(i);
  }

  void consider_rescue(StepIndex i) {
    const auto& failed = state_.steps[i];
    const auto rescue = *plan_.at(i).rescue;
    const auto& s = state_.steps[rescue];
    if (!is_ended(s.status)) return;
    const bool is_handled = is_good(plan_.at(rescue), s);
    out_.record.push_back(StepFinished{plan_.at(i).path, is_handled ? StepStatus::rescued : StepStatus::failed,
                                       is_handled ? failed.why : failed.why + "; its rescue failed, too: " + s.why});
  }

  void consider_open(StepIndex i) {
    const auto& open = *state_.steps[i].open;
    if (open.cancelling || open.unreachable() != nullptr) return;
    const Instant limit = open.deadline + deadline_backstop;
    if (now_ >= limit) out_.record.push_back(AttemptCancelling{plan_.at(i).path, open.k, CancelReason::timeout, false});
    else wake(limit);
  }

  void consider_pending(StepIndex i) {
    const auto& planned = plan_.at(i);
    const auto& s = state_.steps[i];
    if (planned.step.is_group || (planned.step.when && !s.admitted)) {
      if (planned.step.optional_question && !s.wanted && !optional_wanted(i)) return;
      Value operands;
      if (planned.step.when && !s.admitted) {
        const auto& expression = planned.step.when->expression;
        const auto when =
            cel::evaluate(expression, scope_of(plan_, state_, i, planned.step.unit, expression.references(), nullptr));
        operands = cel::to_value(when.explained);
        if (when.verdict == cel::Verdict::no_data) return finish(i, StepStatus::failed, "when: " + when.error);
        if (when.verdict == cel::Verdict::not_met) return skip(i, "when: " + expression.text(), operands);
      }
      out_.record.push_back(StepAdmitted{planned.path, operands});
      return;
    }
    if (planned.step.optional_question && !s.wanted && !optional_wanted(i)) return;
    if (s.ask_again) return ask(i, Ask::again);
    if (planned.step.action.kind && planned.step.action.kind->asks_people)
      return ask(i, planned.step.action.kind->name == "approve" ? Ask::approve : Ask::manual);
    start(i);
  }
  // False: skipped, or asked just now.
  bool optional_wanted(StepIndex i) {
    if (const auto* given = given_in_advance("with:", i)) {
      if (*given == Value(true)) return true;
      skip(i, "left out by --without", {}, {state_.created.by.name, state_.created.by.uid, "flag"});
      return false;
    }
    ask(i, Ask::optional);
    return false;
  }

  // Evaluated once: whoever goes on with the run reads what was committed.
  void expand(StepIndex i) {
    auto elements = elements_now(plan_, state_, i);
    if (!elements) return finish(i, StepStatus::failed, "for_each: " + elements.error());
    if (elements->empty()) return skip(i, "for_each: the list is empty");
    out_.record.push_back(Expanded{plan_.at(i).path, *std::move(elements)});
  }

  void consider_group(StepIndex i) {
    const bool is_for_each = plan_.at(i).step.for_each.has_value();
    if (is_for_each && !state_.expanded.contains(i)) return expand(i);
    const bool is_cut_short = is_halted_inside(i);
    if (state_.unended_in[i] > 0 && !is_cut_short) return;
    const auto outcome = outcome_of_group(plan_, state_, i);
    const auto& children = plan_.at(i).children;
    if (outcome.all_ended) {
      if (outcome.worst != StepStatus::succeeded) return finish(i, outcome.worst, outcome.why);
      if (outcome.all_skipped && !children.empty()) return finish(i, StepStatus::skipped, "all its steps were skipped");
      return finish_group(i);
    }
    // Elements that have begun are left to end, unless something around them all has failed.
    const bool waits_for_begun = is_for_each && !is_halted(i);
    const bool any_busy = std::any_of(children.begin(), children.end(), [&](StepIndex c) {
      return !is_ended(state_.steps[c].status) && (is_to_end_first(c) || (waits_for_begun && has_begun(state_.steps[c].status)));
    });
    if (any_busy) return;
    finish(i, outcome.worst == StepStatus::succeeded ? StepStatus::cancelled : outcome.worst,
           outcome.why.empty() ? "not started" : outcome.why);
  }
  bool is_halted_inside(StepIndex group) const { return state_.halted[group] || is_halted(group); }
  // An attempt that has ended still makes a verdict, also where something else has failed meanwhile: its effect is there. A group
  // that has begun comes to its own end first, which tells what became of the one around it.
  bool is_to_end_first(StepIndex i) const {
    const auto status = state_.steps[i].status;
    return status == StepStatus::rescuing || status == StepStatus::running || (!plan_.at(i).step.is_group && is_busy(i));
  }
  // A used file's declared outputs are computed when its steps have ended.
  void finish_group(StepIndex i) {
    const auto& planned = plan_.at(i);
    if (planned.step.outputs.empty() || state_.steps[i].last) return finish(i, StepStatus::succeeded, "");
    AttemptFinished computed = judge(plan_, state_, i, 0, nothing_done(now_));
    if (computed.verdict != cel::Verdict::met) return finish(i, StepStatus::failed, computed.why);
    out_.record.push_back(std::move(computed));
  }

  // After an attempt.
  void consider_ended(StepIndex i) {
    const auto& planned = plan_.at(i);
    const auto& s = state_.steps[i];
    if (std::any_of(planned.guards.begin(), planned.guards.end(),
                    [this](StepIndex g) { return state_.steps[g].open.has_value(); }))
      return start(i);
    if (!s.last || s.never_started > 0 || s.tries == 0) {
      if (s.never_started >= most_never_started) return finish(i, StepStatus::failed, "could not be started five times");
      if (is_halted(i)) return finish(i, StepStatus::cancelled, "not started");
      return start(i);
    }
    if (const auto ended = conclusion(i)) return finish(i, ended->status, ended->why);
    const Instant next = s.last->ended + planned.retry.every;
    if (s.last->verdict == cel::Verdict::met)
      return again_at(i, std::min(next, std::max(*s.held_since + *planned.step.hold, now_)));
    if (is_tried_again(i)) return again_at(i, next);
    ask(i, Ask::no_data);
  }
  struct Conclusion {
    StepStatus status;
    std::string why;
  };
  // What its last attempt makes of the step; nothing: it is tried again, or a person is asked.
  std::optional<Conclusion> conclusion(StepIndex i) const {
    const auto& planned = plan_.at(i);
    const auto& s = state_.steps[i];
    const bool met = s.last->verdict == cel::Verdict::met;
    if (met && !planned.step.hold) return Conclusion{StepStatus::succeeded, ""};
    if (met) {
      const Instant held = *s.held_since + *planned.step.hold;
      if (now_ >= held && s.ended && *s.ended >= held) return Conclusion{StepStatus::succeeded, ""};
      if (!past_window(i)) return {};
      return Conclusion{StepStatus::failed, fmt::format("true, but not for {}", format_duration(*planned.step.hold))};
    }
    if (s.last->outcome == Outcome::cancelled) return Conclusion{StepStatus::cancelled, s.why};
    if (is_tried_again(i)) return {};
    if (planned.step.no_data == NoData::ask && s.last->verdict == cel::Verdict::no_data) return {};
    return Conclusion{StepStatus::failed, s.why};
  }
  bool is_tried_again(StepIndex i) const {
    const auto& last = *state_.steps[i].last;
    if (!plan_.at(i).retries || last.final) return false;
    return !past_window(i) || state_.steps[i].look_again;
  }
  bool past_window(StepIndex i) const {
    const auto& s = state_.steps[i];
    return plan_.at(i).retry.limit && s.window && now_ >= *s.window + *plan_.at(i).retry.limit;
  }
  void again_at(StepIndex i, Instant when) {
    if (is_halted(i)) return finish(i, StepStatus::failed, state_.steps[i].why);
    const auto& s = state_.steps[i];
    const auto limit = plan_.at(i).retry.limit;
    if (limit && s.window && !s.look_again) when = std::min(when, *s.window + *limit);
    if (now_ < when) return wake(when);
    start(i);
  }

  // Guards are looked at afresh before every attempt; then the attempt itself. None is left running behind its step's end.
  void start(StepIndex i) {
    const auto& planned = plan_.at(i);
    const auto failed = std::find_if(planned.guards.begin(), planned.guards.end(), [this](StepIndex g) {
      return state_.steps[g].status == StepStatus::failed || state_.steps[g].status == StepStatus::cancelled;
    });
    bool held = true;
    for (const auto g : planned.guards) {
      if (state_.steps[g].open || (failed == planned.guards.end() && state_.steps[g].status != StepStatus::succeeded)) {
        held = false;
        consider(g);
      }
    }
    if (!held) return;
    if (failed != planned.guards.end())
      return finish(i, StepStatus::failed,
                    fmt::format("its precondition `{}` does not hold: {}", plan_.at(*failed).step.id, state_.steps[*failed].why));
    if (planned.step.confirm && !state_.steps[i].confirmed && planned.role == Role::step) return ask(i, Ask::confirm);
    launch(i);
  }
  void launch(StepIndex i) {
    const auto& planned = plan_.at(i);
    if (!planned.step.action.kind) {  // an expression alone: nothing to wait for
      auto judged = judge(plan_, state_, i, state_.steps[i].attempts + 1, nothing_done(now_));
      out_.record.push_back(AttemptStarting{planned.path, judged.k, now_ + planned.timeout, false, {}, {}});
      out_.record.push_back(std::move(judged));
      return;
    }
    if (open_ >= state_.created.parallel) return;
    ++open_;
    attempt(i);
  }
  void attempt(StepIndex i) {
    const auto& planned = plan_.at(i);
    Instant deadline = now_ + planned.timeout;
    const auto& s = state_.steps[i];
    if (planned.retries && !planned.step.hold && s.window && !s.look_again)
      deadline = std::min(deadline, *s.window + *planned.retry.limit);
    if (deadline <= now_) deadline = now_ + planned.timeout;
    out_.record.push_back(AttemptStarting{planned.path, s.attempts + 1, deadline, !planned.reads, {}, {}});
  }

  void ask(StepIndex i, Ask what) {
    auto asked = question_of(plan_, state_, i, what, now_);
    if (!asked) return finish(i, StepStatus::failed, asked.error());
    out_.record.push_back(*asked);
    give(i, *asked);
  }
  // For this element, or for every one of them alike.
  const Value* given_in_advance(const std::string& flag, StepIndex i) const {
    const auto* own = given_to(flag + plan_.at(i).path);
    return own != nullptr ? own : given_to(flag + written_path(plan_.at(i).path));
  }
  const Value* given_to(const std::string& question) const {
    const auto found = state_.answers.find(question);
    return found == state_.answers.end() ? nullptr : &found->second;
  }
  // An answer that was given by a flag, of `run` or of the latest `resume`; one that does not fit answers nothing.
  bool give(StepIndex i, const Waiting& asked) {
    if (asked.what == Ask::approve || !asked.items.empty()) return false;  // an approval is never given in advance
    const auto& path = plan_.at(i).path;
    const std::string flag = asked.what == Ask::confirm ? "confirm:" : asked.what == Ask::optional ? "with:" : "answer:";
    // To start it once more is never said to all alike.
    const bool is_for_one = asked.what == Ask::in_doubt || asked.what == Ask::again;
    const auto* given = is_for_one ? given_to(flag + path) : given_in_advance(flag, i);
    if (given == nullptr) return false;
    Answered a;
    a.step = path;
    a.by = state_.answers_by;
    a.by.how = "flag";
    a.answer = *given;
    const auto word = to_text(a.answer);
    if (is_for_one) {
      constexpr std::array<std::string_view, 6> words{"again", "not-done", "done", "failed", "skip", "skipped"};
      if (std::find(words.begin(), words.end(), word) == words.end()) return false;
      if (lacks_only_outputs(state_.steps[i]) && (word == "again" || word == "not-done")) return false;
    } else {
      const auto fitting = fit_answer(asked, -1, a.answer);
      if (!fitting) return false;
      a.answer = *fitting;
    }
    out_.record.push_back(std::move(a));
    return true;
  }

  void consider_question(StepIndex i) {
    const auto& q = *state_.steps[i].question;
    if (settle_by_answer(i)) return;
    if (give(i, q.asked) || !q.asked.until) return;
    if (now_ >= *q.asked.until) return finish(i, StepStatus::failed, "nobody answered in time");
    wake(*q.asked.until);
  }
  // False: what has been said so far settles nothing.
  bool settle_by_answer(StepIndex i) {
    const auto& q = *state_.steps[i].question;
    if (q.answer) {
      answered(i, q);
      return true;
    }
    if (q.items.empty() || q.asked.what != Ask::manual) return false;
    bool complete = true, refused = false;
    for (std::size_t n = 0; n < q.items.size(); ++n) {
      complete = complete && (q.items[n] || q.asked.items[n].optional);
      refused =
          refused || (q.items[n] && is_no(q.asked, static_cast<std::int64_t>(n), *q.items[n]) && !q.asked.items[n].optional);
    }
    if (refused) finish(i, StepStatus::failed, "a person said no");
    else if (complete) judge_answer(i);
    return refused || complete;
  }
  // What a person has said is held to the step's own criteria, as what a command says is.
  void judge_answer(StepIndex i) {
    const auto& step = plan_.at(i).step;
    const auto& s = state_.steps[i];
    if (!step.expect && step.outputs.empty()) return finish(i, StepStatus::succeeded, "");
    if (!s.last) return out_.record.push_back(judge(plan_, state_, i, 0, answer_given(s, now_)));
    finish(i, s.last->verdict == cel::Verdict::met ? StepStatus::succeeded : StepStatus::failed, s.why);
  }
  void answered(StepIndex i, const Question& q) {
    const auto& a = *q.answer;
    const auto no = [&] { return a.reason.empty() ? "a person said no" : a.reason; };
    switch (q.asked.what) {
      case Ask::approve:
        if (a.answer == Value(false)) return reject(i, a, no());
        return judge_answer(i);
      case Ask::manual:
        if (is_no(q.asked, -1, a.answer)) return finish(i, StepStatus::failed, no());
        return judge_answer(i);
      case Ask::no_data:
        if (is_no(q.asked, -1, a.answer)) return finish(i, StepStatus::failed, no());
        return finish(i, StepStatus::succeeded, "");
      case Ask::optional: return skip(i, "not needed: " + no(), {}, a.by);
      case Ask::confirm: return finish(i, StepStatus::failed, no());
      case Ask::in_doubt:
      case Ask::again: {
        const std::string word = to_text(a.answer);
        if (word == "done") return finish(i, StepStatus::succeeded, "done by hand: " + a.reason);
        if (word == "skip" || word == "skipped") return skip(i, "left out: " + a.reason, {}, a.by);
        return finish(i, StepStatus::failed, a.reason.empty() ? "a person said it failed" : a.reason);
      }
    }
  }

  // Whoever refuses an approval closes the run with it, unless the runbook says that it goes on without.
  void reject(StepIndex i, const Answered& a, std::string why) {
    finish(i, StepStatus::failed, why);
    const bool stops = plan_.at(i).role == Role::step || (plan_.at(i).role == Role::precondition && state_.something_started);
    if (stops && plan_.at(i).step.on_fail == OnFail::stop && !plan_.at(i).rescue)
      out_.record.push_back(StopRequested{a.by, "rejected: " + std::move(why), true, false, false});
  }

  void consider_doubt(StepIndex i) {
    const auto& planned = plan_.at(i);
    const auto& s = state_.steps[i];
    if (planned.probe && state_.steps[*planned.probe].open) return consider_open(*planned.probe);
    if (s.question && s.question->answer) return answered(i, *s.question);
    if (!planned.probe) return planned.step.rerun_safe ? repeat(i) : ask_once(i);
    const auto& probe = state_.steps[*planned.probe];
    if (probe.status == StepStatus::succeeded) return finish(i, StepStatus::succeeded, "its probe finds the effect there");
    if (!is_ended(probe.status)) return consider(*planned.probe);
    const bool is_false = probe.last && probe.last->verdict == cel::Verdict::not_met;
    if (!is_false) return ask_once(i);
    // "Not there yet" is not "will not happen": only when nothing of the attempt can still be under way.
    if (s.doubt_until && now_ < *s.doubt_until) return wake(*s.doubt_until);
    if (s.doubt_until && probe.ended && *probe.ended < *s.doubt_until) {
      out_.record.push_back(SetBack{{plan_.at(*planned.probe).path}, "looked too early"});
      return;
    }
    if (planned.step.rerun_safe) return repeat(i);
    ask_once(i);
  }
  // At once the first time; one that ends in doubt again and again is a server or a machine that a person has to look at.
  void repeat(StepIndex i) {
    const auto& s = state_.steps[i];
    if (s.doubts > most_repeats) return ask_once(i);
    const Instant next = s.doubt_at.value_or(now_) + (s.doubts > 1 ? plan_.at(i).retry.every : Duration{});
    if (now_ < next) return wake(next);
    launch_if_free(i);
  }
  void launch_if_free(StepIndex i) {
    if (!is_halted(i)) return launch(i);
    finish(i, StepStatus::cancelled, "in doubt, and not run again after a failure: " + state_.steps[i].why);
  }
  void ask_once(StepIndex i) {
    if (!state_.steps[i].question) ask(i, Ask::in_doubt);
  }

  bool set_old_checks_back() {
    SetBack old;
    old.why = "older than 5 minutes";
    for (StepIndex i = 0; i < plan_.steps.size(); ++i) {
      const auto& planned = plan_.at(i);
      if (planned.role != Role::precondition) continue;
      const bool asks = planned.step.action.kind && planned.step.action.kind->asks_people;
      const auto& s = state_.steps[i];
      if (!asks && planned.step.action.kind && s.ended && now_ - *s.ended > fresh_enough) old.steps.push_back(planned.path);
    }
    if (old.steps.empty()) return false;
    out_.record.push_back(std::move(old));
    return true;
  }

  // Running attempts are asked to end; what has not begun never does.
  Decision stop() {
    const auto& request = *state_.stopping;
    bool busy = false;
    for (StepIndex i = 0; i < plan_.steps.size(); ++i) {
      const auto& s = state_.steps[i];
      if (!s.open) continue;
      busy = true;
      if (request.pause) continue;
      if (!s.open->cancelling || (request.hard && !s.open->hard))
        out_.record.push_back(AttemptCancelling{plan_.at(i).path, s.open->k, CancelReason::stop, request.hard});
    }
    if (busy) return std::move(out_);
    tell_what_was_answered();
    if (request.pause && out_.record.empty()) tell_what_has_ended();
    if (!out_.record.empty()) return std::move(out_);
    if (request.pause) return state_.all_halted ? end_with(RunStatus::failed) : settle_stopped();
    for (const auto i : state_.frontier) {
      const auto& s = state_.steps[i];
      if (s.status == StepStatus::running && !plan_.at(i).step.is_group)
        finish(i,
               s.last && s.last->verdict == cel::Verdict::met && !plan_.at(i).step.hold ? StepStatus::succeeded
                                                                                        : StepStatus::cancelled,
               s.why.empty() ? "stopped" : s.why);
    }
    if (!out_.record.empty()) return std::move(out_);
    if (request.close) return record(RunClosing{RunStatus::cancelled});
    return settle_stopped();
  }
  // What a person has said is kept, also when it came together with the stop.
  void tell_what_was_answered() {
    for (const auto i : state_.frontier) {
      if (!out_.record.empty() && halts(out_.record.back())) return;
      if (state_.steps[i].question && state_.steps[i].status != StepStatus::rescuing) settle_by_answer(i);
    }
  }
  // A pause starts nothing, but nobody is left to guess what became of what it left to end.
  void tell_what_has_ended() {
    for (const auto i : state_.frontier) {
      if (!out_.record.empty() && halts(out_.record.back())) return;
      const auto& planned = plan_.at(i);
      const auto& s = state_.steps[i];
      if (s.status == StepStatus::rescuing) {
        consider_rescue(i);
      } else if (s.status != StepStatus::running || planned.role == Role::watch) {
        continue;
      } else if (planned.step.is_group) {
        if (!planned.step.for_each || state_.expanded.contains(i)) consider_group(i);
      } else if (s.last && s.tries > 0 && s.never_started == 0) {
        if (const auto ended = conclusion(i)) finish(i, ended->status, ended->why);
      }
    }
  }
  Decision settle_stopped() {
    if (any_bad(Role::watch)) return end_with(RunStatus::failed);
    return record(RunSettled{RunStatus::interrupted});
  }

  // `finally`, once, when the run closes and a step was started; its failures are shown, and change nothing.
  Decision close() {
    if (state_.something_started && has(Role::cleanup) && phase(Role::cleanup)) return std::move(out_);
    return record(RunFinished{*state_.closing});
  }

  const Plan& plan_;
  const State& state_;
  const Instant now_;
  std::int64_t open_;
  Decision out_;
};

}  // namespace

Decision decide(const Plan& plan, const State& state, Instant now) { return Decider(plan, state, now).run(); }

bool only_people(const Plan& plan, const State& state) {
  if (state.open_attempts > 0 || state.finished || state.settled) return false;
  bool asked = false;
  const auto first = state.unended.find(Role::precondition);
  const bool steps_wait = state.something_started && first != state.unended.end() && first->second > 0;
  for (const auto i : state.frontier) {
    const auto& s = state.steps[i];
    if (steps_wait && plan.at(i).role != Role::precondition) continue;
    if (s.question && !s.question->answer) asked = true;
    else if (plan.at(i).role == Role::watch) continue;
    else if (!plan.at(i).step.is_group && s.status != StepStatus::pending && s.status != StepStatus::rescuing) return false;
  }
  return asked;
}

}  // namespace runbook
