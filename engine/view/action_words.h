// What a step does, in full: its code or request as written, line by line.
#pragma once
#include "plan/plan.h"

namespace runbook {

struct ActionText {
  std::string label;
  std::vector<std::string> lines;
  bool is_code = false;
};
// One entry for each field of its action, in the order of the kind's keys.
std::vector<ActionText> action_texts(const Plan& plan, StepIndex step);
std::vector<ActionText> action_texts(const Plan& plan, unsigned unit, const Action& action);

}  // namespace runbook
