// "<pod-name>" in a plan's code: somebody fills it in. Copied as it stands, bash reads one file and writes over another.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace runbook::draft {

struct Placeholder {
  std::string text;      // "<pod-name>"
  std::string variable;  // empty: it stands where the shell puts no value in, and stays
  std::size_t line = 0;  // of the plan
};
struct Filled {
  std::string code;
  std::vector<Placeholder> placeholders;  // each once; without lines
};
// `name_of`: the shell's variable for the text of a placeholder.
Filled fill_placeholders(std::string_view code, const std::function<std::string(const std::string&)>& name_of);

// "<pod-name>" as "pod_name"; empty when no Latin letters begin it.
std::string name_of_placeholder(std::string_view text);

}  // namespace runbook::draft
