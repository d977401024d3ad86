// Asks the run's open questions on the terminal, one at a time, through the loop: the engine goes on meanwhile.
#pragma once
#include <deque>
#include <functional>

#include "cli/context.h"
#include "run/accept.h"

namespace runbook {

class Prompter {
 public:
  using Answer = std::function<void(Request)>;
  Prompter(const Context& context, const Plan& plan, Loop& loop, Answer answer, std::function<void()> ended)
      : context_(context),
        plan_(plan),
        loop_(loop),
        answer_(std::move(answer)),
        ended_(std::move(ended)) {}

  // After every change: asks the first question that is open, takes away one that is not any more.
  void look(const State& state);
  bool is_asking() const { return asked_.has_value(); }

 private:
  struct Asked {
    StepIndex step;
    std::uint64_t seq;
    std::int64_t item;
  };
  void ask(const State& state, StepIndex step);
  static std::int64_t next_item(const Question& q);  // -1: it has none
  void readable();
  void take(std::string line);
  void say_prompt(const Waiting& asked, std::int64_t item);
  Request request(Request::What what) const;

  const Context& context_;
  const Plan& plan_;
  Loop& loop_;
  Answer answer_;
  std::function<void()> ended_;  // standard input has ended: nobody can be asked any more
  std::optional<Asked> asked_;
  Waiting question_;
  std::string pending_;  // bytes after the last newline
  Watch watch_;
  bool is_over_ = false;
};

}  // namespace runbook
