// A place in the units of other programs: lines and UTF-16 columns from 1, paths as URIs.
#pragma once
#include <string>

#include "base/place.h"

namespace runbook {

struct SourceRegion {
  std::uint32_t line = 0, column = 0, end_column = 0;  // the end is behind the last one
};
// Nothing has line 0: the place is the whole file.
SourceRegion source_region(const Place& at, const Sources& sources);
// The file's name as a URI reference: relative as it was named, or file:///...
std::string source_uri(const Place& at, const Sources& sources);

}  // namespace runbook
