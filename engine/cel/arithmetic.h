// + - * / % and unary minus: no conversions between kinds, overflow is an error.
#pragma once
#include "cel/node.h"
#include "cel/outcome.h"

namespace runbook::cel {

Outcome calculate(Operator op, const Value& a, const Value& b, Budget& budget);
Outcome negate(const Value& value);
// Which kinds an operator gives for these operands; empty: it does not work on them.
Types arithmetic_result(Operator op, Types left, Types right);

}  // namespace runbook::cel
