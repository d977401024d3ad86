#include "runbook/element_values.h"

#include <re2/re2.h>

#include <algorithm>

#include "runbook/messages.h"
#include "runbook/read_runbook.h"

namespace runbook {

Result<Value, Phrase> value_for(const Variable& variable, const std::vector<Unit>& units,
                                const std::map<std::string, std::string, std::less<>>& environment,
                                const std::shared_ptr<const ElementPlace>& place) {
  const auto passed = resolve(*variable.each, element_scope(units, variable.each_unit, environment, place));
  if (!passed) return failure(Phrase{passed.error(), passed.error()});
  auto value = convert_variable(variable.type, *passed);
  if (!value) return failure(value.error());
  const auto text = to_text(*value);
  if (!variable.pattern.empty() && !RE2::FullMatch(text, variable.pattern))
    return failure(phrase(messages::no_match.en, messages::no_match.ko, variable.name, text, variable.pattern));
  if (!variable.choices.empty() && std::find(variable.choices.begin(), variable.choices.end(), *value) == variable.choices.end())
    return failure(phrase(messages::not_a_choice.en, messages::not_a_choice.ko, variable.name, text));
  return *std::move(value);
}

}  // namespace runbook
