// Lengths of time that are others for each element of a `for_each`: `timeout: ${item.timeout}`.
#pragma once
#include "runbook/runbook.h"

namespace runbook {

// The step's times for one element, of whose names `scope` knows. The error says which cannot be, and why.
Result<void, Phrase> take_times(Step& step, const cel::Scope& scope);

}  // namespace runbook
