#include "view/progress.h"

#include <algorithm>

#include "base/text_width.h"
#include "plan/critical_path.h"
#include "view/effects.h"
#include "view/elements.h"
#include "view/event_line.h"
#include "view/questions.h"
#include "view/sentences.h"
#include "view/step_words.h"
#include "view/verdict.h"

namespace runbook {
namespace {

constexpr Sentence last_output{"last-output={}-ago", "마지막-출력={}-전"}, still{"still {} {}", "진행 중 {} {}"},
    still_waiting{"still waiting for a person: {} {}", "사람을 기다리는 중: {} {}"},
    tries{"{} tries, last: {}", "{}번 시도, 마지막: {}"}, of_limit{"{} of {}", "{} / {}"},
    being_ended{"being ended", "종료시키는 중"},
    footer{"{} elapsed | {} of {} steps | about {} left", "{} 경과 | {}/{} 단계 | 약 {} 남음"},
    waits{"waits for a person", "사람을 기다림"}, unreachable{"waits for its host, {}", "호스트를 기다림, {}"},
    still_unreachable{"still waiting for its host: {} {}", "호스트를 기다리는 중: {} {}"},
    one_more{"Ctrl-C: start nothing more and end what runs", "Ctrl-C: 새로 시작하지 않고 실행 중인 것을 끝냅니다"},
    only_watched{"Ctrl-C: watch no more; the run goes on", "Ctrl-C: 그만 봅니다. 실행은 계속됩니다"},
    kill_next{"ending what runs; Ctrl-C again kills it", "실행 중인 것을 끝내는 중. Ctrl-C 를 한 번 더 누르면 강제 종료합니다"},
    killing{"killing what runs", "강제 종료하는 중"}, answer_with{"answer with:", "답하는 명령:"};

// What occupies a screen line: no guards, no probes, no groups.
std::vector<StepIndex> busy(const Plan& plan, const State& state) {
  std::vector<StepIndex> out;
  for (const auto i : state.frontier) {
    const auto status = state.steps[i].status;
    if (plan.at(i).step.is_group) continue;
    if (status == StepStatus::running || status == StepStatus::waiting || status == StepStatus::in_doubt) out.push_back(i);
  }
  return out;
}

std::string run_name(const State& state) { return state.run_id.empty() ? "RUN" : state.run_id; }

}  // namespace

namespace {

// Of a pattern as often as its elements are still to be run through; of any other step once.
std::int64_t rounds_left(const Plan& plan, const State& state, StepIndex i) {
  if (!plan.at(i).is_pattern) return 1;
  StepIndex whole = i;
  while (!plan.at(whole).step.for_each) whole = *plan.at(whole).parent;
  const auto at_once = plan.at(whole).step.for_each->at_once;
  const auto known = known_elements(plan, whole);
  const auto count = state.expanded.contains(whole) ? state.unended_in[whole]
                     : known                        ? static_cast<std::int64_t>(known->size())
                                                    : 1;
  return is_ended(state.steps[whole].status) ? 0 : (count + at_once - 1) / at_once;
}

}  // namespace

Duration expected_left(const Plan& plan, const State& state, Instant now) {
  Duration left{};
  for (const auto i : plan.critical_path) {
    const auto& s = state.steps[i];
    if (is_ended(s.status)) continue;
    const auto gone = s.first_started ? now - *s.first_started : Duration{};
    left += std::max(Duration{}, rounds_left(plan, state, i) * expected_duration(plan.at(i)) - gone);
  }
  return left;
}

std::vector<std::string> plain_lines(const Plan& plan, const State& after, const Event& event, const Style& style) {
  const auto line = event_line(plan, after, event, style.language);
  if (!line) return {};
  const auto clock = ink(format_local_clock(line->at), Ink::faint, style);
  std::vector<std::string> out;
  const auto asked = std::holds_alternative<Waiting>(event.body) ? plan.find(line->path) : std::nullopt;
  if (asked && after.steps[*asked].question) {
    const auto question = question_lines(plan, after, *asked, style);
    for (const auto& more : question) out.push_back((out.empty() ? clock : std::string(8, ' ')) + " " + more);
    out.push_back("             " + ink(answer_with.in(style.language), Ink::faint, style));
    for (const auto& proposal : proposal_lines(answer_commands(plan, after, *asked, run_name(after), style.language)))
      out.push_back("               " + proposal);
    return out;
  }
  const auto path = line->path.empty() ? "" : ink(line->path, Ink::strong, style) + "  ";
  out.push_back(fmt::format("{} {} {}{}", clock, ink(mark(line->mark, style), ink_of(line->mark), style), path, line->text));
  if (line->is_failure)
    if (const auto i = plan.find(line->path))
      for (auto& more : explanation_lines(plan, after, *i, 11, style)) out.push_back(std::move(more));
  return out;
}

std::vector<std::string> heartbeat_lines(const Plan& plan, const State& state, Instant now, const OutputAges& ages,
                                         const Style& style) {
  std::vector<std::string> out;
  for (const auto i : busy(plan, state)) {
    const auto& s = state.steps[i];
    const auto gone =
        format_duration(std::chrono::floor<std::chrono::seconds>(s.first_started ? now - *s.first_started : Duration{}));
    const bool no_host = s.open && s.open->unreachable() != nullptr;
    const auto& words = s.status == StepStatus::running ? still : no_host ? still_unreachable : still_waiting;
    std::string text = say(style.language, words, plan.at(i).path, gone);
    if (const auto age = ages.find(i); age != ages.end())
      text += " " + say(style.language, last_output, format_duration(std::chrono::floor<std::chrono::seconds>(age->second)));
    if (s.status == StepStatus::running && s.tries > 0 && s.last)
      text += "  " + say(style.language, tries, s.tries, why_words(s.last->why, style.language));
    out.push_back(ink(format_local_clock(now), Ink::faint, style) + " " + text);
  }
  return out;
}

std::vector<std::string> live_block(const Plan& plan, const State& state, Instant now, const Style& style, Beholder beholder) {
  const auto language = style.language;
  const auto columns = static_cast<std::size_t>(std::max(style.width, 20));
  std::vector<std::string> out;
  for (const auto i : busy(plan, state)) {
    const auto& planned = plan.at(i);
    const auto& s = state.steps[i];
    const auto m = mark_of(s.status);
    const auto gone =
        brief_duration(std::chrono::floor<std::chrono::seconds>(s.first_started ? now - *s.first_started : Duration{}));
    std::string text = named(plan, i) + "  ";
    if (s.open && s.open->unreachable() != nullptr) text += gone + "  " + say(language, unreachable, *s.open->unreachable());
    else if (s.status == StepStatus::waiting) text += std::string(waits.in(language)) + " " + gone;
    else if (const auto expected = expected_of(planned); !expected.empty()) text += say(language, of_limit, gone, expected);
    else text += gone;
    if (s.open && s.open->cancelling) text += "  " + std::string(being_ended.in(language));
    else if (s.tries > 0 && s.last && s.status == StepStatus::running)
      text += "  " + say(language, tries, s.tries, why_words(s.last->why, style.language));
    // Cut, never wrapped: the block is drawn over itself and must keep its height.
    const auto cut = display_width(text) + 4 > columns ? fit(text, columns - 4) : text;
    out.push_back("  " + ink(mark(m, style), ink_of(m), style) + " " + cut);
  }
  for (const auto i : state.frontier)
    if (const auto counts = tally(plan, state, i, language); !counts.empty()) {
      const auto text = named(plan, i) + "  " + counts;
      out.push_back("    " + (display_width(text) + 4 > columns ? fit(text, columns - 4) : text));
    }
  const auto count = count_steps(plan, state);
  const auto elapsed = brief_duration(std::chrono::floor<std::chrono::seconds>(now - state.created_at));
  std::string foot = say(language, footer, elapsed, count.ended, count.all, brief_duration(expected_left(plan, state, now)));
  const auto hint = (beholder == Beholder::watches ? only_watched
                     : !state.stopping             ? one_more
                     : state.stopping->hard        ? killing
                                                   : kill_next)
                        .in(language);
  const auto tone = state.stopping ? Ink::warn : Ink::faint;
  const auto add = [&](const std::string& text) {
    out.push_back(ink(display_width(text) > columns ? fit(text, columns) : text, tone, style));
  };
  if (display_width(foot) + 3 + display_width(hint) <= columns) {
    add(foot + " | " + std::string(hint));
  } else {  // what Ctrl-C does must never be what is cut
    add(foot);
    add(std::string(hint));
  }
  return out;
}

}  // namespace runbook
