// The ends of an attempt's outputs, as its event kept them: name and text, each text ending with a newline.
#pragma once
#include <utility>
#include <vector>

#include "run/event.h"

namespace runbook {

std::vector<std::pair<std::string, std::string>> output_tails(const AttemptFinished& attempt);

}  // namespace runbook
