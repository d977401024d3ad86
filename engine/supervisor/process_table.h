// What /proc says about processes. No allocation of ours lives on between calls; used by the engine and by the program.
#pragma once
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "supervisor/records.h"

namespace runbook {

inline constexpr const char* supervisor_name = "runbook-supervi";  // what the kernel calls it: 15 characters

struct ProcessState {
  char state = '?';
  pid_t parent = 0, group = 0;
  std::uint64_t start = 0;
  std::string command;
};

std::optional<ProcessState> process_state(pid_t pid);  // nothing when there is no such process
std::optional<ProcessIdentity> identity_of_process(pid_t pid);
std::vector<pid_t> children_of(pid_t pid);  // of a process with one thread
std::string describe_process(pid_t pid);    // "4711 sleep (root, S)"; the user as a number where it has no name here
// Everything whose environment holds this entry ("NAME=value"): also what left its session. Not what hides (other users).
std::vector<pid_t> processes_with(const std::string& environment_entry);

// Supervisors that hold this file open: those at work in a run's `attempts`, also before they have claimed their slot.
std::vector<pid_t> supervisors_of(const std::string& attempts_path);

// boot id / pid namespace / start of PID 1: a pid and its start time mean the same process only within one world.
// (In a restarted container boot id, namespace and even the supervisor's pid were equal (measured).)
std::string world();

}  // namespace runbook
