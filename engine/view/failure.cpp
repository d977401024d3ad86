#include "view/failure.h"

#include <algorithm>

#include "base/quoted_word.h"
#include "base/text_width.h"
#include "plan/critical_path.h"
#include "view/effects.h"
#include "view/elements.h"
#include "view/questions.h"
#include "view/sentences.h"
#include "view/step_words.h"
#include "view/verdict.h"

namespace runbook {
namespace {

constexpr Sentence not_true{"not true within {}: checked {} times, last at {}", "{} 안에 참이 되지 않음: {}번 확인, 마지막 {}"},
    not_kept{"not kept true within {}: checked {} times, last at {}", "{} 안에 참으로 유지되지 않음: {}번 확인, 마지막 {}"},
    timed_out{"not finished within {}; it was ended with everything it had started",
              "{} 안에 끝나지 않아, 시작한 모든 것과 함께 종료됨"},
    one_attempt{"attempt {}, {} to {}", "{}번째 시도, {} 부터 {}"}, command{"command", "명령"}, started{"started", "시작"},
    last_output{"last output", "마지막 출력"}, process{"process", "프로세스"}, probe{"probe", "probe"},
    known{"known", "알려진 것"}, answers{"answer", "답"}, no_output{"(none is kept)", "(남은 것이 없음)"},
    no_probe{"it has none: nothing can be looked up", "없음: 결과를 조회할 방법이 없음"},
    probe_waits{"not evaluated yet", "아직 확인하지 않음"}, not_looked{"not looked up", "확인하지 않음"},
    nothing_lives{"nothing of it is running", "실행 중인 것이 없음"}, still_lives{"still running: {}", "아직 실행 중: {}"},
    restarted{"the machine or the container was restarted since: nothing of it is running",
              "그 뒤 기계나 컨테이너가 다시 시작됨: 실행 중인 것이 없음"},
    doubt_title{"in doubt: it was started, and nobody can know whether it took effect",
                "불확실: 시작되었으나 효과가 있었는지 알 수 없음"},
    declared{"changes", "적힌 변경"}, of_that{"{}, attempt {}", "{}, {}번째 시도"};

constexpr std::size_t most_lines = 10;

// What only reads leaves no files: its event kept the end of what it printed. Empty lines at the end say nothing.
LastOutput kept_tail(const StepState& s) {
  LastOutput out;
  if (!s.last) return out;
  for (const auto& [name, value] : s.last->facts) {
    if (!name.ends_with("_tail") || !value.string()) continue;
    std::string_view text = *value.string();
    while (!text.empty()) {
      const auto end = std::min(text.find('\n'), text.size());
      out.lines.emplace_back(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  }
  while (!out.lines.empty() && out.lines.back().empty()) out.lines.pop_back();
  out.of = static_cast<std::int64_t>(out.lines.size());
  if (out.lines.size() > most_lines) out.lines.erase(out.lines.begin(), out.lines.end() - most_lines);
  return out;
}

std::vector<std::string> output_lines(const Plan& plan, const State& state, StepIndex step, std::string_view run,
                                      const OutputByPath& output, const Style& style) {
  const auto& path = plan.at(step).path;
  const auto found = output.find(path);
  const auto [lines, of] = found != output.end() ? found->second : kept_tail(state.steps[step]);
  if (lines.empty()) return {};
  const auto attempt = std::max<std::int64_t>(state.steps[step].attempts, 1);
  // fmt cannot mix automatic and numbered arguments: the Korean order differs.
  static constexpr Sentence numbered{"output of `{0}`, attempt {1}, last {2} of {3} lines (all: runbook logs {4} {5})",
                                     "`{0}` 의 출력, {1}번째 시도, 전체 {3}줄 중 마지막 {2}줄 (전체: runbook logs {4} {5})"};
  std::vector<std::string> out{"  " + say(style.language, numbered, path, attempt, lines.size(),
                                          std::max<std::int64_t>(of, static_cast<std::int64_t>(lines.size())), run,
                                          quoted_word(path))};
  const auto room = static_cast<std::size_t>(std::max(style.width, 40)) - 4;
  for (const auto& line : lines) {
    const auto inert = printable(line);
    out.push_back("  | " + (display_width(inert) > room ? fit(inert, room) : inert));
  }
  return out;
}

// Its expressions are true: it failed because of something else, an output that it has not, a time that it was not held for.
bool holds(const AttemptFinished& last) {
  return last.verdict == cel::Verdict::met || (!last.operands.is_null() && cel::operand_from(last.operands).value == Value(true));
}

// Its time was over while it ran; not while its host or its turn was waited for. A statement ran also when nothing of it lasts.
bool ran_out_of_time(const PlannedStep& planned, const AttemptFinished& last) {
  return last.outcome == Outcome::timed_out && (!last.unchanged || planned.kind == "sql");
}

}  // namespace

std::vector<StepIndex> failed_steps(const Plan& plan, const State& state) {
  const auto is_rescued = [&](StepIndex i) {
    for (std::optional<StepIndex> at = i; at; at = plan.at(*at).parent)
      if (state.steps[*at].status == StepStatus::rescued) return true;
    return false;
  };
  // A group fails by itself when its `when`, its list or its outputs could not be computed.
  const auto is_by_what_it_holds = [&](StepIndex i) {
    const auto& children = plan.at(i).children;
    return plan.at(i).step.is_group && std::any_of(children.begin(), children.end(), [&](StepIndex child) {
             return state.steps[child].status == StepStatus::failed;
           });
  };
  std::vector<StepIndex> out;
  for (StepIndex i = 0; i < plan.steps.size(); ++i)
    if (state.steps[i].status == StepStatus::failed && !plan.at(i).is_rescue && !is_by_what_it_holds(i) && !plan.at(i).owner &&
        !is_rescued(i) && plan.at(i).role != Role::baseline)  // what could not be measured has stopped nothing
      out.push_back(i);
  return out;
}

std::vector<StepIndex> rescued_steps(const Plan& plan, const State& state) {
  std::vector<StepIndex> out;
  for (StepIndex i = 0; i < plan.steps.size(); ++i)
    if (state.steps[i].status == StepStatus::rescued) out.push_back(i);
  return out;
}

std::vector<StepIndex> doubtful_steps(const Plan& plan, const State& state) {
  std::vector<StepIndex> out;
  for (StepIndex i = 0; i < plan.steps.size(); ++i) {
    const auto& s = state.steps[i];
    const bool asked = s.question && !s.question->answer && s.question->asked.what == Ask::in_doubt;
    if (s.status == StepStatus::in_doubt || (asked && !is_ended(s.status))) out.push_back(i);
  }
  return out;
}

std::string attempts_words(const Plan& plan, const State& state, StepIndex step, Language language) {
  const auto& planned = plan.at(step);
  const auto& s = state.steps[step];
  if (!s.last) return {};
  const auto& last = *s.last;
  if (planned.retries && s.tries > 1)
    return say(language, last.verdict == cel::Verdict::met ? not_kept : not_true, format_duration(longest_duration(planned)),
               s.tries, format_local_clock(last.ended));
  if (ran_out_of_time(planned, last)) return say(language, timed_out, format_duration(planned.timeout));
  if (!planned.step.action.kind || last.k == 0) return {};  // 0: what a person said, judged without an attempt
  return say(language, one_attempt, last.k, format_local_clock(last.started), format_local_clock(last.ended));
}

std::vector<std::string> failure_lines(const Plan& plan, const State& state, StepIndex step, std::string_view run,
                                       const OutputByPath& output, const Style& style) {
  const auto language = style.language;
  const auto& s = state.steps[step];
  const auto took = time_of(s) ? "  " + brief_duration(*time_of(s)) : std::string();
  std::vector<std::string> out{ink(mark(Mark::bad, style), Ink::bad, style) + " " + ink(named(plan, step), Ink::strong, style) +
                               took};
  if (const auto words = attempts_words(plan, state, step, language); !words.empty()) out.push_back("  " + words);
  const auto explanation = explanation_lines(plan, state, step, 2, style);
  // The tree says what `why` says, and more; without a tree `why` is all there is.
  const bool said = s.last && ran_out_of_time(plan.at(step), *s.last) && s.why == "timed out";
  if (explanation.size() < 2 && !s.why.empty() && !said) out.push_back("  " + why_words(s.why, language));
  else if (s.last && !s.why.empty() && holds(*s.last)) out.push_back("  " + why_words(s.why, language));
  out.insert(out.end(), explanation.begin(), explanation.end());
  for (auto& line : output_lines(plan, state, step, run, output, style)) out.push_back(std::move(line));
  return out;
}

std::vector<std::string> all_failure_lines(const Plan& plan, const State& state, std::string_view run, const OutputByPath& output,
                                           const Style& style) {
  std::vector<std::string> out;
  const auto all = told(plan, failed_steps(plan, state));
  for (const auto i : all.steps)
    for (auto& line : failure_lines(plan, state, i, run, output, style)) out.push_back(std::move(line));
  for (const auto& more : all.left_out_lines(plan, style.language)) out.push_back("  " + more);
  return out;
}

std::vector<std::string> doubt_lines(const Plan& plan, const State& state, StepIndex step, std::string_view run,
                                     const OutputByPath& output, std::string_view process_state, const Style& style) {
  const auto language = style.language;
  const auto& planned = plan.at(step);
  const auto& s = state.steps[step];
  constexpr std::size_t indent = 15;
  std::vector<std::string> out{ink(mark(Mark::unknown, style), Ink::warn, style) + " " +
                               ink(named(plan, step), Ink::strong, style) + "  " + std::string(doubt_title.in(language))};
  const auto add = [&](const Sentence& label, std::string_view text) {
    for (auto& line : labelled("  " + std::string(label.in(language)), text, indent, style)) out.push_back(std::move(line));
  };
  add(command, shown(planned.description));
  if (s.first_started) add(started, say(language, of_that, format_local(*s.first_started), s.attempts));
  const auto lines = output_lines(plan, state, step, run, output, style);
  add(last_output, lines.empty() ? no_output.in(language) : std::string_view(lines[0]).substr(2));
  for (std::size_t i = 1; i < lines.size(); ++i) out.push_back(lines[i]);
  add(process, process_state.empty() ? not_looked.in(language) : process_state);
  if (!planned.probe) {
    add(probe, no_probe.in(language));
  } else {
    const auto& probed = state.steps[*planned.probe];
    std::string words = shown(plan.at(*planned.probe).description);
    words += ": " + (probed.last ? std::string(word_of(probed.last->verdict, language)) : std::string(probe_waits.in(language)));
    if (probed.last && probed.last->operands.is_null() && !probed.last->why.empty())
      words += " (" + why_words(probed.last->why, language) + ")";
    add(probe, words);
    if (probed.last)
      for (auto& line : explanation_lines(plan, state, *planned.probe, indent, style)) out.push_back(std::move(line));
  }
  // The answer overwrites `why`; the question keeps the evidence.
  add(known, why_words(s.question && !s.question->asked.sentence.empty() ? s.question->asked.sentence : s.why, language));
  if (planned.step.changes == Changes::says) add(declared, changes_of(plan, step, language));
  // Uncut: a command is pasted as it stands.
  const std::string label = pad_right("  " + std::string(answers.in(language)), indent);
  for (const auto& line : proposal_lines(settling_commands(plan, state, step, run, Ask::in_doubt, language)))
    out.push_back(label + line);
  return out;
}

std::string process_words(bool same_world, const std::string& living, Language language) {
  if (!same_world) return std::string(restarted.in(language));
  return living.empty() ? std::string(nothing_lives.in(language)) : say(language, still_lives, living);
}

}  // namespace runbook
