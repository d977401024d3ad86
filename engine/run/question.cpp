#include "run/question.h"

#include <fmt/format.h>

#include "run/scope.h"

namespace runbook {
namespace {

std::vector<std::string> texts(const Value* value) {
  std::vector<std::string> out;
  if (!value) return out;
  if (const auto* list = value->list())
    for (const auto& item : *list) out.push_back(to_text(item));
  else if (!value->is_null()) out.push_back(to_text(*value));
  return out;
}

class Questioner {
 public:
  Questioner(const Plan& plan, const State& state, StepIndex step) : plan_(plan), state_(state), step_(step) {}

  Result<Waiting, std::string> ask(Ask what, Instant now) const {
    const auto& planned = plan_.at(step_);
    const auto& why = state_.steps[step_].why;
    Waiting w;
    w.step = planned.path;
    w.what = what;
    const auto expand = [&](const Text& text) { return shown_text(plan_, state_, step_, planned.step.unit, text); };
    switch (what) {
      case Ask::manual:
      case Ask::approve: {
        const auto fields = resolved_fields(plan_, state_, step_, planned.step.action.fields);
        if (!fields) return failure(fields.error());
        describe(*fields, w);
        w.until = now + planned.timeout;
        break;
      }
      case Ask::optional: w.sentence = expand(*planned.step.optional_question); break;
      case Ask::confirm: {
        const auto word = expanded_text(plan_, state_, step_, planned.step.unit, *planned.step.confirm);
        if (!word) return failure(word.error());
        w.sentence = planned.step.changes_text ? expand(*planned.step.changes_text) : planned.description;
        w.choices = {*word};
        break;
      }
      case Ask::no_data: w.sentence = fmt::format("{}: no data ({}). Accept it?", planned.step.id, why); break;
      case Ask::in_doubt: w.sentence = why; break;
      case Ask::again: {
        const auto& last = state_.steps[step_].last;
        w.sentence = "it was started before, and may have changed something";
        if (last && !last->why.empty()) w.sentence += ": " + last->why;
        break;
      }
    }
    return w;
  }

 private:
  void describe(const Record& fields, Waiting& w) const {
    const auto field = [&](const char* name) -> const Value* {
      const auto found = fields.find(name);
      return found == fields.end() ? nullptr : &found->second;
    };
    if (const auto* sentence = field("ask")) w.sentence = to_text(*sentence);
    if (const auto* items = field("items"); items && items->list())
      for (const auto& item : *items->list()) w.items.push_back(item_of(item));
    if (const auto* input = field("input")) w.input = to_text(*input);
    if (const auto* choose = field("choose")) w.choices = choices(*choose);
    w.by = texts(field("by"));
    if (const auto& approver = plan_.runbook.approver.text.text(); w.what == Ask::approve && w.by.empty() && !approver.empty())
      w.by = {approver};
    if (const auto* count = field("count"); count && count->integer()) w.count = *count->integer();
    if (const auto* other = field("not_operator")) w.not_operator = *other == Value(true);
  }
  static Item item_of(const Value& item) {
    Item made;
    const auto* text = item.find("text");
    made.text = to_text(text != nullptr ? *text : item);
    if (text == nullptr) return made;
    if (const auto* input = item.find("input")) made.input = to_text(*input);
    if (const auto* optional = item.find("optional")) made.optional = *optional == Value(true) || *optional == Value("true");
    return made;
  }
  std::vector<std::string> choices(const Value& choose) const {
    if (choose.list()) return texts(&choose);
    const auto parsed = cel::Expression::parse(to_text(choose));
    if (!parsed) return {};
    const auto list =
        cel::compute(*parsed, scope_of(plan_, state_, step_, plan_.at(step_).step.unit, parsed->references(), nullptr));
    return list ? texts(&*list) : std::vector<std::string>();
  }

  const Plan& plan_;
  const State& state_;
  StepIndex step_;
};

}  // namespace

Result<Waiting, std::string> question_of(const Plan& plan, const State& state, StepIndex step, Ask what, Instant now) {
  return Questioner(plan, state, step).ask(what, now);
}

AttemptResult answer_given(const StepState& state, Instant now) {
  const Question& q = *state.question;
  AttemptResult out;
  out.started = state.first_started.value_or(now);
  out.ended = now;
  if (q.answer) out.result["answer"] = q.answer->answer;
  Value::List items;
  for (const auto& item : q.items) items.push_back(item.value_or(Value()));
  out.result["items"] = std::move(items);
  if (const auto by = state.lasting.find("by"); by != state.lasting.end()) out.result["by"] = by->second;
  return out;
}

}  // namespace runbook
