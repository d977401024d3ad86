// Runs a program under ptrace, and is asked at each system call of those of its processes that are watched.
// As strace's injection, but counted over all processes of a kind, and with more to do at a call than a signal or an error.
#pragma once
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <functional>
#include <set>

#include "tests/support/command.h"

namespace runbook::tests {

// supervisor: with its pump. step: what supervisors execute, and all below that. host: the engine's hand on another host.
enum class Actor { engine, supervisor, step, host, other };

struct Call {
  Actor actor;
  pid_t pid;
  std::uint64_t number;
  std::array<std::uint64_t, 6> arguments;  // of an entry
  bool left;                               // it has been done, and `result` is its answer
  std::int64_t result;
};

// At an entry, before the call is done; after anything but go_on nobody is asked any more.
struct Then {
  enum What { go_on, kill, kill_all, fail, shorten } what = go_on;  // kill: this process. shorten: half is written
  int error = 0;                                                    // of fail: the call is not done and answers this
};

using AtCall = std::function<Then(const Call&)>;

// words[0] is executed in `folder`; `environment` comes beside the test's own. Returns when nothing traced is left: where only
// the engine is watched, that is the engine; else everything below it too.
Outcome trace(const std::vector<std::string>& words, const std::map<std::string, std::string>& environment,
              const std::string& folder, const std::set<Actor>& watched, const AtCall& at_call);

bool may_trace();
bool may_inject();  // fail and shorten: where the registers are known

// Whether something outside of the process can notice that it made this call, or did not: what a kill between two calls can
// show is shown by a kill at the next such call.
bool is_loud(const Call& entered);
std::string name_of_call(std::uint64_t number);  // of the loud ones; else its number

}  // namespace runbook::tests
