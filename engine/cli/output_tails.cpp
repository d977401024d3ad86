#include "cli/output_tails.h"

namespace runbook {

std::vector<OutputTail> output_tails(const Record& facts) {
  std::vector<OutputTail> out;
  for (const std::string name : {"stdout", "stderr", "text"}) {
    const auto found = facts.find(name + "_tail");
    if (found == facts.end()) continue;
    OutputTail tail{name, to_text(found->second), {}};
    if (const auto was = facts.find(name + "_was"); was != facts.end() && was->second.integer()) tail.of = *was->second.integer();
    if (!tail.text.ends_with('\n')) tail.text += '\n';
    out.push_back(std::move(tail));
  }
  return out;
}

}  // namespace runbook
