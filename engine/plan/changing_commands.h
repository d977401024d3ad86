// Which commands of a script certainly change something. What is not known here may change something all the same.
#pragma once
#include <optional>

#include "plan/shell_script.h"

namespace runbook {

struct ShellChange {
  std::string shown;                   // "kubectl scale", "curl -X POST", "> /etc/app.conf"
  std::size_t offset = 0, length = 0;  // in the script
};
// Nothing is said of scratch files: under /tmp, and where the script makes them itself by `mktemp`.
std::optional<ShellChange> change_by(const ShellCommand& command, std::string_view script);

}  // namespace runbook
