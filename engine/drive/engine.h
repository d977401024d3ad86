// The one loop: reports and requests become events, decide adds its own, one commit, then the effects.
#pragma once
#include <deque>

#include "action/executor.h"
#include "drive/secrets.h"
#include "run/accept.h"
#include "run/decide.h"
#include "store/store.h"

namespace runbook {

class Engine {
 public:
  enum class Waiting { leave, stay };  // once only people can move the run on
  struct Parts {
    const Plan& plan;
    Store& store;
    Loop& loop;
    std::function<Executor&(const ActionKind&)> executor_of;
    std::function<void(const Event&)> observer;                    // each stored event, once
    std::vector<std::pair<std::string, std::string>> environment;  // of this process, for the steps
    std::string host, world;
    Waiting when_waiting = Waiting::leave;
    // One by one: each step that changes something waits for `allow`, and nothing of its start is recorded before. Called
    // after each turn with the first that waits; empty: nothing waits for that.
    std::function<void(std::optional<StepIndex>)> one_by_one{};
  };
  Engine(Parts parts, RunId run);
  ~Engine();
  // The one way in, for a fresh run, a resume and a take-over: read, fold, recover what is open, go on.
  Stored<void> attach();
  // From this process: signals, the terminal. Takes effect in the next turn.
  void request(Request request);
  // What became of telling a channel; also after the end.
  void record_notice(Notified told);
  void allow(StepIndex step);
  void allow_all();
  // Nobody is there any more: once only people can move the run on, it settles as waiting.
  void leave_when_waiting();
  // The run has ended, settled, or waits for people; the loop has been stopped.
  bool is_over() const { return state_.finished || state_.settled; }
  const State& state() const { return state_; }
  const std::optional<StoreError>& broken() const { return broken_; }

 private:
  struct Reported {
    StepIndex step;
    std::int64_t k;
    Report report;
  };

  const Plan& plan() const { return state_.plan(); }
  void schedule();
  void look_for_requests();
  void turn();
  std::optional<Instant> decide_all();
  std::optional<StepIndex> waits_for_permission(const Body& body) const;
  void take_reports();
  Body end_of(StepIndex step, const OpenAttempt& open, AttemptResult result) const;
  void take_requests();
  void record(Body body);
  Result<void, Failure> prepare(AttemptStarting& starting);
  void commit();
  void commit_within(Duration time);
  void perform(const Event& event);
  void let_go(const std::string& path, std::int64_t k);
  void start(StepIndex step, const OpenAttempt& open);
  void recover(StepIndex step, const OpenAttempt& open);
  Result<AttemptContext, Failure> context_for(StepIndex step, const OpenAttempt& open);
  std::vector<std::pair<std::string, std::string>> own_environment_of(StepIndex step, Failure& wrong);
  std::vector<std::pair<std::string, std::string>> with_inherited(
      const std::vector<std::pair<std::string, std::string>>& own) const;
  void fail_to_start(StepIndex step, std::int64_t k, Failure why);

  Parts parts_;
  Lease lease_;
  State state_;
  Secrets secrets_;
  Descriptor directory_;
  std::string directory_path_;
  Timer turn_, wake_, flush_;
  Instant flush_at_{};
  Watch news_;
  Timer next_look_;                // for requests, where the store cannot tell
  std::optional<StepIndex> held_;  // the first step that waits for `allow`
  std::set<StepIndex> allowed_;
  std::vector<Reported> reports_;
  std::deque<Request> requests_;
  std::vector<Notified> notices_;
  std::vector<Event> unstored_;  // made and folded, not yet committed: a suffix of the run's events
  std::vector<RequestId> answered_;
  bool must_store_ = false;
  bool only_polls_ = true;     // unstored_ holds nothing but tries that changed nothing
  std::size_t performed_ = 0;  // of unstored_: light starts are performed before they are stored
  std::map<StepIndex, std::unique_ptr<ActiveAttempt>> active_;
  std::optional<StoreError> broken_;
};

}  // namespace runbook
