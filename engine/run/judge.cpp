#include "run/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "run/scope.h"

namespace runbook {
namespace {

bool names_any_of(const cel::Expression& expression, const cel::Expression& condition) {
  return std::any_of(expression.references().begin(), expression.references().end(), [&](const cel::Reference& r) {
    return std::any_of(condition.references().begin(), condition.references().end(),
                       [&](const cel::Reference& c) { return r.path[0] == c.path[0]; });
  });
}

std::string one_line(const cel::Evaluation& evaluation, const std::string& text) {
  if (!evaluation.error.empty()) return text + ": " + evaluation.error;
  const auto lines = cel::explain_lines(evaluation.explained);
  for (const auto& line : lines)
    if (line.starts_with("✗")) return line.substr(std::string_view("✗ ").size());
  return text;
}

std::string sentence(Outcome outcome) {
  switch (outcome) {
    case Outcome::completed: return "";
    case Outcome::timed_out: return "timed out";
    case Outcome::cancelled: return "cancelled";
    case Outcome::not_started: return "never started";
    case Outcome::could_not_start: return "could not start";
  }
  return "";
}

// The end of what it printed, kept with a verdict that somebody will want to understand, and of what only reads always: it
// leaves no files. NAME_was: how many bytes there were, where that is not all.
constexpr std::size_t longest_tail = 4096;
void keep_tail(const AttemptResult& result, Record& facts) {
  for (const auto& [name, value] : result.result) {
    const auto* text = value.string();
    if (text == nullptr || text->empty() || (name != "stdout" && name != "stderr" && name != "text")) continue;
    std::string_view tail = *text;
    if (tail.size() > longest_tail) {
      tail.remove_prefix(tail.size() - longest_tail);
      tail.remove_prefix(std::min(tail.find('\n') + 1, tail.size()));
      facts[name + "_was"] = static_cast<std::int64_t>(text->size());
    }
    facts[name + "_tail"] = tail;
  }
}

enum class Effects { there, not_yet };

class Judge {
 public:
  Judge(const Plan& plan, const State& state, StepIndex step, const AttemptResult& result, Effects effects)
      : plan_(plan),
        state_(state),
        step_(step),
        result_(result),
        effects_(effects) {}

  void into(AttemptFinished& out) {
    const Step& step = plan_.at(step_).step;
    out.verdict = cel::Verdict::met;
    if (result_.done_before) return outputs(step, out);
    std::optional<cel::Expression> own;
    if (step.action.kind && !step.action.kind->own_condition.empty())
      if (auto parsed = cel::Expression::parse(step.action.kind->own_condition)) own = *parsed;
    if (own && !(step.expect && names_any_of(step.expect->expression, *own))) evaluate(*own, out);
    // A probe that could not do its work says nothing about the effect.
    if (plan_.at(step_).role == Role::probe && out.verdict == cel::Verdict::not_met) out.verdict = cel::Verdict::no_data;
    if (out.verdict == cel::Verdict::met && step.expect) evaluate(step.expect->expression, out);
    if (out.verdict == cel::Verdict::met && !result_.clean) {
      out.verdict = cel::Verdict::not_met;
      out.why = result_.remark;
    }
    if (out.verdict == cel::Verdict::met) outputs(step, out);
  }

 private:
  void evaluate(const cel::Expression& expression, AttemptFinished& out) {
    const auto evaluation =
        cel::evaluate(expression, scope_of(plan_, state_, step_, plan_.at(step_).step.unit, expression.references(), &result_));
    out.verdict = evaluation.verdict;
    out.operands = cel::to_value(evaluation.explained);
    out.why = evaluation.verdict == cel::Verdict::met ? "" : one_line(evaluation, expression.text());
    if (evaluation.verdict != cel::Verdict::no_data) return;
    for (const auto& reference : expression.references()) {  // why it could not be read says more than "no such name"
      const auto found = result_.unreadable.find(reference.path[0]);
      if (found != result_.unreadable.end()) out.why = fmt::format("{}: {}", reference.path[0], found->second);
    }
  }
  void outputs(const Step& step, AttemptFinished& out) {
    std::size_t bytes = 0;
    for (const auto& [name, output] : step.outputs) {
      const auto& expression = output.expression;
      const auto value = cel::compute(expression, scope_of(plan_, state_, step_, step.is_use ? step.outputs_unit : step.unit,
                                                           expression.references(), &result_));
      std::string wrong = value ? "" : value.error();
      if (value && (bytes += to_text(*value).size()) > 65536) wrong = "the outputs of a step hold at most 64 KiB";
      if (wrong.empty()) {
        out.outputs.emplace(name, *value);
        continue;
      }
      out.verdict = cel::Verdict::no_data;
      out.final = !plan_.at(step_).reads && effects_ == Effects::there;
      out.why = fmt::format("{}output `{}`: {}", out.final ? "the effect is done, but " : "", name, wrong);
      return;
    }
  }

  const Plan& plan_;
  const State& state_;
  StepIndex step_;
  const AttemptResult& result_;
  const Effects effects_;
};

AttemptFinished judged(const Plan& plan, const State& state, StepIndex step, std::int64_t k, const AttemptResult& result,
                       Effects effects) {
  AttemptFinished out;
  out.step = plan.at(step).path;
  out.k = k;
  out.outcome = result.outcome;
  out.facts = result.facts;
  out.remark = result.remark;
  out.unchanged = result.unchanged;
  out.started = result.started;
  out.ended = result.ended;
  if (const auto* kind = plan.at(step).step.action.kind)
    for (const auto& row : kind->result)
      if (row.lasting)
        if (const auto found = result.result.find(row.name); found != result.result.end())
          out.lasting.emplace(found->first, found->second);
  if (result.outcome == Outcome::completed) {
    Judge(plan, state, step, result, effects).into(out);
  } else {
    out.verdict = cel::Verdict::no_data;
    out.why = sentence(result.outcome);
    if (!result.remark.empty()) out.why += ": " + result.remark;
  }
  if (out.verdict != cel::Verdict::met || plan.at(step).reads) keep_tail(result, out.facts);
  return out;
}

}  // namespace

AttemptFinished judge(const Plan& plan, const State& state, StepIndex step, std::int64_t k, const AttemptResult& result) {
  return judged(plan, state, step, k, result, Effects::there);
}

AttemptFinished judge_prepared(const Plan& plan, const State& state, StepIndex step, std::int64_t k,
                               const AttemptResult& result) {
  return judged(plan, state, step, k, result, Effects::not_yet);
}

AttemptFinished end_as_prepared(const AttemptFinished& prepared, const AttemptResult& end) {
  AttemptFinished out = prepared;
  out.ended = end.ended;
  out.unchanged = end.unchanged;
  for (const auto& [name, value] : end.facts) out.facts[name] = value;
  if (!end.remark.empty()) out.remark = end.remark;
  return out;
}

AttemptResult nothing_done(Instant now) {
  AttemptResult result;
  result.started = result.ended = now;
  return result;
}

}  // namespace runbook
