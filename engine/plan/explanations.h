// What the codes of this folder's messages mean, with a wrong and a right example: RB4nn.
#pragma once
#include <span>

#include "base/explanation.h"

namespace runbook {

std::span<const Explanation> plan_explanations();

}  // namespace runbook
