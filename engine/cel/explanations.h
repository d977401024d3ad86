// What the codes of this folder's messages mean, with a wrong and a right example: RB3nn.
#pragma once
#include <span>

#include "base/explanation.h"

namespace runbook::cel {

std::span<const Explanation> explanations();

}  // namespace runbook::cel
