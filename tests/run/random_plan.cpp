#include "tests/run/random_plan.h"

namespace runbook::tests {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    out.push_back(text.substr(at, end - at));
    at = end == std::string::npos ? text.size() : end + 1;
  }
  return out;
}

std::size_t indent_of(const std::string& line) { return line.find_first_not_of(' '); }

// The line and what belongs to it: `- id: a` with its keys, `steps:` with its steps.
std::string without(const std::vector<std::string>& lines, std::size_t which) {
  const auto indent = indent_of(lines[which]);
  std::size_t end = which + 1;
  while (end < lines.size() && indent_of(lines[end]) > indent) ++end;
  std::string gone;
  if (const auto id = lines[which].find("- id: "); id != std::string::npos) gone = lines[which].substr(id + 6);
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i >= which && i < end) continue;
    std::string line = lines[i];
    if (!gone.empty() && line.find("needs: [") != std::string::npos) {  // names that nobody has any more
      for (const std::string& part : {gone + ", ", ", " + gone + "]", "[" + gone + "]"}) {
        const auto at = line.find(part);
        if (at == std::string::npos || (at > 0 && std::isalnum(static_cast<unsigned char>(line[at - 1])) != 0 && part[0] != ','))
          continue;
        line.replace(at, part.size(), part[0] == '[' ? "[]" : part.back() == ']' ? "]" : "");
        break;
      }
    }
    out += line + "\n";
  }
  return out;
}

}  // namespace

std::string shrink(std::string text, const std::function<bool(const std::string&)>& still) {
  for (bool smaller = true; smaller;) {
    smaller = false;
    const auto lines = lines_of(text);
    for (std::size_t i = 0; i < lines.size() && !smaller; ++i) {
      auto candidate = without(lines, i);
      if (!still(candidate)) continue;
      text = std::move(candidate);
      smaller = true;
    }
  }
  return text;
}

}  // namespace runbook::tests
