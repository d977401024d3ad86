#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>

#include "base/invariant.h"
#include "loop/loop.h"
#include "loop/resolver.h"
#include "loop/spawn.h"

namespace runbook {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Steady = std::chrono::steady_clock;

// UTC as it was once, moved on by the monotonic clock: a step of the system's clock moves no deadline.
class Clock {
 public:
  Instant now() const { return now_; }
  void refresh() { now_ = start_ + std::chrono::floor<Duration>(Steady::now() - steady_start_); }
  Steady::time_point steady(Instant when) const {
    constexpr Duration farthest = std::chrono::hours(24 * 365 * 100);  // what nanoseconds can still hold
    return steady_start_ + (when > start_ + farthest ? farthest : std::max(when - start_, Duration(0)));
  }

 private:
  Instant start_ = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  Steady::time_point steady_start_ = Steady::now();
  Instant now_ = start_;
};

struct AsioTimer {
  asio::steady_timer timer;
  Task task;
};

// Watches a duplicate: the caller may close, or have two watches on, one number without confusing epoll.
class AsioWatch : public std::enable_shared_from_this<AsioWatch> {
 public:
  AsioWatch(asio::io_context& context, Clock& clock, int descriptor, Task task)
      : clock_(clock),
        descriptor_(context, descriptor),
        task_(std::move(task)) {}

  // Asio reports a change only; asking again reports a descriptor that is still ready, again.
  void wait(asio::posix::descriptor_base::wait_type what) {
    descriptor_.async_wait(what, [weak = weak_from_this(), what](error_code error) {
      const auto self = weak.lock();
      if (!self || error == asio::error::operation_aborted) return;
      // Any other error: epoll does not take it (a regular file), so it is always ready, as for poll(2).
      self->clock_.refresh();
      self->task_();
      if (self.use_count() > 1) self->wait(what);  // the handle may have been dropped in the task
    });
  }

 private:
  Clock& clock_;
  asio::posix::stream_descriptor descriptor_;
  Task task_;
};

class AsioChild : public Child {
 public:
  AsioChild(Loop& loop, Spawned spawned, std::function<void(ExitStatus)> ended)
      : pid_(spawned.pid),
        state_(std::make_shared<State>(State{std::move(spawned.pidfd), std::move(ended), {}})) {
    state_->watch = loop.watch(state_->pidfd.get(), Interest::read, [weak = std::weak_ptr<State>(state_)] {
      const auto state = weak.lock();
      if (!state) return;
      const auto status = reap(state->pidfd);
      // Asio may say "ready" of what had this one's number, or its place in the reactor, a moment ago.
      if (!status) return;
      state->pidfd = Descriptor();
      const Watch over = std::move(state->watch);
      const auto tell = std::move(state->ended);
      tell(*status);
    });
  }
  int pid() const override { return pid_; }
  void signal(int number) override {
    if (state_->pidfd) ::syscall(SYS_pidfd_send_signal, state_->pidfd.get(), number, nullptr, 0U);
  }

 private:
  struct State {
    Descriptor pidfd;  // none: it has ended and was reaped
    std::function<void(ExitStatus)> ended;
    Watch watch;
  };
  int pid_;
  std::shared_ptr<State> state_;
};

// A question to the resolver's threads. It keeps run() going until it is answered or dropped.
struct AsioLookup {
  asio::executor_work_guard<asio::io_context::executor_type> work;
  Answer done;
};

// The door that other threads come in by; shut when the loop goes.
struct Door {
  explicit Door(asio::io_context& loop) : context(&loop) {}
  std::mutex mutex;
  asio::io_context* context;
};

class AsioLoop final : public Loop {
 public:
  AsioLoop() = default;
  AsioLoop(const AsioLoop&) = delete;
  AsioLoop& operator=(const AsioLoop&) = delete;
  ~AsioLoop() override {
    const std::lock_guard lock(door_->mutex);
    door_->context = nullptr;
  }

  Instant now() const override { return clock_.now(); }

  void post(Task task) override {
    asio::post(context_, [this, task = std::move(task)] {
      clock_.refresh();
      task();
    });
  }

  Timer at(Instant when, Task task) override {
    auto timer = std::make_shared<AsioTimer>(AsioTimer{asio::steady_timer(context_, clock_.steady(when)), std::move(task)});
    timer->timer.async_wait([this, weak = std::weak_ptr<AsioTimer>(timer)](error_code) {
      if (const auto self = weak.lock()) {
        clock_.refresh();
        const Task due = std::move(self->task);
        due();
      }
    });
    return timer;
  }

  Watch watch(int descriptor, Interest interest, Task task) override {
    const int duplicate = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    invariant(duplicate >= 0, "a watched descriptor is open, and one more is to be had");
    auto watch = std::make_shared<AsioWatch>(context_, clock_, duplicate, std::move(task));
    if (interest != Interest::write) watch->wait(asio::posix::descriptor_base::wait_read);
    if (interest != Interest::read) watch->wait(asio::posix::descriptor_base::wait_write);
    return watch;
  }

  Result<std::unique_ptr<Child>, Failure> start(const ChildSpec& spec, std::function<void(ExitStatus)> ended) override {
    auto spawned = spawn(spec);
    if (!spawned) return failure(spawned.error());
    return std::make_unique<AsioChild>(*this, std::move(*spawned), std::move(ended));
  }

  Lookup resolve(std::string host, std::function<void(Result<Addresses, Failure>)> done) override {
    auto lookup = std::make_shared<AsioLookup>(AsioLookup{asio::make_work_guard(context_), std::move(done)});
    const std::weak_ptr<AsioLookup> weak = lookup;
    if (auto numbers = numeric_address(host)) {
      post([weak, numbers = std::move(*numbers)] { answer(weak, numbers); });
    } else {
      resolver_.ask(std::move(host), weak, [this, weak, door = door_](Result<Addresses, Failure> found) {
        const std::lock_guard lock(door->mutex);
        if (door->context != nullptr) post([weak, found = std::move(found)] { answer(weak, found); });
      });
    }
    return lookup;
  }

  void run() override {
    context_.restart();
    clock_.refresh();
    context_.run();
  }
  void stop() override { context_.stop(); }

 private:
  static void answer(const std::weak_ptr<AsioLookup>& weak, Result<Addresses, Failure> found) {
    const auto lookup = weak.lock();
    if (!lookup) return;
    lookup->work.reset();
    const Answer done = std::move(lookup->done);
    done(std::move(found));
  }

  Clock clock_;
  Resolver resolver_;
  asio::io_context context_;
  std::shared_ptr<Door> door_ = std::make_shared<Door>(context_);
};

}  // namespace

std::unique_ptr<Loop> make_loop() { return std::make_unique<AsioLoop>(); }

}  // namespace runbook
