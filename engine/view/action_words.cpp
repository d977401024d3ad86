#include "view/action_words.h"

#include <algorithm>

#include "base/json.h"
#include "base/text_width.h"
#include "runbook/unit_scope.h"
#include "view/style.h"

namespace runbook {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    out.push_back(printable(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  while (!out.empty() && out.back().empty()) out.pop_back();
  return out;
}

}  // namespace

std::vector<ActionText> action_texts(const Plan& plan, unsigned unit, const Action& action) {
  std::vector<ActionText> out;
  if (!action.kind) return out;
  const auto scope = unit_scope(plan.runbook.units[unit], plan.environment);
  for (const auto& key : action.kind->keys) {
    const auto field = action.fields.find(key.name);
    if (field == action.fields.end()) continue;
    const Value value = preview(field->second, scope);
    const bool is_code = key.type == FieldType::code;
    ActionText text{std::string(key.name), {}, is_code};
    if (is_code) text.lines = lines_of(to_text(value));
    else if (const auto* items = value.list(); items && key.type != FieldType::tree)
      for (const auto& item : *items)
        text.lines.push_back(shown(item.find("text") ? to_text(*item.find("text")) : to_text(item)));
    else text.lines = {shown_value(value)};
    out.push_back(std::move(text));
  }
  return out;
}

std::vector<ActionText> action_texts(const Plan& plan, StepIndex step) {
  return action_texts(plan, plan.at(step).step.unit, plan.at(step).step.action);
}

}  // namespace runbook
