// Values cut to what a line of a screen or an event can hold.
#pragma once
#include <string>

#include "base/value.h"

namespace runbook::cel {

// As CEL would write it, at most about 60 characters: "\"abc\"", "[1,2,...]".
std::string brief(const Value& value);
// The same kind with less in it: long texts are cut ("... 2048 bytes"), long lists and maps end early.
Value abridge(const Value& value);

}  // namespace runbook::cel
