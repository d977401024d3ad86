#include "plan/plan_value.h"

#include <filesystem>

#include "base/digest.h"
#include "base/invariant.h"
#include "base/json.h"
#include "plan/critical_path.h"
#include "plan/times.h"
#include "plan/uses.h"

namespace runbook {
namespace {

Value range_value(const Boxed<DurationRange>& range) {
  if (!range) return {};
  return format_duration(range->low) + (range->low == range->high ? "" : ".." + format_duration(range->high));
}

Value field_value(const Field& field) {
  return std::visit(overloaded{
                        [](const Value& v) { return v; },
                        [](const Text& t) { return Value(t.text.text()); },
                        [](const Condition& c) { return Value(c.expression.text()); },
                        [](const Field::List& items) {
                          Value::List out;
                          for (const auto& item : items) out.push_back(field_value(item));
                          return Value(out);
                        },
                        [](const Field::Map& members) {
                          Value::Map out;
                          for (const auto& [name, member] : members) out.emplace(name, field_value(member));
                          return Value(out);
                        },
                    },
                    field.is);
}

Value texts_value(const std::map<std::string, Text>& texts) {
  Value::Map out;
  for (const auto& [name, text] : texts) out.emplace(name, text.text.text());
  return out;
}

Value changes_value(const Step& step) {
  if (step.changes == Changes::none) return "none";
  return step.changes == Changes::says ? Value(step.changes_text->text.text()) : Value();
}

}  // namespace

Value fields_value(const Fields& fields) {
  Value::Map out;
  for (const auto& [name, field] : fields) out.emplace(name, field_value(field));
  return out;
}

Value::Map step_value(const Plan& plan, StepIndex index) {
  const PlannedStep& planned = plan.at(index);
  const Step& s = planned.step;
  Value::Map out{{"path", planned.path},
                 {"kind", planned.kind},
                 {"role", role_name(planned.role)},
                 {"description", planned.description},
                 {"title", cel::preview(s.title.text, plan_scope(plan, index, s.unit))},
                 {"timeout", time_words(planned, &ElementTimes::timeout, planned.timeout)},
                 {"reads", planned.reads},
                 {"changes", changes_value(s)}};
  Value::List needs;
  for (const auto n : planned.needs) needs.push_back(plan.at(n).path);
  if (planned.rescue) out.emplace("rescue", plan.at(*planned.rescue).path);
  out.emplace("needs", needs);
  const auto put = [&](const char* name, Value v) {
    if (!v.is_null()) out.emplace(name, std::move(v));
  };
  const bool expected_of_each = planned.is_pattern && s.of_element && s.of_element->expected;
  put("expected", expected_of_each ? Value(s.of_element->expected->text.text()) : range_value(s.expected));
  if (!s.action.fields.empty()) put("action", fields_value(s.action.fields));
  if (!s.env.empty()) put("env", texts_value(s.env));
  if (s.when) put("when", s.when->expression.text());
  if (s.for_each) {
    const auto* expression = std::get_if<Condition>(&s.for_each->list.is);
    put("for_each", expression ? Value(expression->expression.text()) : field_value(s.for_each->list));
    put("at_once", s.for_each->at_once);
    put("max_failures", s.for_each->max_failures);
  }
  if (s.expect) put("expect", s.expect->expression.text());
  if (planned.retries) {
    put("every", time_words(planned, &ElementTimes::every, planned.retry.every));
    put("for", time_words(planned, &ElementTimes::limit, *planned.retry.limit));
  }
  if (planned.role == Role::watch) {
    put("every", format_duration(planned.retry.every));
    put("then", s.pauses ? "pause" : "stop");
  }
  if (s.hold) put("hold", time_words(planned, &ElementTimes::hold, *s.hold));
  if (s.confirm) put("confirm", s.confirm->text.text());
  if (s.optional_question) put("optional", s.optional_question->text.text());
  if (s.rerun_safe) put("rerun", "safe");
  if (s.on_fail == OnFail::go_on) put("on_fail", "continue");
  if (s.background_allowed) put("background", "allow");
  if (s.cwd) put("cwd", s.cwd->text.text());
  if (s.undo) put("undo", fields_value(s.undo->action.fields));
  Value::Map outputs;
  for (const auto& [name, output] : s.outputs) outputs.emplace(name, output.expression.text());
  if (!outputs.empty()) put("outputs", outputs);
  return out;
}

Value plan_value(const Plan& plan) {
  const Runbook& book = plan.runbook;
  Value::List steps, files;
  for (StepIndex i = 0; i < plan.steps.size(); ++i) steps.push_back(step_value(plan, i));
  for (const auto& source : book.sources) files.push_back(Value::Map{{"name", source.name}, {"sha256", sha256_hex(source.text)}});
  Value::Map variables;
  for (const auto& [name, variable] : book.units[0].variables) variables.emplace(name, variable.value.value_or(Value()));
  Value::List critical, locks;
  for (const auto i : plan.critical_path) critical.push_back(plan.at(i).path);
  for (const auto& lock : plan.locks) locks.push_back(lock);
  Value::Map out{{"runbook", book.id},
                 {"title", book.title.text.text()},
                 {"digest", plan.digest.empty() ? Value() : Value(plan.digest)},
                 {"language", std::int64_t{language_version}},
                 {"files", files},
                 {"variables", variables},
                 {"locks", locks},
                 {"steps", steps},
                 {"critical_path", critical},
                 {"expected", format_duration(plan.estimate.expected)},
                 {"at_most", format_duration(plan.estimate.at_most)}};
  Value::List channels;
  for (const auto& channel : book.notify) channels.push_back(channel.url.text.text());
  if (!channels.empty()) out.emplace("notify", channels);
  // What the two times leave out; see critical_path.h.
  if (waits_for_people(plan) != People::none) out.emplace("waits_for_people", true);
  Value::List unknown;
  for (const auto i : unknown_lists(plan)) unknown.push_back(plan.at(i).path);
  if (!unknown.empty()) out.emplace("unknown_lists", unknown);
  if (auto uses = uses_value(plan); !uses.list()->empty()) out.emplace("uses", std::move(uses));
  return out;
}

std::string plan_digest(const Plan& plan) {
  Value::Map all = *plan_value(plan).map();
  all.erase(Value("digest"));
  // However the operator named the file, and wherever it lies.
  const auto folder = std::filesystem::path(plan.runbook.sources[0].path).parent_path();
  Value::List files;
  for (const auto& source : plan.runbook.sources)
    files.push_back(Value::Map{{"path", std::filesystem::path(source.path).lexically_relative(folder).string()},
                               {"sha256", sha256_hex(source.text)}});
  all.insert_or_assign(Value("files"), Value(std::move(files)));
  all.erase(Value("uses"));  // they name files, too; their values are those of the units below
  Value::List units;
  for (const auto& unit : plan.runbook.units) {
    Value::Map variables;
    for (const auto& [name, variable] : unit.variables) variables.emplace(name, variable.value.value_or(Value()));
    units.push_back(variables);
  }
  all.emplace("units", units);
  Value::Map environment, recorded;
  for (const auto& [name, value] : plan.environment) environment.emplace(name, value);
  for (const auto& [path, value] : plan.recorded) recorded.emplace(path, value);
  all.emplace("environment", environment);
  all.emplace("recorded", recorded);
  return sha256_hex(to_json(all));
}

}  // namespace runbook
