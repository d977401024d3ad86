#include "view/verdict.h"

#include <algorithm>

#include "cel/brief.h"
#include "view/sentences.h"
#include "view/step_words.h"

namespace runbook {
namespace {

constexpr Sentence not_evaluated{"not evaluated", "확인하지 않음"},
    asked_at_run{"asked of a person at the run", "실행할 때 사람에게 물음"}, held{"confirmed", "확인됨"},
    not_kept{"not kept", "유지되지 않음"},
    rolled_back{"its transaction was rolled back: it changed nothing",
                "트랜잭션이 롤백되어 이 단계는 아무것도 바꾸지 않았습니다"};

bool is_true(const cel::Operand& o) { return o.value && *o.value == Value(true); }

// The operand that made the whole what it is: down through && || ! to the comparison that failed (or held).
const cel::Operand& deciding(const cel::Operand& o) {
  if (o.op == "&&" || o.op == "||") {
    // Of a false && the first false one, of a true || the first true one; otherwise they all decided.
    if (is_true(o) == (o.op == "&&")) return o;
    for (const auto& inner : o.operands)
      if ((inner.value || !inner.error.empty()) && is_true(inner) == is_true(o)) return deciding(inner);
  }
  return o;
}

}  // namespace

Mark mark_of(StepStatus status) {
  switch (status) {
    case StepStatus::succeeded: return Mark::good;
    case StepStatus::failed: return Mark::bad;
    case StepStatus::in_doubt: return Mark::unknown;
    case StepStatus::waiting: return Mark::asks;
    case StepStatus::running:
    case StepStatus::rescuing: return Mark::busy;
    case StepStatus::rescued: return Mark::unknown;
    case StepStatus::pending:
    case StepStatus::skipped:
    case StepStatus::cancelled: return Mark::none;
  }
  return Mark::none;
}

Mark mark_of_run(RunStatus status) {
  switch (status) {
    case RunStatus::succeeded: return Mark::good;
    case RunStatus::failed:
    case RunStatus::criteria_failed:
    case RunStatus::refused: return Mark::bad;
    case RunStatus::waiting: return Mark::asks;
    case RunStatus::interrupted:
    case RunStatus::cancelled: return Mark::unknown;
    case RunStatus::running: return Mark::busy;
  }
  return Mark::none;
}

std::string outputs_of(const StepState& step) {
  std::vector<std::string> all;
  for (const auto& [name, value] : step.outputs) all.push_back(name + "=" + shown(to_text(value)));
  return join(all, "  ");
}

std::string requirement(const PlannedStep& check) {
  if (check.step.expect) return shown(check.step.expect->expression.text());
  if (asks_people(check)) return {};
  return check.step.action.kind ? std::string(check.step.action.kind->own_condition) : std::string();
}

std::string deciding_values(const cel::Operand& explained) {
  if (explained.text.empty()) return {};
  const auto& o = deciding(explained);
  if (!o.error.empty()) return shown(o.error);
  const bool all_decided = (o.op == "&&" && is_true(o)) || (o.op == "||" && !is_true(o));
  if (all_decided) {
    std::vector<std::string> parts;
    for (const auto& inner : o.operands)
      if (auto words = deciding_values(inner); !words.empty()) parts.push_back(std::move(words));
    return join(parts, "; ");
  }
  if (o.operands.size() == 2 && o.operands[0].value && o.operands[1].value && o.op != "call" && o.op != "&&" && o.op != "||" &&
      o.operands.back().op != "element") {
    return shown(fmt::format("{} {} {}", cel::brief(*o.operands[0].value), o.op, cel::brief(*o.operands[1].value)));
  }
  const auto lines = cel::explain_lines(o);
  if (lines.empty()) return {};
  const auto gap = lines[0].rfind("      ");  // where explain_lines puts the values
  return gap == std::string::npos ? std::string() : shown(lines[0].substr(lines[0].find_first_not_of(' ', gap)));
}

Standing standing_of(const Plan& plan, const State& state, StepIndex check, Language language) {
  const auto& planned = plan.at(check);
  const auto& s = state.steps[check];
  Standing out;
  out.expected = requirement(planned);
  out.mark = mark_of(s.status);
  if (s.last) {
    out.actual = deciding_values(cel::operand_from(s.last->operands));
    out.word = word_of(s.last->verdict, language);
    if (s.last->verdict == cel::Verdict::no_data) out.mark = Mark::unknown;
    if (s.last->verdict == cel::Verdict::not_met) out.mark = Mark::bad;
    if (s.last->verdict == cel::Verdict::met) out.mark = is_ended(s.status) ? mark_of(s.status) : Mark::busy;
    if (s.last->verdict != cel::Verdict::met) out.why = why_words(s.last->why, language);
  } else if (s.status == StepStatus::succeeded) {
    out.word = asks_people(planned) ? held.in(language) : word_of(cel::Verdict::met, language);
  } else if (s.status == StepStatus::pending) {
    out.word = (asks_people(planned) ? asked_at_run : not_evaluated).in(language);
    out.mark = asks_people(planned) ? Mark::asks : Mark::none;
  } else {
    out.word = word_of(s.status, language);
    out.why = why_words(s.why, language);
  }
  // Answered against its verdict, or true but not long enough: the state says more than the last look.
  if (s.status == StepStatus::succeeded) out.mark = Mark::good;
  if (s.status == StepStatus::failed && out.mark == Mark::good) out.mark = Mark::bad;
  if (s.status == StepStatus::failed && s.last && s.last->verdict == cel::Verdict::met)
    out.word = planned.step.hold ? not_kept.in(language) : word_of(s.status, language);
  if (s.status == StepStatus::failed && out.why.empty()) out.why = why_words(s.why, language);
  return out;
}

namespace {

// The place of the operand that decided, inside the expression; else of the action or the id.
Place place_of_verdict(const PlannedStep& planned, const cel::Operand& explained) {
  if (planned.step.expect && !explained.text.empty()) {
    const auto& text = planned.step.expect->expression.text();
    const auto& failed = deciding(explained).text;
    const auto offset = text.find(failed);
    if (offset != std::string::npos) return planned.step.expect->map.at(offset, failed.size());
  }
  return planned.step.action.at.line != 0 ? planned.step.action.at : planned.step.at;
}

std::vector<cel::Earlier> history_of(const StepState& s) {
  std::vector<cel::Earlier> out;
  for (const auto& said : s.history)
    if (!said.operands.is_null()) out.push_back({cel::operand_from(said.operands), said.tries});
  return out;
}

}  // namespace

std::vector<std::string> explanation_lines(const Plan& plan, const State& state, StepIndex step, std::size_t indent,
                                           const Style& style) {
  std::vector<std::string> out;
  const std::string pad(indent, ' ');
  const auto& planned = plan.at(step);
  const auto& s = state.steps[step];
  for (const auto g : planned.guards)  // its own precondition stopped it
    if (state.steps[g].status == StepStatus::failed) return explanation_lines(plan, state, g, indent, style);
  if (!s.last) {
    if (const auto at = place_words(plan, planned.step.at); !at.empty()) out.push_back(pad + "--> " + at);
    return out;
  }
  const auto history = history_of(s);
  auto explained = cel::operand_from(s.last->operands);
  // Of a poll whose last try was cut short by the end of its time: what the one before it saw.
  if (explained.text.empty() && !history.empty()) explained = history.back().explained;
  if (!explained.text.empty())
    for (const auto& line : cel::explain_lines(explained, history)) out.push_back(pad + "  " + explained_line(line, style));
  // Of other kinds the remark says why nothing lasts: it was never sent, it never began.
  if (s.last->unchanged && planned.kind == "sql") out.push_back(pad + std::string(rolled_back.in(style.language)));
  else if (!s.last->remark.empty() && s.last->why.find(s.last->remark) == std::string::npos)
    out.push_back(pad + why_words(s.last->remark, style.language));
  if (const auto at = place_words(plan, place_of_verdict(planned, explained)); !at.empty()) out.push_back(pad + "--> " + at);
  return out;
}

}  // namespace runbook
