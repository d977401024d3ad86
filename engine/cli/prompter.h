// Asks the run's open questions on the terminal, one at a time, through the loop: the engine goes on meanwhile.
#pragma once
#include <deque>
#include <functional>

#include "cli/context.h"
#include "run/accept.h"

namespace runbook {

class Prompter {
 public:
  // What is done with what is typed.
  struct Says {
    std::function<void(Request)> answer;
    std::function<void(StepIndex)> start;  // the step that `--step` holds
    std::function<void()> start_all;       // and all that follow
    std::function<void()> ended;           // standard input has ended: nobody can be asked any more
  };
  Prompter(const Context& context, Loop& loop, Says says) : context_(context), loop_(loop), says_(std::move(says)) {}

  // After every change: asks the first question that is open, then whether the step that is held may start; takes away a
  // question that is not open any more.
  void look(const State& state, std::optional<StepIndex> held);
  bool is_asking() const { return asked_.has_value(); }

 private:
  // seq: of the event that asks; 0: whether a step may start, which no event asks
  struct Asked {
    StepIndex step;
    std::uint64_t seq;
    std::int64_t item;
    bool is_start() const { return seq == 0; }
  };
  bool is_still_open(const State& state, std::optional<StepIndex> held) const;
  void ask(const State& state, StepIndex step);
  void ask_to_start(StepIndex step);
  void watch();
  static std::int64_t next_item(const Question& q);  // -1: it has none
  void readable();
  void take(std::string line);
  void take_start(const std::string& line);
  void again(const std::string& why);
  void say_prompt(const Waiting& asked, std::int64_t item);
  Request request(Request::What what) const;

  const Context& context_;
  const Plan* plan_ = nullptr;  // of the state that was looked at last
  Loop& loop_;
  Says says_;
  std::optional<Asked> asked_;
  Waiting question_;
  std::string pending_;  // bytes after the last newline
  Watch watch_;
  bool is_over_ = false;
};

}  // namespace runbook
