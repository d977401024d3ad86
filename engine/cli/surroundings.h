// Finds out what `doctor` judges: reads /proc, the control groups and systemd's files, and changes nothing.
#pragma once
#include "view/doctor.h"

namespace runbook {

// `root` stands before every path of the system that is read: empty, or a tree made for a test.
// state_directory, file_system and the programs beside the engine are always those of this machine.
Surroundings look_around(const std::string& state_directory, const std::string& user, const std::string& root = "");

}  // namespace runbook
