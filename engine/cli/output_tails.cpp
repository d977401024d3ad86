#include "cli/output_tails.h"

namespace runbook {

std::vector<std::pair<std::string, std::string>> output_tails(const AttemptFinished& attempt) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const char* name : {"stdout", "stderr", "text"}) {
    const auto found = attempt.facts.find(std::string(name) + "_tail");
    if (found == attempt.facts.end()) continue;
    std::string text = to_text(found->second);
    if (!text.ends_with('\n')) text += '\n';
    out.emplace_back(name, std::move(text));
  }
  return out;
}

}  // namespace runbook
