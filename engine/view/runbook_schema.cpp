#include "view/runbook_schema.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "runbook/keyed_map.h"

namespace runbook {
namespace {

using Map = Value::Map;
using List = Value::List;

Value refer(std::string_view definition) { return Map{{"$ref", fmt::format("#/definitions/{}", definition)}}; }
Value list_of(Value items) { return Map{{"type", "array"}, {"items", std::move(items)}}; }
Value filled_list_of(Value items) { return Map{{"type", "array"}, {"items", std::move(items)}, {"minItems", 1}}; }
Value map_of(std::string_view names, Value values) {
  return Map{{"type", "object"}, {"propertyNames", refer(names)}, {"additionalProperties", std::move(values)}};
}
Value any_of(List schemas) { return Map{{"anyOf", std::move(schemas)}}; }
Value required(std::string_view key) { return Map{{"required", List{key}}}; }
Value one_of_words(std::string_view words) {
  List list;
  for (const auto& word : words_of(words)) list.emplace_back(word);
  return Map{{"enum", std::move(list)}};
}
// By the shape of what is written: an editor then speaks of one branch only.
Value by_shape(std::string_view type, Value then, Value otherwise) {
  return Map{{"if", Map{{"type", type}}}, {"then", std::move(then)}, {"else", std::move(otherwise)}};
}

Value definition_of_scalar(Map more) {
  more.insert_or_assign("type", List{"string", "number", "boolean"});
  return more;
}

// What the reader makes of one scalar; the names that other definitions refer to.
Map scalars() {
  const std::string duration = R"((?=\d)(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?(\d+us)?)";
  const std::string value = R"(\$\{[\s\S]+\})";
  List reserved;
  for (const auto name : reserved_names()) reserved.emplace_back(name);
  return Map{
      {"text", definition_of_scalar({})},
      {"literal", definition_of_scalar({{"pattern", R"(^(?![\s\S]*\$\{))"}})},
      {"expression", definition_of_scalar({{"pattern", R"(^(?!\$\{))"}})},
      {"duration", Map{{"type", "string"}, {"pattern", fmt::format("^({}|{})$", duration, value)}}},
      {"duration_range", Map{{"type", "string"}, {"pattern", fmt::format("^({0}(\\.\\.{0})?|{1})$", duration, value)}}},
      {"whole_number", any_of({Map{{"type", "integer"}}, Map{{"type", "string"}, {"pattern", fmt::format("^{}$", value)}}})},
      {"name", Map{{"type", "string"}, {"pattern", "^[a-z][a-z0-9_]*$"}, {"not", Map{{"enum", std::move(reserved)}}}}},
      {"environment_name", Map{{"type", "string"}, {"pattern", "^[A-Za-z_][A-Za-z0-9_]*$"}}},
  };
}

Value connections_schema(Kinds kinds) {
  List shapes{Map{{"type", "null"}}};
  for (const auto* kind : kinds)
    if (!kind->connection_keys.empty()) shapes.push_back(refer(fmt::format("{}_connection", kind->name)));
  return map_of("name", any_of(std::move(shapes)));
}

Value key_schema(const Key& key, Where where, Kinds kinds) {
  const auto place = [](Where other) { return refer(place_id(other)); };
  using T = ValueType;
  switch (key.type) {
    case T::version: return Map{{"enum", List{1, "1"}}};
    case T::id: return where == Where::top ? Value(Map{{"type", "string"}, {"pattern", "^[a-z][a-z0-9_-]*$"}}) : refer("name");
    case T::literal:
    case T::regex: return refer("literal");
    case T::literals: return list_of(refer(where == Where::requirements && key.name == "env" ? "environment_name" : "literal"));
    case T::text: return refer("text");
    case T::texts: return list_of(refer("text"));
    case T::text_or_texts: return by_shape("array", list_of(refer("text")), refer("text"));
    case T::texts_by_name: return map_of("environment_name", refer("text"));
    case T::expression: return refer("expression");
    case T::expressions_by_name: return map_of("name", refer("expression"));
    case T::duration: return refer("duration");
    case T::duration_range: return refer("duration_range");
    case T::boolean: return Map{{"type", "boolean"}};
    case T::integer: return refer("whole_number");
    case T::list_or_expression: return by_shape("array", list_of(Map{}), refer("expression"));
    case T::headers: return Map{{"type", "object"}, {"additionalProperties", refer("text")}};
    case T::word: return one_of_words(key.words);
    case T::words: return filled_list_of(one_of_words(key.words));
    case T::channels: return list_of(place(Where::channel));
    case T::names: return list_of(refer("literal"));
    case T::value: return Map{};
    case T::values_by_name: return map_of("name", Map{});
    case T::choices: return by_shape("array", filled_list_of(refer("literal")), place(Where::candidates));
    case T::step_list:
      return where == Where::group || where == Where::step ? filled_list_of(refer("entry")) : list_of(refer("entry"));
    case T::precondition_list: return list_of(refer("precondition_entry"));
    case T::baseline_list: return list_of(refer("baseline_entry"));
    case T::watch_list: return list_of(refer("watch_entry"));
    case T::criterion_list: return list_of(refer("criterion_entry"));
    case T::guard_list: return list_of(refer("guard_entry"));
    case T::follow_ups: return list_of(by_shape("object", place(Where::follow_up), refer("text")));
    case T::used_file: return by_shape("object", place(Where::use), refer("literal"));
    case T::retry: return place(Where::retry);
    case T::undo: return place(Where::undo);
    case T::probe: return place(Where::probe);
    case T::variables: return map_of("name", place(Where::variable));
    case T::secrets: return map_of("name", place(Where::secret));
    case T::connections: return connections_schema(kinds);
    case T::requirements: return place(Where::requirements);
    case T::defaults: return place(Where::defaults);
    case T::source: return place(Where::source);
  }
  return {};
}

Value field_schema(const KeyRow& row) {
  if (!row.words.empty()) return one_of_words(row.words);
  switch (row.type) {
    case FieldType::code:
    case FieldType::text:
    case FieldType::url:
    case FieldType::path: return refer("text");
    case FieldType::expression: return refer("expression");
    case FieldType::boolean: return Map{{"type", "boolean"}};
    case FieldType::integer: return refer("whole_number");
    case FieldType::duration: return refer("duration");
    case FieldType::name: return refer("name");
    case FieldType::texts: return list_of(refer("text"));
    case FieldType::text_or_texts: return by_shape("array", list_of(refer("text")), refer("text"));
    case FieldType::text_map: return Map{{"type", "object"}, {"additionalProperties", refer("text")}};
    case FieldType::tree: return Map{};
    case FieldType::choices: return by_shape("array", list_of(refer("text")), refer("expression"));
    case FieldType::items: {
      const Map keys{{"text", refer("text")},
                     {"input", one_of_words("string int number bool duration path")},
                     {"optional", Map{{"type", "boolean"}}}};
      return filled_list_of(by_shape(
          "object", Map{{"type", "object"}, {"properties", keys}, {"required", List{"text"}}, {"additionalProperties", false}},
          refer("text")));
    }
  }
  return {};
}

std::string both(std::string_view en, std::string_view ko) { return en == ko ? std::string(en) : fmt::format("{}\n{}", en, ko); }

// A default or an example: JSON, or a plain text.
Value written(std::string_view text) {
  auto value = parse_json(text);
  return value ? std::move(*value) : Value(text);
}

// Beside `$ref` draft-07 ignores these for validation; editors show them.
Value documented(const Value& schema, std::string_view en, std::string_view ko, std::string_view fallback,
                 std::string_view example) {
  Map out = *schema.map();
  out.insert_or_assign("description", both(en, ko));
  if (!fallback.empty()) out.insert_or_assign("default", written(fallback));
  if (!example.empty()) out.insert_or_assign("examples", List{written(example)});
  return out;
}

// Keys that stand together.
struct Keys {
  Map properties;
  List required, rules;

