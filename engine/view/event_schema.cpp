#include "view/event_schema.h"

#include <fmt/format.h>

#include "run/event_shapes.h"
#include "view/event_json.h"

namespace runbook {
namespace {

using Map = Value::Map;
using List = Value::List;

Value time_schema() { return Map{{"type", "string"}, {"pattern", R"(^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$)"}}; }

// What may be missing stays so.
Value as_time(const Value& stored) {
  if (stored.find("anyOf") == nullptr) return time_schema();
  return Map{{"anyOf", List{time_schema(), Map{{"type", "null"}}}}};
}

Value one_event(std::string_view type, const Map& stored) {
  Map properties;
  List required;
  for (const auto& [name, shape] : stored) {
    properties.emplace(name, is_printed_time(to_text(name)) ? as_time(shape) : shape);
    required.push_back(name);
  }
  properties.emplace("run", Map{{"type", "string"}});
  properties.emplace("seq", Map{{"type", "integer"}, {"minimum", 1}});
  properties.emplace("at", time_schema());
  properties.emplace("type", Map{{"const", type}});
  for (const char* always : {"seq", "at", "type"}) required.emplace_back(always);
  return Map{{"type", "object"},
             {"properties", std::move(properties)},
             {"required", std::move(required)},
             {"additionalProperties", false}};
}

}  // namespace

Value event_schema() {
  Map definitions;
  List types;
  for (const auto& [type, fields] : event_shapes()) {
    definitions.emplace(type, one_event(type, *fields.map()));
    types.push_back(Map{{"$ref", fmt::format("#/definitions/{}", type)}});
  }
  return Map{
      {"$schema", "http://json-schema.org/draft-07/schema#"},
      {"title", "Event of a run"},
      {"description",
       "A line of `runbook run --progress json`, and (without `run`) an entry of `events` in `runbook show --output json`.\n"
       "`runbook run --progress json` 의 한 줄, 그리고 (`run` 없이) `runbook show --output json` 의 `events` 의 항목."},
      {"oneOf", std::move(types)},
      {"definitions", std::move(definitions)}};
}

}  // namespace runbook
