#include "runbook/field.h"

#include "base/invariant.h"
#include "base/percent.h"

namespace runbook {
namespace {

Result<Value, std::string> encoded(const Text& text, const cel::Scope& scope) {
  const auto& pieces = text.text.pieces();
  if (pieces.empty()) return Value(text.text.text());
  std::string url;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].expression.text().empty()) {
      url += pieces[i].literal;
      continue;
    }
    const auto value = cel::compute(pieces[i].expression, scope);
    if (!value) return value;
    if (value->is_null() || value->list() != nullptr || value->map() != nullptr)
      return failure(
          fmt::format("${{{}}} is a {}, which cannot stand in a URL", pieces[i].expression.text(), kind_name(value->kind())));
    const std::string words = to_text(*value);
    url += i == 0 ? words : percent_encode(words);
  }
  return Value(std::move(url));
}

Value preview_text(const Text& text, const cel::Scope& scope) {
  const auto known = resolve(text, scope);
  return known ? *known : Value(cel::preview(text.text, scope));
}

}  // namespace

Field::Is::Is(const Is& other) = default;
Field::Is::Is(Is&& other) noexcept = default;
Field::Is& Field::Is::operator=(const Is& other) = default;
Field::Is& Field::Is::operator=(Is&& other) noexcept = default;
Field::Is::~Is() = default;

bool Field::operator==(const Field& other) const { return at == other.at && is == other.is; }

Result<Value, std::string> resolve(const Text& text, const cel::Scope& scope) {
  return text.encode_pieces ? encoded(text, scope) : cel::expand(text.text, scope);
}

Result<Value, std::string> resolve(const Field& field, const cel::Scope& scope) {
  using Outcome = Result<Value, std::string>;
  return std::visit(overloaded{[](const Value& value) -> Outcome { return value; },
                               [&](const Text& text) -> Outcome { return resolve(text, scope); },
                               [](const Condition& condition) -> Outcome { return Value(condition.expression.text()); },
                               [&](const Field::List& items) -> Outcome {
                                 Value::List out;
                                 for (const auto& item : items) {
                                   auto value = resolve(item, scope);
                                   if (!value) return value;
                                   out.push_back(std::move(*value));
                                 }
                                 return Value(std::move(out));
                               },
                               [&](const Field::Map& entries) -> Outcome {
                                 Value::Map out;
                                 for (const auto& [name, entry] : entries) {
                                   auto value = resolve(entry, scope);
                                   if (!value) return value;
                                   out.insert_or_assign(Value(name), std::move(*value));
                                 }
                                 return Value(std::move(out));
                               }},
                    field.is);
}

Result<Record, std::string> resolve(const Fields& fields, const cel::Scope& scope) {
  Record out;
  for (const auto& [name, field] : fields) {
    auto value = resolve(field, scope);
    if (!value) return failure(std::move(value.error()));
    out.insert_or_assign(name, std::move(*value));
  }
  return out;
}

Value preview(const Field& field, const cel::Scope& scope) {
  return std::visit(
      overloaded{[](const Value& value) { return value; }, [&](const Text& text) { return preview_text(text, scope); },
                 [](const Condition& condition) { return Value(condition.expression.text()); },
                 [&](const Field::List& items) {
                   Value::List out;
                   for (const auto& item : items) out.push_back(preview(item, scope));
                   return Value(std::move(out));
                 },
                 [&](const Field::Map& entries) {
                   Value::Map out;
                   for (const auto& [name, entry] : entries) out.insert_or_assign(Value(name), preview(entry, scope));
                   return Value(std::move(out));
                 }},
      field.is);
}

Record preview(const Fields& fields, const cel::Scope& scope) {
  Record out;
  for (const auto& [name, field] : fields) out.insert_or_assign(name, preview(field, scope));
  return out;
}

void each_expression(const Field& field, const std::function<void(const cel::Expression&, const TextMap&, std::size_t)>& visit) {
  if (const auto* text = std::get_if<Text>(&field.is)) {
    for (const auto& piece : text->text.pieces())
      if (!piece.expression.text().empty()) visit(piece.expression, text->map, piece.offset);
  } else if (const auto* condition = std::get_if<Condition>(&field.is)) {
    visit(condition->expression, condition->map, 0);
  } else if (const auto* items = std::get_if<Field::List>(&field.is)) {
    for (const auto& item : *items) each_expression(item, visit);
  } else if (const auto* entries = std::get_if<Field::Map>(&field.is)) {
    for (const auto& [name, entry] : *entries) each_expression(entry, visit);
  }
}

}  // namespace runbook
