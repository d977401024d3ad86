// The ends of an attempt's outputs, as its event kept them.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/value.h"

namespace runbook {

// text: ends with a newline. of: how many bytes there were; nothing where these are all.
struct OutputTail {
  std::string name, text;
  std::optional<std::int64_t> of;
};
std::vector<OutputTail> output_tails(const Record& facts);

}  // namespace runbook
