#include "view/end_screen.h"

#include <algorithm>

#include "base/quoted_word.h"
#include "base/text_width.h"
#include "run/accept.h"
#include "run/scope.h"
#include "view/effects.h"
#include "view/elements.h"
#include "view/follow_ups.h"
#include "view/questions.h"
#include "view/sentences.h"
#include "view/step_words.h"
#include "view/table.h"
#include "view/verdict.h"

namespace runbook {
namespace {

constexpr std::size_t label_width = 18;

constexpr Sentence verdict{"run {} {}: {} of {} steps done, {}", "실행 {} {}: {}/{} 단계 완료, {}"},
    open_run{"the run stays open", "실행은 열린 상태로 남습니다"},
    open_with_locks{"the run stays open and keeps its locks", "실행은 열린 상태로 잠금을 유지합니다"},
    nothing_started{"no step was started: nothing was changed", "시작된 단계가 없습니다: 아무것도 바뀌지 않았습니다"},
    changed{"changed", "바뀐 것"}, possibly{"possibly changed", "바뀌었을 수 있음"}, not_changed{"not changed", "바뀌지 않은 것"},
    next{"next", "다음"}, contact{"contact", "긴급 연락처"}, waiting_for{"WAITING FOR PEOPLE", "사람을 기다리는 질문"},
    failed{"FAILED", "실패한 단계"}, rescued{"FAILED, AND RESCUED", "실패했으나 복구된 단계"},
    doubtful{"IN DOUBT", "불확실한 단계"}, actual{"ACTUAL", "실제"}, criterion{"CRITERION", "기준"}, result{"VERDICT", "판정"},
    no_reads_only{"nothing: no step changes anything", "없음: 아무것도 바꾸지 않는 단계뿐입니다"},
    after{"still to do", "이후 할 일"}, reason{"REASON", "이유"}, cancelled{"ended early", "중간에 끝난 것"},
    answer_with{"answer with:", "답하는 명령:"}, required{"expected", "기대"}, by_hand{"it was done by hand", "손으로 처리함"};

void append(std::vector<std::string>& to, std::vector<std::string> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// Last first, as `runbook undo` takes them.
std::vector<StepIndex> undoable(const Plan& plan, const State& state) {
  std::vector<StepIndex> out;
  for (const auto i : state.started)
    if (plan.at(i).has_undo && effect_of(plan, state, i) != Effected::unchanged) out.insert(out.begin(), i);
  return out;
}

bool may_be_settled(const Plan& plan, const State& state, StepIndex i) {
  Request request;
  request.what = Request::What::resolve;
  request.step = plan.at(i).path;
  request.answer = Value("done");
  request.reason = "-";
  request.by = state.created.by;
  return refusal(plan, state, request).empty();
}

// Started, and ended by somebody before it was done.
std::vector<StepIndex> ended_early(const Plan& plan, const State& state) {
  std::vector<StepIndex> out;
  for (const auto i : state.started)
    if (state.steps[i].status == StepStatus::cancelled && !plan.at(i).step.is_group && !plan.at(i).owner) out.push_back(i);
  return out;
}

}  // namespace

std::string verdict_line(const Plan& plan, const State& state, const std::string& run, const Style& style) {
  const auto status = status_of(plan, state);
  const auto count = count_steps(plan, state);
  const auto m = mark_of_run(status);
  const auto words = say(style.language, verdict, run, word_of(status, style.language), count.good, count.all,
                         brief_duration(state.last_at - state.created_at));
  std::string out = ink(mark(m, style), ink_of(m), style) + " " + ink(words, Ink::strong, style);
  if (!state.finished) out += "; " + std::string((plan.locks.empty() ? open_run : open_with_locks).in(style.language));
  return out;
}

std::vector<std::string> criteria_lines(const Plan& plan, const State& state, const Style& style) {
  Table table({"", std::string(criterion.in(style.language)), std::string(result.in(style.language)),
               std::string(actual.in(style.language))});
  for (const auto i : steps_of(plan, Role::criterion)) {
    if (plan.at(i).step.is_group) continue;
    const auto standing = standing_of(plan, state, i, style.language);
    const auto title = title_of(plan, i);
    const bool is_quiet = standing.mark == Mark::good || standing.mark == Mark::none;
    // What was required is told where it is missed; a met one is clear from its title and value.
    std::vector<std::string> below;
    if (!is_quiet && !standing.expected.empty())
      below = labelled("     " + std::string(required.in(style.language)), standing.expected, 16, style);
    table.add({mark(standing.mark, style), title.empty() ? short_path(plan.at(i)) : title, standing.word,
               standing.actual.empty() ? standing.why : standing.actual},
              standing.mark == Mark::good ? Ink::plain : ink_of(standing.mark), std::move(below));
  }
  return table.empty() ? std::vector<std::string>() : table.lines(0, style);
}

std::vector<std::string> effect_lines(const Plan& plan, const State& state, const Style& style) {
  const auto effects = effects_of(plan, state);
  std::vector<std::string> out;
  const auto add = [&](const Sentence& label, const std::vector<StepIndex>& steps) {
    if (!steps.empty()) append(out, labelled(label.in(style.language), join(summed_up(plan, steps), ", "), label_width, style));
  };
  add(changed, effects.changed);
  add(possibly, effects.possibly);
  if (!state.something_started) return {std::string(nothing_started.in(style.language))};
  add(not_changed, effects.not_changed);
  add(cancelled, ended_early(plan, state));
  if (out.empty()) append(out, labelled(changed.in(style.language), no_reads_only.in(style.language), label_width, style));
  return out;
}

std::vector<Proposal> next_commands(const Plan& plan, const State& state, const std::string& run, const EndFacts& facts,
                                    Language language) {
  std::vector<Proposal> out;
  const auto add = [&out](std::string command, std::string meaning = "") {
    out.push_back({std::move(command), std::move(meaning)});
  };
  const auto because = fmt::format("--reason \"{}\"", reason.in(language));
  switch (status_of(plan, state)) {
    case RunStatus::succeeded: add("runbook report " + run); return out;
    case RunStatus::refused:
      if (!facts.again.empty()) add(facts.again);
      add("runbook show " + run);
      return out;
    case RunStatus::failed:
      if (state.finished) break;
      add("runbook resume " + run);
      for (const auto i : told(plan, failed_steps(plan, state)).steps)
        if (plan.at(i).role == Role::step && !plan.at(i).step.is_group && may_be_settled(plan, state, i))
          add(fmt::format("runbook resolve {} {} --as done {}", run, quoted_word(plan.at(i).path), because),
              std::string(by_hand.in(language)));
      break;
    case RunStatus::waiting:
    case RunStatus::interrupted:
    case RunStatus::criteria_failed:
      if (!state.finished) add("runbook resume " + run);
      if (!state.finished && status_of(plan, state) == RunStatus::criteria_failed)
        add(fmt::format("runbook rerun {} STEP {}", run, because));
      break;
    case RunStatus::running: add("runbook resume " + run); break;
    case RunStatus::cancelled: break;
  }
  if (const auto undo = undoable(plan, state); !plan.is_undo && !undo.empty())
    add("runbook undo " + run, join(summed_up(plan, undo), ", "));
  if (!state.finished) add("runbook stop " + run + " " + because);
  add((state.finished ? "runbook report " : "runbook show ") + run);
  return out;
}

std::vector<std::string> next_lines(const std::vector<Proposal>& commands, const Style& style) {
  std::vector<std::string> out;
  for (const auto& line : proposal_lines(commands))
    out.push_back(
        (out.empty() ? ink(pad_right(next.in(style.language), label_width), Ink::faint, style) : std::string(label_width, ' ')) +
        line);
  return out;
}

std::vector<std::string> doubtful_lines(const Plan& plan, const State& state, const std::string& run, const EndFacts& facts,
                                        const Style& style) {
  std::vector<std::string> out;
  for (const auto i : doubtful_steps(plan, state)) {
    if (out.empty()) out.push_back(ink(doubtful.in(style.language), Ink::strong, style));
    const auto process = facts.processes.find(plan.at(i).path);
    append(out, doubt_lines(plan, state, i, run, facts.output, process == facts.processes.end() ? "" : process->second, style));
  }
  return out;
}

std::string end_screen(const Plan& plan, const State& state, const std::string& run, const EndFacts& facts, const Style& style) {
  const auto language = style.language;
  std::vector<std::string> out{verdict_line(plan, state, run, style)};
  const auto heading = [&](const Sentence& words) { out.push_back(ink(words.in(language), Ink::strong, style)); };
  const auto doubts = doubtful_steps(plan, state);
  // Criteria have their own table; only those that were read wrongly need their tree, too.
  if (!failed_steps(plan, state).empty()) heading(failed);
  append(out, all_failure_lines(plan, state, run, facts.output, style));
  const auto handled = told(plan, rescued_steps(plan, state));
  if (!handled.steps.empty()) heading(rescued);
  for (const auto i : handled.steps)
    append(out, labelled("  " + plan.at(i).path + "  ", why_words(state.steps[i].why, language), label_width, style));
  append(out, doubtful_lines(plan, state, run, facts, style));
  const auto is_doubt = [&](StepIndex i) { return std::find(doubts.begin(), doubts.end(), i) != doubts.end(); };
  bool first = true;
  for (const auto i : open_questions(plan, state)) {
    if (is_doubt(i)) continue;
    if (std::exchange(first, false)) heading(waiting_for);
    append(out, question_lines(plan, state, i, style));
    out.push_back("    " + ink(answer_with.in(language), Ink::faint, style));
    for (const auto& line : proposal_lines(answer_commands(plan, state, i, run, language))) out.push_back("      " + line);
  }
  const bool looked_at = std::any_of(state.steps.begin(), state.steps.end(), [&](const StepState& s) {
    return plan.at(static_cast<StepIndex>(&s - state.steps.data())).role == Role::criterion && s.status != StepStatus::pending;
  });
  if (looked_at) append(out, criteria_lines(plan, state, style));
  append(out, effect_lines(plan, state, style));
  if (state.finished && state.something_started)
    if (const auto items = follow_ups(plan, state); !items.empty())
      append(out, labelled(after.in(language), follow_up_summary(plan), label_width, style));
  append(out, next_lines(next_commands(plan, state, run, facts, language), style));
  const auto whom = shown(shown_text(plan, state, {}, 0, plan.runbook.contact));
  const auto owner = shown(shown_text(plan, state, {}, 0, plan.runbook.owner));
  if (!whom.empty() || !owner.empty())
    append(out, labelled(contact.in(language),
                         owner.empty()  ? whom
                         : whom.empty() ? owner
                                        : owner + ", " + whom,
                         label_width, style));
  return join_lines(out);
}

}  // namespace runbook
