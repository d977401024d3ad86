#include "tests/run/random_plan.h"

#include <array>
#include <string_view>

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

namespace {

// Each a text and what it becomes, or the other way round.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> corrections{{
    {"shell: act\n", "shell: act otherwise\n"},
    {"shell: look\n", "shell: look otherwise\n"},
    {"approve: {ask: \"may it?\", by: Boss}", "approve: {ask: \"may it now?\", by: Boss}"},
    {"approve: {ask: \"may it?\", by: Boss}", "manual: \"may it?\""},
    {"probe: {shell: look, expect: exit == 0}", "probe: {shell: look closer, expect: exit == 0}"},
    {"confirm: yes-do-it", "confirm: yes-do-it-now"},
    {"on_fail: continue\n", "on_fail: stop\n"},
    {"when: \"true\"", "when: \"1 == 2\""},
    {"for_each: [", "for_each: [new, "},
}};

std::string corrected_at(const std::string& text, const std::vector<std::string>& lines, std::size_t which, Dice& dice) {
  const auto& chosen = corrections[dice.below(corrections.size())];
  const bool back = dice.one_in(2);
  const auto from = back ? chosen.second : chosen.first, to = back ? chosen.first : chosen.second;
  std::size_t at = 0;
  for (std::size_t i = 0; i < which; ++i) at += lines[i].size() + 1;
  auto found = text.find(from, at);
  if (found == std::string::npos) found = text.find(from);
  if (found == std::string::npos) return text;
  std::string out = text;
  return out.replace(found, from.size(), to);
}

}  // namespace

std::string amended_text(const std::string& text, Dice& dice) {
  std::string out = text;
  for (std::size_t n = 1 + dice.below(3); n > 0; --n) {
    const auto lines = lines_of(out);
    if (lines.empty()) break;
    const auto which = dice.below(lines.size());
    const bool begins_a_step = lines[which].find("- id: ") != std::string::npos;
    if (dice.one_in(4)) {
      out = without(lines, which);
    } else if (begins_a_step && dice.one_in(2)) {
      const std::string in(indent_of(lines[which]), ' ');
      std::string more;
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (i == which)
          more += in + "- id: n" + std::to_string(dice.below(1000)) + "\n" + in +
                  "  shell: " + (dice.one_in(2) ? "act" : "look") + "\n" + (dice.one_in(2) ? in + "  changes: none\n" : "");
        more += lines[i] + "\n";
      }
      out = more;
    } else {
      out = corrected_at(out, lines, which, dice);
    }
  }
  return out;
}

}  // namespace runbook::tests
