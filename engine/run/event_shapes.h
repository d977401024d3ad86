// The fields of each type of event as JSON Schemas, made from the one list that writes and reads them.
#pragma once
#include <string_view>
#include <utility>
#include <vector>

#include "base/value.h"

namespace runbook {

// By type, a map from each field's name to the schema of what encode_body writes for it.
std::vector<std::pair<std::string_view, Value>> event_shapes();

}  // namespace runbook
