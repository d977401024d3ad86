// Where a run stands: nothing but the fold of its events. Evaluates no expression; asks no clock.
#pragma once
#include <set>

#include "run/event.h"
#include "run/news.h"

namespace runbook {

struct OpenAttempt {
  std::int64_t k = 0;
  Instant deadline;
  bool durable = true, hard = false;
  std::optional<CancelReason> cancelling;
  Stamp stamp;
  Record progress;
  std::optional<AttemptFinished> prepared;  // judged before its end: what the attempt becomes when it says that it ended so
  // Why it waits for something outside that it cannot reach; nullptr: it does not.
  const std::string* unreachable() const;
  bool operator==(const OpenAttempt&) const = default;
};

struct Question {
  Waiting asked;
  std::uint64_t seq = 0;  // of the `waiting` event: what an answer names
  std::vector<std::optional<Value>> items;
  std::vector<Person> approvals;
  std::optional<Answered> answer;  // settles it
  bool operator==(const Question& o) const {
    return seq == o.seq && items == o.items && approvals == o.approvals && answer.has_value() == o.answer.has_value();
  }
};

// What consecutive tries said alike: a criterion that is polled tells how its values came about.
struct Said {
  Value operands;
  std::int64_t tries = 1;
  bool operator==(const Said&) const = default;
};

struct StepState {
  StepStatus status = StepStatus::pending;
  bool admitted = false;                   // its `when` held
  bool wanted = false, confirmed = false;  // `optional` was answered yes; `confirm` for the coming start
  bool ask_again = false;                  // set back by a resume though it may have changed something
  std::int64_t attempts = 0;               // k names the attempt's files
  std::int64_t tries = 0;                  // attempts that really ran, since the last resume
  std::int64_t never_started = 0;
  std::int64_t doubts = 0;          // attempts in doubt since the last that ended clearly
  std::optional<Instant> doubt_at;  // the latest of them
  std::string idempotency_key;      // of the latest request that no answer has settled yet
  bool left_traces = false;         // an attempt of it ended that may have changed something, before the last resume or after it
  std::optional<OpenAttempt> open;
  std::optional<Question> question;
  std::optional<AttemptFinished> last;  // the latest that really ran
  std::vector<Said> history;            // of a step that is tried again; only the latest values
  std::optional<Instant> window;        // `retry.for` counts from here: the first try, moved on by every gap without an engine
  std::optional<Instant> held_since;    // `hold`
  bool look_again = false;              // after an attach there is at least one more try
  std::optional<Instant> first_started, ended;
  std::optional<Instant> doubt_until;  // its attempt's deadline: a probe's false counts only after it
  std::string why;
  Record outputs, lasting;
  bool operator==(const StepState& o) const {
    return status == o.status && admitted == o.admitted && wanted == o.wanted && confirmed == o.confirmed &&
           ask_again == o.ask_again && left_traces == o.left_traces && attempts == o.attempts && tries == o.tries &&
           never_started == o.never_started && doubts == o.doubts && doubt_at == o.doubt_at &&
           idempotency_key == o.idempotency_key && open == o.open && question == o.question && window == o.window &&
           held_since == o.held_since && look_again == o.look_again && first_started == o.first_started && ended == o.ended &&
           why == o.why && outputs == o.outputs && lasting == o.lasting && last == o.last && history == o.history;
  }
};

// Its latest attempt has done what it is for, and what it was to leave behind could not be computed: it is never run again.
bool lacks_only_outputs(const StepState& state);

// The elements of a `for_each` take turns, `at_once` at a time, in the order of the list.
struct Turns {
  std::size_t next = 0;    // the first element that none was given yet
  std::int64_t given = 0;  // to elements that have not ended
  std::int64_t failures = 0;
  bool operator==(const Turns&) const = default;
};

struct State {
  std::vector<StepState> steps;          // of the plan as it has grown
  std::set<StepIndex> frontier;          // not ended, and all they need has: those that can move
  std::vector<std::int64_t> unmet;       // for each step: needs that have not ended, and a group that has not begun
  std::vector<std::int64_t> unended_in;  // for each group: how many of its steps have not ended
  std::map<StepIndex, Turns> expanded;   // each `for_each` whose elements are known
  std::vector<bool> halted;              // for each group: something in it failed, nothing new starts there
  bool all_halted = false;               // the same of the outermost list
  std::map<Role, std::int64_t> unended;  // how many steps of each role have not ended
  std::vector<StepIndex> started;        // in the order of their first start
  std::int64_t open_attempts = 0;
  std::string run_id;  // set by whoever folds; part of no event
  RunCreated created;
  Instant created_at, last_at;
  std::vector<News> untold;                       // what `notify` still has to say: the list of what is owed
  std::map<std::int64_t, FollowedUp> follow_ups;  // by number; those of `after` that somebody settled
  Record answers;                                 // given in advance by flags
  Person answers_by;                              // whoever gave them last
  std::optional<StopRequested> stopping;
  std::optional<RunStatus> closing, settled, finished;
  bool something_started = false;  // a step of the runbook: preconditions are settled for good
  std::uint64_t attached = 0;      // the `engine_attached` event of the latest engine
  std::size_t amendments = 0;      // how many there have been
  std::uint64_t seq = 0;

  explicit State(const Plan& plan);  // which must outlive it
  void apply(const Event& event);
  // As it was amended, and has grown by what was expanded: what goes with this state everywhere.
  const Plan& plan() const { return grown_ ? *grown_ : *written_; }
  const Plan& written() const { return *written_; }  // to fold the same events once more
  const Plan& ungrown() const { return amendments == 0 ? *written_ : *written_->amended[amendments - 1]; }
  Plan& grow();
  // From here on by another plan: what both have in common keeps its state. Counts and frontier are not right after it.
  void go_on_by(Plan plan);
  bool operator==(const State& o) const {
    return steps == o.steps && frontier == o.frontier && unmet == o.unmet && unended_in == o.unended_in &&
           expanded == o.expanded && halted == o.halted && all_halted == o.all_halted && unended == o.unended &&
           started == o.started && open_attempts == o.open_attempts && closing == o.closing && settled == o.settled &&
           untold == o.untold && finished == o.finished && something_started == o.something_started && attached == o.attached &&
           amendments == o.amendments && seq == o.seq && stopping.has_value() == o.stopping.has_value() &&
           (!stopping ||
            (stopping->close == o.stopping->close && stopping->hard == o.stopping->hard && stopping->pause == o.stopping->pause));
  }

 private:
  const Plan* written_;
  std::shared_ptr<Plan> grown_;  // shared between copies until one of them grows
};

constexpr bool is_ended(StepStatus s) { return s >= StepStatus::succeeded; }
constexpr bool has_begun(StepStatus s) { return s != StepStatus::pending && !is_ended(s); }
// What `hold` waits for: that it is true; of a watch, that it is not.
constexpr bool counts_for_hold(const PlannedStep& planned, cel::Verdict verdict) {
  return (verdict == cel::Verdict::met) != (planned.role == Role::watch);
}
// Two looks lie too far apart, the later one ends at `end`: the engine was stopped, the machine slept. `hold` starts over.
bool was_not_looked_at(const PlannedStep& planned, const StepState& state, Instant end);
// Whether a step that ended like this lets those go on that need it.
bool is_good(const PlannedStep& planned, const StepState& state);

}  // namespace runbook
