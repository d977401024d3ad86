// What can be said about the bytes of a file before any of it is parsed.
#pragma once
#include "base/result.h"
#include "yaml/source_text.h"

namespace runbook::yaml {

enum class Readable { yes, no };

// Adds errors; `no`: parsing it would mean nothing (not UTF-8, NUL bytes, empty).
Readable check_text(const SourceText& source, Diagnostics& wrong);

}  // namespace runbook::yaml
