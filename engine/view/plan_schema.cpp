#include "view/plan_schema.h"

namespace runbook {
namespace {

using Map = Value::Map;
using List = Value::List;

const Value text = Map{{"type", "string"}};
const Value text_or_null = Map{{"type", List{"string", "null"}}};
const Value texts = Map{{"type", "array"}, {"items", text}};
const Value texts_by_name = Map{{"type", "object"}, {"additionalProperties", text}};
const Value anything_by_name = Map{{"type", "object"}};
const Value boolean = Map{{"type", "boolean"}};
const Value integer = Map{{"type", "integer"}};
const Value digest = Map{{"type", List{"string", "null"}}, {"pattern", "^([0-9a-f]{64})?$"}};
const Value duration = Map{{"type", "string"}, {"pattern", R"(^(\d+(d|h|m|s|ms|us))+$)"}};
const Value duration_range = Map{{"type", "string"}, {"pattern", R"(^(\d+(d|h|m|s|ms|us))+(\.\.(\d+(d|h|m|s|ms|us))+)?$)"}};

Value object(Map properties, List required) {
  return Map{{"type", "object"},
             {"properties", std::move(properties)},
             {"required", std::move(required)},
             {"additionalProperties", false}};
}
Value list_of(Value items) { return Map{{"type", "array"}, {"items", std::move(items)}}; }
Value only(const char* word) { return Map{{"const", word}}; }

Value step_schema() {
  return object(
      {{"path", text},
       {"kind", text},
       {"role", Map{{"enum", List{"precondition", "baseline", "watch", "step", "criterion", "finally", "guard", "probe"}}}},
       {"description", text},
       {"title", text},
       {"timeout", duration},
       {"reads", boolean},
       {"changes", text_or_null},
       {"needs", texts},
       {"expected", duration_range},
       {"action", anything_by_name},
       {"env", texts_by_name},
       {"when", text},
       {"expect", text},
       {"every", duration},
       {"for", duration},
       {"hold", duration},
       {"confirm", text},
       {"optional", text},
       {"rerun", only("safe")},
       {"on_fail", only("continue")},
       {"background", only("allow")},
       {"cwd", text},
       {"undo", anything_by_name},
       {"for_each", Map{{"type", List{"string", "array"}}}},
       {"at_once", integer},
       {"max_failures", integer},
       {"rescue", text},
       {"outputs", texts_by_name}},
      {"path", "kind", "role", "description", "title", "timeout", "reads", "changes", "needs"});
}

// A variable's value is null where it has none before the run, and the text it is made from where each element has its own.
Value use_schema() {
  const Value variable = object(
      {{"value", Map{}}, {"source", Map{{"enum", List{"passed", "caller", "default", "asked", "unset"}}}}}, {"value", "source"});
  return object({{"file", text}, {"in", text}, {"variables", Map{{"type", "object"}, {"additionalProperties", variable}}}},
                {"file", "in", "variables"});
}

}  // namespace

Value plan_schema() {
  const Value verdict =
      object({{"verdict", Map{{"enum", List{"met", "not_met", "no_data"}}}}, {"why", text}}, {"verdict", "why"});
  Map out = *object({{"runbook", text},
                     {"title", text},
                     {"digest", digest},
                     {"language", integer},
                     {"files", list_of(object({{"name", text}, {"sha256", digest}}, {"name", "sha256"}))},
                     {"variables", anything_by_name},
                     {"locks", texts},
                     {"notify", Map{{"type", "array"}, {"items", text}}},
                     {"uses", list_of(use_schema())},
                     {"steps", list_of(step_schema())},
                     {"critical_path", texts},
                     {"expected", duration},
                     {"at_most", duration},
                     {"waits_for_people", Map{{"const", true}}},
                     {"unknown_lists", texts},
                     {"checks", Map{{"type", "object"}, {"additionalProperties", verdict}}}},
                    {"runbook", "title", "digest", "language", "files", "variables", "locks", "steps", "critical_path",
                     "expected", "at_most"})
                 .map();
  out.emplace("$schema", "http://json-schema.org/draft-07/schema#");
  out.emplace("title", "Plan");
  out.emplace("description",
              "What `runbook run --plan --output json` prints; `checks` when the checks were looked at.\n"
              "`runbook run --plan --output json` 의 출력. 검사를 보았으면 `checks` 가 있습니다.");
  return out;
}

}  // namespace runbook
