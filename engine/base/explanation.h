// What a code means, for `lint --explain`: a table of these lies beside the messages of each folder that has some.
#pragma once
#include <string_view>

namespace runbook {

// An example is a runbook that can be read as it stands, or a part of one: entries of `steps` begin with `- `, anything else is
// keys of the top.
struct Explanation {
  std::string_view code;
  std::string_view en, ko;           // what is wrong about it, and what to do
  std::string_view wrong, right;     // said of the first, not of the second; without newlines at their ends
  std::string_view no_example = {};  // why there is none
};

}  // namespace runbook
