#include <algorithm>
#include <array>
#include <charconv>

#include "base/sql_text.h"
#include "plan/lint_rules.h"
#include "plan/messages.h"
#include "plan/step_code.h"

namespace runbook {
namespace {

// The body of a function has parameters of its own.
bool has_own_parameters(std::string_view statement) {
  std::string word;
  for (const char c : statement.substr(0, 6)) word += static_cast<char>(c | 0x20);
  return word == "create";
}

const std::string* literal(const Fields& fields, std::string_view key) {
  const auto field = fields.find(key);
  const auto* text = field != fields.end() ? std::get_if<Text>(&field->second.is) : nullptr;
  return text != nullptr && text->text.is_literal() && !text->text.text().empty() ? &text->text.text() : nullptr;
}

// One port for all hosts, or one for each: "5432,,5433".
bool are_ports(std::string_view text) {
  while (true) {
    const auto one = text.substr(0, text.find(','));
    unsigned number = 0;
    const auto [end, error] = std::from_chars(one.data(), one.data() + one.size(), number);
    const bool is_port = error == std::errc() && end == one.data() + one.size() && number >= 1 && number <= 65'535;
    if (!is_port && !one.empty()) return false;
    if (one.size() == text.size()) return true;
    text.remove_prefix(one.size() + 1);
  }
}

}  // namespace

void check_parameters(const LintedCode& linted, Diagnostics& advice) {
  const auto& fields = linted.action.fields;
  if (linted.action.kind->name != "sql" || fields.find("query") == fields.end()) return;
  const auto params = fields.find("params");
  const bool has_params = params != fields.end();
  const auto* values = has_params ? std::get_if<Field::List>(&params->second.is) : nullptr;
  const std::string_view query = linted.code.text;
  if ((has_params && values == nullptr) || (!has_params && query.find('$') == std::string_view::npos)) return;
  const auto given = values != nullptr ? values->size() : 0, taken = highest_parameter(query);
  if (given == taken) return;
  const auto statements = split_statements(query);
  if (statements.size() != 1 || has_own_parameters(statements[0])) return;
  advice.push_back(diagnose(messages::parameters_differ, has_params ? params->second.at : linted.code.at, given, taken)
                       .helped(phrase("`$1` is the first value of `params`, `$2` the second; each must be there, and none more",
                                      "`$1` 은 `params` 의 첫 번째 값, `$2` 는 두 번째 값입니다. 모자라도 남아도 안 됩니다")));
}

void check_connections(const Plan& plan, Diagnostics& advice) {
  constexpr std::array<std::string_view, 6> modes{"disable", "allow", "prefer", "require", "verify-ca", "verify-full"};
  for (const auto& unit : plan.runbook.units)
    for (const auto& [name, connection] : unit.connections) {
      const auto& fields = connection.fields;
      if (const auto* mode = literal(fields, "sslmode"); mode && std::find(modes.begin(), modes.end(), *mode) == modes.end())
        advice.push_back(diagnose(messages::refused_by_libpq, fields.find("sslmode")->second.at, "sslmode", *mode)
                             .helped(phrase("it can be: {0}", "쓸 수 있는 값: {0}",
                                            "disable, allow, prefer, require, verify-ca, verify-full")));
      if (const auto* port = literal(fields, "port"); port && !are_ports(*port))
        advice.push_back(diagnose(messages::refused_by_libpq, fields.find("port")->second.at, "port", *port)
                             .helped(phrase("a port is a number from 1 to 65535", "포트는 1 부터 65535 까지의 숫자입니다")));
    }
}

}  // namespace runbook
