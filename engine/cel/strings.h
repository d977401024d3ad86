// Functions on texts: CEL's own and those of the strings extension. Positions count code points.
#pragma once
#include <string_view>
#include <vector>

#include "cel/functions.h"
#include "cel/outcome.h"

namespace runbook::cel {

// The arguments' kinds and count are as the function's signature says.
Outcome call_string_function(Function function, const std::vector<const Value*>& arguments, Budget& budget);
std::string_view trim(std::string_view text);  // of Unicode's white space

}  // namespace runbook::cel