  Value schema() && {
    Map out{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
    if (!required.empty()) out.emplace("required", std::move(required));
    if (!rules.empty()) out.emplace("allOf", std::move(rules));
    return out;
  }
};

Value rule(const Choice& choice) {
  List present;
  for (const auto& name : words_of(choice.names)) present.push_back(required(name));
  switch (choice.take) {
    case Choice::Take::exactly_one: return Map{{"oneOf", std::move(present)}};
    case Choice::Take::at_least_one: return any_of(std::move(present));
    case Choice::Take::at_most_one: {
      const Value none = Map{{"not", any_of(present)}};
      present.push_back(none);
      return Map{{"oneOf", std::move(present)}};
    }
  }
  return {};
}

// One action; in a check `expect` alone will do.
void take_action(Keys& keys, Where where, Kinds kinds) {
  List present, people;
  for (const auto* kind : kinds) {
    if (asks_nobody(where) && kind->asks_people) continue;
    keys.properties.emplace(kind->name, refer(kind->name));
    present.push_back(required(kind->name));
    if (kind->asks_people) people.push_back(required(kind->name));
  }
  if (lists_checks(where)) present.push_back(Map{{"required", List{"expect"}}, {"not", any_of(present)}});
  keys.rules.push_back(Map{{"oneOf", std::move(present)}});
  if (where != Where::candidates && !asks_nobody(where))
    keys.rules.push_back(Map{{"if", any_of(std::move(people))}, {"then", required("timeout")}});
}

Value place_schema(Where where, Kinds kinds) {
  Keys keys;
  for (const Key& key : all_keys()) {
    if (!key.in(where)) continue;
    keys.properties.emplace(key.name,
                            documented(key_schema(key, where, kinds), key.doc_en, key.doc_ko, key.fallback, key.example));
    if (key.required_at(where)) keys.required.emplace_back(key.name);
  }
  for (const auto& choice : choices_in(where)) keys.rules.push_back(rule(choice));
  if (takes_action(where)) take_action(keys, where, kinds);
  if (where == Where::variable)
    keys.rules.push_back(Map{{"if", Map{{"properties", Map{{"type", Map{{"const", "enum"}}}}}, {"required", List{"type"}}}},
                             {"then", required("choices")}});
  return std::move(keys).schema();
}

Value fields_schema(std::span<const KeyRow> rows, std::span<const Choice> choices) {
  Keys keys;
  for (const auto& row : rows) {
    keys.properties.emplace(row.name, documented(field_schema(row), row.doc_en, row.doc_ko, row.fallback, row.example));
    if (row.need == KeyRow::Need::required) keys.required.emplace_back(row.name);
  }
  for (const auto& choice : choices) keys.rules.push_back(rule(choice));
  return std::move(keys).schema();
}

Value kind_schema(const ActionKind& kind) {
  Value map = fields_schema(kind.keys, kind.choices);
  if (!kind.plain_key.empty()) {
    const auto row = std::find_if(kind.keys.begin(), kind.keys.end(), [&](const KeyRow& r) { return r.name == kind.plain_key; });
    map = by_shape("object", std::move(map), field_schema(*row));
  }
  return documented(map, kind.doc_en, kind.doc_ko, {}, {});
}

// An entry of a list of steps: a group has its own keys. `steps` and `use` are named outside both, to be offered in any entry.
Value entry_schema() {
  const auto hint = [](std::string_view name) {
    const Key& key = *find_key(name, Where::group);
    return documented(Map{}, key.doc_en, key.doc_ko, key.fallback, key.example);
  };
  return Map{{"type", "object"},
             {"properties", Map{{"steps", hint("steps")}, {"use", hint("use")}}},
             {"if", any_of({required("steps"), required("use")})},
             {"then", refer(place_id(Where::group))},
             {"else", refer(place_id(Where::step))}};
}

// An entry of a list of checks: a map, or a bare expression.
Value check_entry_schema(Where where) {
  Value map = refer(place_id(where));
  if (where != Where::guard)
    map = Map{{"if", required("use")}, {"then", refer(place_id(Where::spliced))}, {"else", std::move(map)}};
  return by_shape("object", std::move(map), refer("expression"));
}

}  // namespace

Value runbook_schema(Kinds kinds) {
  Map definitions = scalars();
  for (const Where where : all_places())
    if (where != Where::top) definitions.emplace(place_id(where), place_schema(where, kinds));
  definitions.emplace("entry", entry_schema());
  for (const Where where : all_places())
    if (lists_checks(where)) definitions.emplace(fmt::format("{}_entry", place_id(where)), check_entry_schema(where));
  for (const auto* kind : kinds) {
    definitions.emplace(kind->name, kind_schema(*kind));
    if (!kind->connection_keys.empty())
      definitions.emplace(fmt::format("{}_connection", kind->name), fields_schema(kind->connection_keys, {}));
  }
  Map out = *place_schema(Where::top, kinds).map();
  out.emplace("$schema", "http://json-schema.org/draft-07/schema#");
  out.emplace("title", "Runbook");
  out.emplace("definitions", std::move(definitions));
  return out;
}

std::string schema_text(const Value& schema) { return to_json(schema, 2) + "\n"; }

}  // namespace runbook
