#include "run/fit_answer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/yes_or_no.h"
#include "runbook/read_runbook.h"

namespace runbook {
namespace {

Result<Value, std::string> fit_input(const std::string& name, const Value& answer) {
  const auto type = parse_type(name).value_or(VariableType::string);
  if (type == VariableType::boolean && answer.boolean()) return answer;
  const std::string text = to_text(answer);
  if (text.empty() || answer == Value(true)) return failure(fmt::format("it asks for a value ({}): --answer VALUE", name));
  auto parsed = parse_variable(type, text);
  if (!parsed) return failure(parsed.error().en);
  return *parsed;
}

}  // namespace

Result<Value, std::string> fit_answer(const Waiting& asked, std::int64_t item, const Value& answer) {
  const auto count = static_cast<std::int64_t>(asked.items.size());
  if (count > 0 && (item < 0 || item >= count)) return failure(fmt::format("name one of its {} items by number", count));
  if (count == 0 && item >= 0) return failure(std::string("it asks one question, not a list of items"));
  if (answer == Value(false)) return answer;
  if (asked.what == Ask::confirm) {
    if (to_text(answer) != asked.choices.front()) return failure(std::string("the word is not the one to be typed"));
    return Value(true);
  }
  const auto& input = count > 0 ? asked.items[static_cast<std::size_t>(item)].input : asked.input;
  if (!asked.choices.empty()) {
    if (std::find(asked.choices.begin(), asked.choices.end(), to_text(answer)) == asked.choices.end())
      return failure(fmt::format("the answer must be one of: {}", fmt::join(asked.choices, ", ")));
    return answer;
  }
  if (!input.empty()) return fit_input(input, answer);
  if (answer == Value(true)) return answer;
  if (const auto yes = parse_answer(to_text(answer))) return Value(*yes);
  return failure(std::string("the answer is yes or no"));
}

std::optional<bool> parse_answer(std::string_view word) {
  if (word == "true" || word == "false") return word == "true";
  return parse_yes(word);
}

bool is_no(const Waiting& asked, std::int64_t item, const Value& answer) {
  const bool is_item = item >= 0 && item < static_cast<std::int64_t>(asked.items.size());
  const auto& input = is_item ? asked.items[static_cast<std::size_t>(item)].input : asked.input;
  return answer == Value(false) && parse_type(input) != VariableType::boolean;
}

}  // namespace runbook
