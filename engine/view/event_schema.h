// The JSON Schema (draft-07) of an event as view/event_json.h prints it, made from the list of fields in run/event.cpp.
#pragma once
#include "base/value.h"

namespace runbook {

Value event_schema();

}  // namespace runbook
