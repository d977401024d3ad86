// A run gone through without an engine: `decide`, `accept` and the fold are the real ones, its clock jumps, and results are
// injected. Everything ends well and everybody says yes, but for the one step that a mishap befalls.
#pragma once
#include "run/effects.h"

namespace runbook {

enum class Mishap { fails, times_out, machine_dies };

// What became of the step by itself: after the mishap, or when the run is resumed.
enum class Handling {
  none,           // nothing more is done about it
  runs_again,     // it is started once more
  adopted,        // it went on elsewhere, and its end is read
  asks_on,        // its question is still there
  asks_again,     // a person says whether to start it again: it may have changed something
  asks_in_doubt,  // a person says what became of it
};

class Rehearsal {
 public:
  Rehearsal(const Plan& plan, const RunCreated& created);  // the plan as it is assumed; it must outlive this

  // A step's attempt that is about to end, the question that is the step's own work, or one that comes before its start.
  struct Coming {
    StepIndex step = 0;
    enum class What { attempt, question, formality } what{};
  };
  // What comes next; nothing: no more happens by itself.
  std::optional<Coming> coming();
  void go_on();  // it happens
  // To the step of what comes next. Retried, it fares no better; a machine dies once.
  void suffer(StepIndex step, Mishap mishap);
  void run_to_end();
  void run_past_mishap();  // up to whatever comes next behind it

  // What people do with a run that stands still; what was told of the mishap before is forgotten.
  void resume();
  void close();

  const State& state() const { return state_; }
  const Plan& plan() const { return state_.plan(); }
  RunStatus status() const;

  // Since the mishap, or since people did something about it.
  struct Told {
    Handling handling = Handling::none;
    std::int64_t attempts = 0;  // of the step
    bool probed = false;
    std::optional<StepIndex> rescued;  // whose `rescue` began
    std::vector<StepIndex> begun;      // what started, in this order
  };
  const Told& told() const { return told_; }
  bool is_asked(StepIndex step) const;  // people, at present
  Handling question() const;            // what they are asked about the step that a mishap befell
  // When the mishap had come to its end, and the rest of the run began.
  const Effects& by_then() const { return by_then_; }

 private:
  struct Flight {
    StepIndex step = 0;
    std::int64_t k = 0;
    Instant ends;
  };
  void record(Body body);
  void tell(const Body& body);
  void decide_all();
  void take_off(StepIndex step, std::int64_t k);
  void land(const Flight& flight);
  void answer(StepIndex step);
  void restart_machine();
  void leave_out_watches();
  void ask(const struct Request& request);
  bool is_over() const;
  bool is_about(StepIndex step) const { return subject_ == step; }

  State state_;
  Instant now_;
  std::optional<Instant> wake_at_;
  std::vector<Flight> flights_;
  std::vector<StepIndex> questions_;
  std::optional<StepIndex> subject_;
  Mishap mishap_{};
  bool befalls_ = false;  // the mishap still befalls its attempts
  bool is_over_ = false;
  Effects by_then_;
  Told told_;
};

// What an attempt of this step leaves behind, by its kind; of what only reads: nothing.
Aftermath aftermath_of(const PlannedStep& planned, Mishap mishap);

}  // namespace runbook
