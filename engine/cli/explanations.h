// Every code that the engine can say, explained: the tables that lie beside the messages, as one.
#pragma once
#include <vector>

#include "base/explanation.h"

namespace runbook {

std::vector<const Explanation*> all_explanations();
const Explanation* find_explanation(std::string_view code);  // nullptr: there is no such code

}  // namespace runbook
