#include "view/graph_lines.h"

#include <algorithm>
#include <map>

#include "view/step_words.h"

namespace runbook {
namespace {

std::string list_text(const Plan& plan, const std::vector<StepIndex>& list) {
  std::vector<std::string> parts;
  for (const auto& level : levels(plan, list)) {
    std::vector<std::string> names;
    for (const auto i : level) {
      std::string name = plan.at(i).step.id;
      if (plan.at(i).step.for_each) name = list_text(plan, plan.at(i).children);
      else if (!plan.at(i).children.empty()) name += "(" + list_text(plan, plan.at(i).children) + ")";
      names.push_back(std::move(name));
    }
    parts.push_back(names.size() == 1 ? names[0] : "{" + join(names, ", ") + "}");
  }
  return join(parts, " -> ");
}

}  // namespace

std::vector<std::vector<StepIndex>> levels(const Plan& plan, const std::vector<StepIndex>& list) {
  std::map<StepIndex, std::size_t> level;
  std::vector<std::vector<StepIndex>> out;
  // Needs may point forward in the list: once more until nothing moves (the graph has no cycles).
  for (bool moved = true; moved;) {
    moved = false;
    for (const auto i : list) {
      std::size_t own = 0;
      for (const auto n : plan.at(i).needs) own = std::max(own, level[n] + 1);
      if (own != level[i]) {
        level[i] = own;
        moved = true;
      }
    }
  }
  for (const auto i : list) {
    if (out.size() <= level[i]) out.resize(level[i] + 1);
    out[level[i]].push_back(i);
  }
  return out;
}

std::string graph_text(const Plan& plan, Role role) {
  std::vector<StepIndex> top;
  for (const auto i : steps_of(plan, role))
    if (!plan.at(i).parent) top.push_back(i);
  return list_text(plan, top);
}

}  // namespace runbook
