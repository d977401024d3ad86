// One thread's time and readiness. The only source of time: now() stands still within one task (as in kj::Timer).
// Callbacks never run inside the call that asked for them; dropping a handle cancels its callback.
// Handles and children do not outlive their loop. Descriptors 0 to 2 of the process are open.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/duration.h"
#include "base/safe_file.h"

namespace runbook {

using Task = std::function<void()>;
using Handle = std::shared_ptr<void>;  // dropping the last copy cancels
using Timer = Handle;
using Watch = Handle;
using Lookup = Handle;
enum class Interest { read, write, both };

// exited with code, or killed by signal
struct ExitStatus {
  bool exited = false;
  int code = 0;
  int signal = 0;
};

struct ChildSpec {
  int executable = -1;                   // an open descriptor, run by execveat(AT_EMPTY_PATH)
  std::vector<std::string> arguments;    // [0] is the name it goes by
  std::vector<std::string> environment;  // "NAME=value"
  int standard_input = -1;               // descriptors of ours; -1 = /dev/null
  int standard_output = -1;
  int standard_error = -1;
  std::vector<int> handed_over;  // further descriptors that keep their number; all others are closed
};
// A running child. Dropping it lets go: it lives on and is reaped by nobody of ours until this process ends.
class Child {
 public:
  virtual ~Child() = default;
  virtual int pid() const = 0;
  virtual void signal(int number) = 0;  // by pidfd; nothing when it has ended
};

using Addresses = std::vector<std::string>;  // numeric, in the resolver's order

class Loop {
 public:
  virtual ~Loop() = default;
  virtual Instant now() const = 0;  // UTC at the loop's start, moved on by the monotonic clock
  virtual void post(Task task) = 0;
  [[nodiscard]] virtual Timer at(Instant when, Task task) = 0;
  // Calls as long as the descriptor is ready and the handle lives; release the handle before closing the descriptor.
  [[nodiscard]] virtual Watch watch(int descriptor, Interest interest, Task task) = 0;
  // New session, default signal dispositions, empty mask. The error is a sentence; `ended` is then never called.
  virtual Result<std::unique_ptr<Child>, Failure> start(const ChildSpec& spec, std::function<void(ExitStatus)> ended) = 0;
  [[nodiscard]] virtual Lookup resolve(std::string host, std::function<void(Result<Addresses, Failure>)> done) = 0;
  virtual void run() = 0;   // until stop() or until nothing is left to wait for
  virtual void stop() = 0;  // run() returns after the current task
};

std::unique_ptr<Loop> make_loop();

}  // namespace runbook
