// What on a machine weakens the promise, and the remedy: a pure function of what was found there.
#pragma once
#include <optional>

#include "base/value.h"
#include "view/style.h"

namespace runbook {

// An empty text is "no problem" or "not so"; units and paths are as the system names them.
struct Surroundings {
  std::string state_directory, state_problem;  // why nothing can be kept there
  std::string state_damage;                    // why what was recorded there cannot be read
  std::string file_system;
  enum class Keeps { synced, doubtful, nothing } keeps = Keeps::synced;
  std::string supervisor_problem, network_problem;  // why the programs beside the engine cannot be used
  bool is_first_process = false;                    // PID 1 of its namespace: its end ends everything
  std::string service;                              // the .service whose control group this process is in
  bool in_user_manager = false, lingers = false;    // user@UID.service ends with the last session, unless it lingers
  bool in_session = false, kills_user_processes = false;
  std::string oom_group;     // the control group that the kernel kills as a whole when memory runs out
  bool can_delegate = true;  // root, or a control group of our own can be made: what became another user can be killed
};

struct Finding {
  enum class Weight { good, weak, broken } weight = Weight::good;
  std::string about, means, remedy;  // the remedy of what is good is empty
};

// One for each question that was asked, in a fixed order.
std::vector<Finding> findings(const Surroundings& found, Language language);
std::string doctor_screen(const std::vector<Finding>& list, const Style& style);
Value doctor_value(const std::vector<Finding>& list);

}  // namespace runbook
