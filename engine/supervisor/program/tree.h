// The step's processes: everything that descends from the leader. The supervisor is a subreaper, so whatever loses its
// parent becomes the supervisor's child, wherever it hid (setsid, double fork): "no children left" means "none at all".
#pragma once
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "supervisor/program/control_group.h"

namespace runbook {

class Tree {
 public:
  // `pump` is a child of ours too, and none of the step's.
  Tree(pid_t leader, const pid_t& pump, const ControlGroup& group) : leader_(leader), pump_(pump), group_(group) {}

  // Wait status of the leader once it has ended. It stays a zombie until `release`: its pid is the group's,
  // and a number that is free could be somebody else's by the time that we signal it.
  std::optional<int> leader_ended();
  std::vector<pid_t> others();  // living children besides the leader and the pump; the dead ones are reaped
  bool empty() { return leader_ended().has_value() && others().empty(); }
  // SIGTERM, and SIGCONT for what is stopped: once for the group and for each that left it and is our child by now.
  // Never twice for one process: many take a second SIGTERM for "at once".
  void ask_to_end();
  // Kills, reaps and looks again until nothing is left, or for `patience` nanoseconds (a child that became root
  // answers EPERM for ever, where there is no control group). True: nothing is left.
  bool sweep(std::int64_t patience);
  std::string describe();  // those that live, the leader too
  void release();

 private:
  void kill_all();
  bool in_group(pid_t child) const;

  pid_t leader_;
  const pid_t& pump_;
  const ControlGroup& group_;
  std::optional<int> status_;
  std::vector<pid_t> asked_;
  bool group_asked_ = false;
};

}  // namespace runbook
