#include "loop/fake_loop.h"

#include <algorithm>

#include "loop/resolver.h"

namespace runbook {

Timer FakeLoop::at(Instant when, Task task) {
  auto slot = std::make_shared<Task>(std::move(task));
  timers_.emplace(when, slot);
  return slot;
}

Watch FakeLoop::watch(int, Interest, Task task) { return std::make_shared<Task>(std::move(task)); }

Result<std::unique_ptr<Child>, Failure> FakeLoop::start(const ChildSpec& spec, std::function<void(ExitStatus)> ended) {
  if (!on_start) return failure(Failure("this loop starts nothing"));
  return on_start(spec, std::move(ended));
}

Lookup FakeLoop::resolve(std::string host, std::function<void(Result<Addresses, Failure>)> done) {
  using Done = std::function<void(Result<Addresses, Failure>)>;
  auto slot = std::make_shared<Done>(std::move(done));
  Result<Addresses, Failure> found = failure("cannot resolve " + host + ": Name or service not known");
  if (const auto numbers = numeric_address(host)) found = *numbers;
  if (const auto known = hosts.find(host); known != hosts.end()) found = known->second;
  post([weak = std::weak_ptr<Done>(slot), found = std::move(found)] {
    if (const auto wanted = weak.lock()) (*wanted)(found);
  });
  return slot;
}

bool FakeLoop::waiting() {
  while (!timers_.empty() && timers_.begin()->second.expired()) timers_.erase(timers_.begin());
  return !timers_.empty();
}

bool FakeLoop::step(Instant until) {
  if (!posted_.empty()) {
    const Task task = std::move(posted_.front());
    posted_.pop_front();
    task();
    return true;
  }
  if (!waiting() || timers_.begin()->first > until) return false;
  const auto first = timers_.begin();
  const auto held = first->second.lock();
  now_ = std::max(now_, first->first);
  timers_.erase(first);
  const Task task = std::move(*held);
  task();
  return true;
}

void FakeLoop::run() {
  stopped_ = false;
  while (!stopped_ && step(Instant::max())) {}
}

bool FakeLoop::run_until(Instant when) {
  stopped_ = false;
  while (!stopped_ && step(when)) {}
  if (stopped_) return false;
  now_ = std::max(now_, when);
  return true;
}

}  // namespace runbook
