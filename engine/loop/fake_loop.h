// A loop whose time is set by the test: run() jumps from one timer to the next and never sleeps.
#pragma once
#include <deque>
#include <map>
#include <utility>

#include "loop/loop.h"

namespace runbook {

class FakeLoop final : public Loop {
 public:
  using StartHook = std::function<Result<std::unique_ptr<Child>, Failure>(const ChildSpec&, std::function<void(ExitStatus)>)>;

  explicit FakeLoop(Instant start = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) + std::chrono::hours(3))
      : now_(start) {}

  Instant now() const override { return now_; }
  void post(Task task) override { posted_.push_back(std::move(task)); }
  Timer at(Instant when, Task task) override;
  Watch watch(int descriptor, Interest interest, Task task) override;  // never ready, and nothing that run() waits for
  Result<std::unique_ptr<Child>, Failure> start(const ChildSpec& spec, std::function<void(ExitStatus)> ended) override;
  Lookup resolve(std::string host, std::function<void(Result<Addresses, Failure>)> done) override;
  void run() override;
  void stop() override { stopped_ = true; }

  // Tasks up to and including this time; then it is that time. False: stopped before.
  bool run_until(Instant when);
  void advance(Duration by) { now_ += by; }  // as if the current task took that long; timers that are due fire in their order

  StartHook on_start;                      // none: no child can be started
  std::map<std::string, Addresses> hosts;  // what resolve() knows besides numeric addresses

 private:
  using Slot = std::weak_ptr<Task>;
  bool step(Instant until);  // one task; false: none is due by then
  bool waiting();            // for a timer that somebody still holds

  Instant now_;
  bool stopped_ = false;
  std::deque<Task> posted_;
  std::multimap<Instant, Slot> timers_;
};

}  // namespace runbook
