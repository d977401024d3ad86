// The conversions int() uint() double() string() bool() bytes() duration() timestamp() and type().
#pragma once
#include "cel/functions.h"
#include "cel/outcome.h"

namespace runbook::cel {

// The value's kind is one that the function takes.
Outcome convert(Function function, const Value& value);

}  // namespace runbook::cel
