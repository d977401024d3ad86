// `--limit NAME=VALUE`: how large the files of a runbook may be.
#pragma once
#include <string>
#include <vector>

#include "yaml/document.h"

namespace runbook {

// "size=64MiB" (also KiB, or bytes), "nodes=10000000", "depth=200". The error is a sentence.
Result<yaml::Limits, std::string> parse_limits(const std::vector<std::string>& flags);

}  // namespace runbook
