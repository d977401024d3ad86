#include "plan/differences.h"

#include <algorithm>
#include <filesystem>

#include "plan/plan_value.h"

namespace runbook {
namespace {

// The keys of the action stand beside those of the step, as they do in the text.
Value::Map definition_of(const Plan& plan, StepIndex step) {
  Value::Map out = step_value(plan, step);
  for (const char* name : {"path", "role"}) out.erase(Value(name));
  const auto action = out.find(Value("action"));
  if (action != out.end()) {
    const Value::Map keys = *action->second.map();
    out.erase(action);
    out.erase(Value("description"));  // it is made of them
    for (const auto& [name, value] : keys) out.insert_or_assign(name, value);
  }
  if (plan.at(step).step.for_each) out.erase(Value("description"));  // it is the list
  if (plan.at(step).step.no_data == NoData::ask) out.emplace("no_data", "ask");
  return out;
}

std::vector<ChangedField> different_members(const Value::Map& before, const Value::Map& after) {
  std::vector<ChangedField> out;
  const auto in = [](const Value::Map& map, const Value& name) {
    const auto found = map.find(name);
    return found == map.end() ? Value() : found->second;
  };
  for (const auto& [name, value] : before)
    if (Value now = in(after, name); !(now == value)) out.push_back({to_text(name), value, std::move(now)});
  for (const auto& [name, value] : after)
    if (!before.contains(name)) out.push_back({to_text(name), {}, value});
  return out;
}

// A text or list beside the steps; what is not written is not there.
void put(Value::Map& to, const std::string& name, Value value) {
  const bool is_empty = value.is_null() || value == Value("") || value == Value(Value::List{}) || value == Value(Value::Map{});
  if (!is_empty) to.insert_or_assign(Value(name), std::move(value));
}

Value secret_value(const Secret& secret) {
  Value::List what;
  for (const auto& word : secret.what) what.emplace_back(word);
  return Value::Map{{"from", static_cast<std::int64_t>(secret.from)}, {"what", what}, {"late", secret.late}};
}

void put_unit(Value::Map& to, const std::string& prefix, const Unit& unit) {
  for (const auto& [name, variable] : unit.variables) put(to, prefix + "vars." + name, variable.value.value_or(Value()));
  for (const auto& [name, secret] : unit.secrets) put(to, prefix + "secrets." + name, secret_value(secret));
  for (const auto& [name, connection] : unit.connections)
    put(to, prefix + "connections." + name, fields_value(connection.fields));
  for (const auto& [name, text] : unit.env) put(to, prefix + "env." + name, Value(text.text.text()));
  put(to, prefix + "cwd", unit.cwd);
  Value::List commands;
  for (const auto& [name, at] : unit.requires_.commands) commands.emplace_back(name);
  put(to, prefix + "requires.commands", commands);
}

Value follow_ups_value(const Runbook& book) {
  Value::List out;
  for (const auto& entry : book.after) {
    Value::List items;
    for (const auto& item : entry.items) items.emplace_back(item.text.text());
    out.emplace_back(Value::Map{{"title", entry.title.text.text()}, {"items", items}});
  }
  return out;
}

Value channel_value(const Channel& channel) {
  Value::Map headers;
  for (const auto& [name, text] : channel.headers) headers.emplace(name, text.text.text());
  Value::List tell;
  for (const auto notice : channel.tell) tell.emplace_back(static_cast<std::int64_t>(notice));
  return Value::Map{{"url", channel.url.text.text()},
                    {"format", static_cast<std::int64_t>(channel.format)},
                    {"headers", headers},
                    {"tell", tell}};
}

Value::Map parts_of(const Plan& plan) {
  const Runbook& book = plan.runbook;
  Value::Map out;
  put(out, "id", book.id);
  for (const auto& [name, text] : {std::pair("title", &book.title),
                                   {"description", &book.description},
                                   {"use_when", &book.use_when},
                                   {"owner", &book.owner},
                                   {"approver", &book.approver},
                                   {"contact", &book.contact},
                                   {"impact", &book.impact}})
    put(out, name, Value(text->text.text()));
  put(out, "risk", book.risk);
  Value::List locks;
  for (const auto& lock : plan.locks) locks.emplace_back(lock);
  put(out, "lock", locks);
  put(out, "after", follow_ups_value(book));
  for (std::size_t n = 0; n < book.notify.size(); ++n) put(out, "notify." + std::to_string(n + 1), channel_value(book.notify[n]));
  for (const auto& [name, value] : plan.environment) put(out, "environment." + name, value);
  const auto folder = std::filesystem::path(book.sources[0].path).parent_path();
  for (std::size_t n = 0; n < book.units.size(); ++n) {
    const auto& unit = book.units[n];
    std::string prefix;
    if (n > 0) prefix = std::filesystem::path(book.sources[unit.file].path).lexically_relative(folder).string() + ": ";
    put_unit(out, prefix, unit);
  }
  return out;
}

bool is_told(const PlannedStep& step) { return !step.element || step.is_pattern; }

}  // namespace

std::vector<ChangedField> different_fields(const Plan& from, StepIndex before, const Plan& to, StepIndex after) {
  return different_members(definition_of(from, before), definition_of(to, after));
}

bool does_otherwise(const std::vector<ChangedField>& fields) {
  return std::any_of(fields.begin(), fields.end(), [](const ChangedField& field) { return field.name != "needs"; });
}

std::vector<Difference> different_steps(const Plan& from, const Plan& to) {
  std::vector<Difference> out;
  for (StepIndex i = 0; i < to.steps.size(); ++i) {
    if (!is_told(to.at(i))) continue;
    const auto before = from.find(to.at(i).path);
    if (!before) {
      out.push_back({to.at(i).path, Differs::added, {}});
      continue;
    }
    auto fields = different_fields(from, *before, to, i);
    if (!fields.empty()) out.push_back({to.at(i).path, Differs::changed, std::move(fields)});
  }
  for (const auto& step : from.steps)
    if (is_told(step) && !to.find(step.path)) out.push_back({step.path, Differs::removed, {}});
  return out;
}

std::vector<Difference> different_parts(const Plan& from, const Plan& to) {
  std::vector<Difference> out;
  const Value::Map before = parts_of(from), after = parts_of(to);
  for (auto& field : different_members(before, after)) {
    const Value key(field.name);
    const auto how = !before.contains(key) ? Differs::added : !after.contains(key) ? Differs::removed : Differs::changed;
    Difference one{field.name, how, {}};
    if (how == Differs::changed && field.before.map() && field.after.map())
      one.fields = different_members(*field.before.map(), *field.after.map());
    else one.fields.push_back({"", std::move(field.before), std::move(field.after)});
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace runbook
