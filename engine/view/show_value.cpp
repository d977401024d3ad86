#include "view/effects.h"
#include "view/event_json.h"
#include "view/follow_ups.h"
#include "view/questions.h"
#include "view/show.h"
#include "view/step_words.h"

namespace runbook {
namespace {

Value time_value(const std::optional<Instant>& t) { return t ? Value(format_utc(*t)) : Value(); }

Value person_value(const Person& p) { return Value::Map{{"name", p.name}, {"uid", p.uid}, {"how", p.how}}; }

Value question_value(const Plan& plan, const State& state, StepIndex i, const std::string& run) {
  const auto& q = *state.steps[i].question;
  Value::List items, commands, choices;
  for (std::size_t n = 0; n < q.asked.items.size(); ++n)
    items.push_back(Value::Map{{"text", q.asked.items[n].text},
                               {"input", q.asked.items[n].input},
                               {"optional", q.asked.items[n].optional},
                               {"answer", q.items[n].value_or(Value())}});
  for (const auto& c : q.asked.choices) choices.push_back(c);
  for (const auto& c : answer_commands(plan, state, i, run, Language::english)) commands.push_back(c.command);
  return Value::Map{{"what", name_of(q.asked.what)},      {"sentence", q.asked.sentence}, {"items", items}, {"choices", choices},
                    {"until", time_value(q.asked.until)}, {"commands", commands}};
}

Value step_value(const Plan& plan, const State& state, StepIndex i, const std::string& run) {
  const auto& planned = plan.at(i);
  const auto& s = state.steps[i];
  Value::Map out{{"path", planned.path},
                 {"role", role_name(planned.role)},
                 {"kind", planned.kind},
                 {"title", title_of(plan, i)},
                 {"status", name_of(s.status)},
                 {"why", s.why},
                 {"attempts", s.attempts},
                 {"tries", s.tries},
                 {"started", time_value(s.first_started)},
                 {"ended", time_value(is_ended(s.status) ? s.ended : std::nullopt)},
                 {"outputs", to_value(s.outputs)},
                 {"result", to_value(s.lasting)}};
  if (s.last) {
    out.emplace("verdict", name_of(s.last->verdict));
    out.emplace("outcome", name_of(s.last->outcome));
    out.emplace("operands", s.last->operands);
    if (!s.last->remark.empty()) out.emplace("remark", s.last->remark);
  }
  if (s.question && !s.question->answer && !is_ended(s.status)) out.emplace("question", question_value(plan, state, i, run));
  return out;
}

Value paths(const Plan& plan, const std::vector<StepIndex>& steps) {
  Value::List out;
  for (const auto i : steps) out.push_back(plan.at(i).path);
  return out;
}

}  // namespace

Value show_value(const Plan& plan, const State& state, const std::vector<Event>& events, const RunFacts& facts) {
  Value::List steps, history, after;
  for (StepIndex i = 0; i < plan.steps.size(); ++i) {
    if (plan.at(i).is_replaced) continue;
    Value::Map one = *step_value(plan, state, i, facts.run).map();
    if (const auto process = facts.now.processes.find(plan.at(i).path); process != facts.now.processes.end())
      one.insert_or_assign("process", process->second);
    steps.emplace_back(std::move(one));
  }
  for (const auto& event : events) {
    Value::Map one = *event_value(event).map();
    one.insert_or_assign("seq", static_cast<std::int64_t>(event.seq));
    one.insert_or_assign("at", format_utc(event.at));
    one.insert_or_assign("type", event_type(event.body));
    history.emplace_back(std::move(one));
  }
  for (const auto& item : follow_ups(plan, state))
    after.push_back(Value::Map{{"number", static_cast<std::int64_t>(item.number)}, {"title", item.title}, {"text", item.text}});
  const auto effects = effects_of(plan, state);
  const auto status = status_of(plan, state);
  return Value::Map{{"run", facts.run},
                    {"file", facts.file},
                    {"runbook", plan.runbook.id},
                    {"title", plan_text(plan, 0, plan.runbook.title)},
                    {"digest", plan.digest},
                    {"status", name_of(status)},
                    {"open", !state.finished.has_value()},
                    {"engine", facts.engine},
                    {"by", person_value(state.created.by)},
                    {"host", state.created.host},
                    {"reason", state.created.reason},
                    {"ticket", state.created.ticket},
                    {"created", format_utc(state.created_at)},
                    {"last", format_utc(state.last_at)},
                    {"steps", steps},
                    {"changed", paths(plan, effects.changed)},
                    {"possibly_changed", paths(plan, effects.possibly)},
                    {"not_changed", paths(plan, effects.not_changed)},
                    {"after", after},
                    {"events", history}};
}

}  // namespace runbook
