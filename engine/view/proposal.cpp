#include "view/proposal.h"

#include <algorithm>

#include "base/text_width.h"

namespace runbook {

std::vector<std::string> proposal_lines(const std::vector<Proposal>& proposals) {
  std::size_t width = 0;
  for (const auto& one : proposals)
    if (!one.meaning.empty()) width = std::max(width, display_width(one.command));
  std::vector<std::string> out;
  for (const auto& one : proposals)
    out.push_back(one.meaning.empty() ? one.command : pad_right(one.command, width) + "  # " + one.meaning);
  return out;
}

}  // namespace runbook
