// What the codes of this folder's messages mean, with a wrong and a right example: RB2nn.
#pragma once
#include <span>

#include "base/explanation.h"

namespace runbook {

std::span<const Explanation> runbook_explanations();

}  // namespace runbook
