// The JSON Schema (draft-07) of a plan as `run --plan --output json` prints it.
#pragma once
#include "base/value.h"

namespace runbook {

Value plan_schema();

}  // namespace runbook
