// Whether the document that a runbook came from still says what it said: `source: {document, section, hash}`.
#pragma once
#include "runbook/runbook.h"

namespace runbook {

Diagnostics changes_of_source(const Runbook& book);

}  // namespace runbook
