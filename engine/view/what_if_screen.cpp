#include "view/what_if_screen.h"

#include <algorithm>
#include <array>

#include "base/text_width.h"
#include "plan/times.h"
#include "view/sentences.h"
#include "view/step_words.h"

namespace runbook {
namespace {

constexpr std::size_t block_indent = 6;
constexpr std::size_t few_steps = 8;  // are told by their names

constexpr Sentence what_if{"WHAT IF", "만약"},
    taken{"every other step is taken to succeed, every question to be answered yes; nothing was contacted",
          "다른 단계는 모두 성공하고 모든 질문에 예라고 답한다고 봄. 어디에도 접속하지 않음"},
    no_return{"POINT OF NO RETURN", "되돌릴 수 없는 지점"},
    no_return_is{"{}: the first step to start that changes something and has neither `undo` nor `rerun: safe`",
                 "{}: 무언가를 바꾸면서 `undo` 도 `rerun: safe` 도 없는 첫 단계"},
    none_of_no_return{"none: whatever changes something has `undo` or `rerun: safe`",
                      "없음: 무언가를 바꾸는 단계에는 모두 `undo` 나 `rerun: safe` 가 있음"},
    at_the_close{"{}: once, when the run closes, if a step was started", "{}: 단계가 하나라도 시작되었으면 실행을 닫을 때 한 번"},
    conditions{"`when` taken to hold: {}", "`when` 을 참으로 봄: {}"},
    one_for_many{"one element stands for all: {}", "요소 하나가 전체를 대신함: {}"},
    unreached{"not reached with these values, whichever step fails: {}", "이 값으로는 어느 단계가 실패해도 실행되지 않음: {}"},
    past{"past the point of no return", "되돌릴 수 없는 지점을 지남"};

// Of a mishap, by its number; a step that asks people has other words for it.
constexpr std::array<Sentence, 3> mishaps{{{"fails", "실패"}, {"times out", "시간 초과"}, {"machine dies", "엔진 시스템 다운"}}};
constexpr std::array<Sentence, 3> mishaps_of_questions{
    {{"answered no", "아니요라고 답함"}, {"not answered", "답이 없음"}, {"machine dies", "엔진 시스템 다운"}}};

constexpr Sentence again_for{"tried again every {} for {}", "{} 마다 {} 동안 다시 시도"},
    repeated{"repeated, as that is safe", "다시 실행해도 안전하므로 반복"},
    nothing_lasts{"nothing of it lasts", "바뀐 것이 남지 않음"},
    nobody_knows{"in doubt: it may have taken effect", "불확실: 효과가 있었을 수 있음"},
    probe_looks{"its probe looks: there, it counts as done; not there:", "probe 로 확인. 효과가 있으면 완료로 봄. 없으면:"},
    rescue_runs{"its rescue runs: {}", "복구 단계 실행: {}"},
    rescue_of_runs{"the rescue of {} runs: {}", "{} 의 복구 단계 실행: {}"},
    left_to_end{"left to end beside it: {}", "함께 돌던 것은 끝까지 실행: {}"},
    goes_on{"the run goes on to its end, exit {}", "실행은 끝까지 진행, 종료 코드 {}"},
    stays_open{"the run stops and stays open, exit {}", "실행이 멈추고 열린 채로 남음, 종료 코드 {}"},
    closes{"the run closes, exit {}", "실행이 닫힘, 종료 코드 {}"},
    closes_with{"the run closes, exit {}, after `finally`: {}", "`finally` ({1}) 뒤에 실행이 닫힘, 종료 코드 {0}"},
    waits{"the run waits for people, exit {}", "사람을 기다림, 종료 코드 {}"},
    waits_beside{"the run waits for people about {}, exit {}", "사람을 기다림 ({}), 종료 코드 {}"};

constexpr Sentence changed{"changed by then", "그때까지 바뀐 것"}, nothing{"nothing", "없음"},
    perhaps{"perhaps {}", "바뀌었을 수 있음: {}"}, by_numbers{"steps {}", "단계 {}"}, undo{"undo covers", "undo 범위"},
    undo_not{"not {}", "제외: {}"}, itself{"this step", "이 단계"};

// By Handling: of `resume` after a run that stands still, and of the engine that comes after the machine's death.
constexpr std::array<Sentence, 6> by_resume{
    {{"", ""},
     {"`resume` runs it again", "`resume` 하면 다시 실행"},
     {"", ""},
     {"`resume` asks again", "`resume` 하면 다시 물음"},
     {"`resume` asks first: again, done by hand, or leave out", "`resume` 하면 먼저 물음: 다시 실행, 손으로 완료, 건너뜀"},
     {"a person says what became of it", "결과를 사람이 정함"}}};
constexpr std::array<Sentence, 6> by_next_engine{
    {{"", ""},
     {"`resume` runs it again", "`resume` 하면 다시 실행"},
     {"it goes on over there, and `resume` reads how it ended", "그곳에서 계속 실행되고, `resume` 하면 그 결과를 읽음"},
     {"the question is still there", "질문이 그대로 남아 있음"},
     {"`resume` asks first: again, done by hand, or leave out", "`resume` 하면 먼저 물음: 다시 실행, 손으로 완료, 건너뜀"},
     {"a person says what became of it", "결과를 사람이 정함"}}};
constexpr Sentence by_the_server{"`resume` asks the server: committed, it counts as done; else it runs again",
                                 "`resume` 하면 서버에 물음: 커밋되었으면 완료로 보고, 아니면 다시 실행"};

struct Row {
  std::string mishaps, text;
  std::vector<std::string> changed_and_undo;  // text of both lines, the second may be empty
};
struct Block {
  std::vector<StepIndex> steps;
  std::vector<Row> rows;
  bool is_past_return = false;
};

class Screen {
 public:
  Screen(const Plan& plan, const WhatIf& found, ExitNumber exit_number, const Style& style)
      : plan_(plan),
        found_(found),
        exit_number_(exit_number),
        style_(style) {
    for (const auto i : steps_of(plan, Role::step)) numbers_.emplace(i, numbers_.size() + 1);
  }

  std::string text() {
    head();
    for (const auto& block : blocks()) lines_of(block);
    return join_lines(out_);
  }

 private:
  std::string_view in(const Sentence& sentence) const { return sentence.in(style_.language); }
  void add(std::string_view label, const std::string& text, std::size_t indent) {
    auto lines = labelled(label, text, indent, style_);
    out_.insert(out_.end(), lines.begin(), lines.end());
  }
  // Of many steps the numbers.
  std::string paths(const std::vector<StepIndex>& steps, std::optional<StepIndex> self = {}) const {
    std::vector<StepIndex> numbered;
    std::vector<std::string> names;
    const bool is_long = steps.size() > few_steps;
    for (const auto i : steps)
      if (i == self) names.emplace_back(in(itself));
      else if (is_long && numbers_.contains(i)) numbered.push_back(i);
      else names.push_back(plan_.at(i).path);
    if (!numbered.empty()) names.insert(names.begin(), say(style_.language, by_numbers, ranges(numbered)));
    return join(names, ", ");
  }

  void head() {
    const auto title = plan_text(plan_, 0, plan_.runbook.title);
    out_.push_back(ink(in(what_if), Ink::strong, style_) + " " + ink(plan_.runbook.id, Ink::strong, style_) + "  " + title);
    add("", std::string(in(taken)), 2);
    if (!found_.conditions.empty()) add("", say(style_.language, conditions, paths(found_.conditions)), 2);
    if (!found_.one_for_many.empty()) add("", say(style_.language, one_for_many, paths(found_.one_for_many)), 2);
    if (!found_.unreached.empty()) add("", say(style_.language, unreached, paths(found_.unreached)), 2);
    const auto section = [&](const Sentence& label, const std::string& text) {
      const auto words = std::string(in(label)) + "  ";
      add(words, text, display_width(words));
    };
    section(no_return, found_.no_return ? say(style_.language, no_return_is, plan_.at(*found_.no_return).path)
                                        : std::string(in(none_of_no_return)));
    std::vector<StepIndex> last;
    for (const auto i : steps_of(plan_, Role::cleanup))
      if (!plan_.at(i).step.is_group) last.push_back(i);
    if (!last.empty()) section(words::finally, say(style_.language, at_the_close, paths(last)));
  }

  std::vector<Block> blocks() const {
    std::vector<Block> out;
    std::map<std::string, std::size_t> same;  // by all that is said
    const auto& all = found_.consequences;
    for (std::size_t at = 0; at < all.size();) {
      std::size_t end = at;
      while (end < all.size() && all[end].step == all[at].step) ++end;
      Block block{{all[at].step},
                  rows({all.begin() + static_cast<std::ptrdiff_t>(at), all.begin() + static_cast<std::ptrdiff_t>(end)}),
                  false};
      for (; at < end; ++at) block.is_past_return = block.is_past_return || all[at].is_past_return;
      std::string key = block.is_past_return ? "past\n" : "\n";
      for (const auto& row : block.rows) key += row.mishaps + "\n" + row.text + "\n" + join(row.changed_and_undo, "\n") + "\n";
      const auto [found, is_new] = same.emplace(key, out.size());
      if (is_new) out.push_back(std::move(block));
      else out[found->second].steps.push_back(block.steps.front());
    }
    return out;
  }
  // Mishaps of which the same is to be said share a row.
  std::vector<Row> rows(const std::vector<Consequence>& of_step) const {
    std::vector<Row> out;
    for (const auto& one : of_step) {
      const auto& words = asks_people(plan_.at(one.step)) ? mishaps_of_questions : mishaps;
      const std::string mishap(in(words[static_cast<std::size_t>(one.mishap)]));
      Row row{mishap, sentence(one), {effects(one), undos(one)}};
      const auto like = std::find_if(
          out.begin(), out.end(), [&](const Row& r) { return r.text == row.text && r.changed_and_undo == row.changed_and_undo; });
      if (like == out.end()) out.push_back(std::move(row));
      else like->mishaps += ", " + mishap;
    }
    return out;
  }

  std::string sentence(const Consequence& one) const {
    std::vector<std::string> parts;
    const auto part = [&](const Sentence& words, const auto&... arguments) {
      parts.push_back(say(style_.language, words, arguments...));
    };
    const auto& planned = plan_.at(one.step);
    const bool is_unsure = one.aftermath == Aftermath::doubt;
    if (is_unsure) part(nobody_knows);
    if (one.retried && is_unsure) part(repeated);
    else if (one.retried)
      part(again_for, shown(time_words(planned, &ElementTimes::every, planned.retry.every)),
           shown(time_words(planned, &ElementTimes::limit, planned.retry.limit.value_or(planned.timeout))));
    if (!planned.reads && one.aftermath == Aftermath::nothing) part(nothing_lasts);
    if (one.probed) part(probe_looks);
    const bool asks_server = one.mishap == Mishap::machine_dies && one.aftermath == Aftermath::known;
    if (one.mishap == Mishap::machine_dies)
      part(asks_server ? by_the_server : by_next_engine[static_cast<std::size_t>(one.handling)]);
    if (one.rescued && one.rescued == one.step) part(rescue_runs, paths(one.rescue));
    else if (one.rescued) part(rescue_of_runs, plan_.at(*one.rescued).path, paths(one.rescue));
    const bool is_step = planned.role == Role::step;  // checks stand side by side anyway, and change nothing
    if (is_step && !one.beside.empty() && one.mishap != Mishap::machine_dies) part(left_to_end, paths(one.beside));
    parts.push_back(end_of_run(one));
    if (one.mishap != Mishap::machine_dies && one.end != RunStatus::waiting)
      part(by_resume[static_cast<std::size_t>(one.handling)]);
    std::erase(parts, "");
    return joined(parts);
  }
  // What ends with a colon goes on without a break.
  static std::string joined(const std::vector<std::string>& parts) {
    std::string out;
    for (const auto& part : parts) out += (out.empty() ? "" : out.ends_with(':') ? " " : "; ") + part;
    return out;
  }
  std::string end_of_run(const Consequence& one) const {
    const int number = exit_number_(one.end);
    if (one.end == RunStatus::succeeded) return say(style_.language, goes_on, number);
    if (one.end == RunStatus::waiting)
      return one.asked == std::vector{one.step} ? say(style_.language, waits, number)
                                                : say(style_.language, waits_beside, paths(one.asked, one.step), number);
    if (one.is_open) return say(style_.language, stays_open, number);
    return one.cleanup.empty() ? say(style_.language, closes, number)
                               : say(style_.language, closes_with, number, paths(one.cleanup, one.step));
  }
  std::string effects(const Consequence& one) const {
    std::vector<std::string> parts;
    if (!one.changed.empty()) parts.push_back(paths(one.changed, one.step));
    if (!one.possibly.empty()) parts.push_back(say(style_.language, perhaps, paths(one.possibly, one.step)));
    return parts.empty() ? std::string(in(nothing)) : join(parts, "; ");
  }
  std::string undos(const Consequence& one) const {
    std::vector<std::string> parts;
    if (!one.undoable.empty()) parts.push_back(paths(one.undoable, one.step));
    if (!one.not_undoable.empty()) parts.push_back(say(style_.language, undo_not, paths(one.not_undoable, one.step)));
    return join(parts, "; ");
  }

  void lines_of(const Block& block) {
    auto heading = paths(block.steps);
    if (const auto numbers = ranges(block.steps); !numbers.empty() && block.steps.size() <= few_steps)
      heading = numbers + "  " + heading;
    if (block.is_past_return) heading += "  [" + std::string(in(past)) + "]";
    for (const auto& line : labelled("", heading, 2, style_))
      out_.push_back(ink(line, block.is_past_return ? Ink::warn : Ink::strong, style_));
    std::size_t indent = display_width(in(changed));
    for (const auto& row : block.rows) indent = std::max(indent, display_width(row.mishaps));
    indent += block_indent + 2;
    const bool all_alike = std::all_of(block.rows.begin(), block.rows.end(), [&](const Row& row) {
      return row.changed_and_undo == block.rows.front().changed_and_undo;
    });
    const std::string margin(block_indent, ' ');
    const auto effects_of_row = [&](const Row& row) {
      add(margin + std::string(in(changed)), row.changed_and_undo[0], indent);
      if (!row.changed_and_undo[1].empty()) add(margin + std::string(in(undo)), row.changed_and_undo[1], indent);
    };
    for (const auto& row : block.rows) {
      add(margin + row.mishaps, row.text, indent);
      if (!all_alike) effects_of_row(row);
    }
    if (all_alike) effects_of_row(block.rows.front());
  }
  // "1-3,5", by the numbers of the plan; of what stands beside the steps nothing.
  std::string ranges(const std::vector<StepIndex>& steps) const {
    std::vector<std::size_t> sorted;
    for (const auto i : steps)
      if (const auto found = numbers_.find(i); found != numbers_.end()) sorted.push_back(found->second);
    std::sort(sorted.begin(), sorted.end());
    std::string out;
    for (std::size_t at = 0; at < sorted.size();) {
      std::size_t end = at + 1;
      while (end < sorted.size() && sorted[end] == sorted[end - 1] + 1) ++end;
      out += (out.empty() ? "" : ",") + std::to_string(sorted[at]);
      if (end - at > 1) out += "-" + std::to_string(sorted[end - 1]);
      at = end;
    }
    return out;
  }

  const Plan& plan_;
  const WhatIf& found_;
  const ExitNumber exit_number_;
  const Style& style_;
  std::map<StepIndex, std::size_t> numbers_;
  std::vector<std::string> out_;
};

constexpr std::array<std::string_view, 3> mishap_words{"fails", "times_out", "machine_dies"};
constexpr std::array<std::string_view, 5> aftermath_words{"effects", "nothing", "known", "doubt", "goes_on"};
constexpr std::array<std::string_view, 6> handling_words{"none",    "runs_again", "adopted",
                                                         "asks_on", "asks_again", "asks_in_doubt"};

}  // namespace

std::string what_if_screen(const Plan& plan, const WhatIf& what_if, ExitNumber exit_number, const Style& style) {
  return Screen(plan, what_if, exit_number, style).text();
}

Value what_if_value(const Plan& plan, const WhatIf& what_if, ExitNumber exit_number) {
  const auto paths = [&plan](const std::vector<StepIndex>& steps) {
    Value::List out;
    for (const auto i : steps) out.push_back(plan.at(i).path);
    return Value(std::move(out));
  };
  const auto path = [&plan](std::optional<StepIndex> i) { return i ? Value(plan.at(*i).path) : Value(); };
  Value::List consequences;
  for (const auto& one : what_if.consequences)
    consequences.push_back(Value::Map{{"step", plan.at(one.step).path},
                                      {"if", mishap_words[static_cast<std::size_t>(one.mishap)]},
                                      {"leaves", aftermath_words[static_cast<std::size_t>(one.aftermath)]},
                                      {"retried", one.retried},
                                      {"probed", one.probed},
                                      {"rescued", path(one.rescued)},
                                      {"rescue", paths(one.rescue)},
                                      {"beside", paths(one.beside)},
                                      {"begun", paths(one.begun)},
                                      {"not_started", paths(one.not_started)},
                                      {"asked", paths(one.asked)},
                                      {"end", name_of(one.end)},
                                      {"exit", exit_number(one.end)},
                                      {"open", one.is_open},
                                      {"finally", paths(one.cleanup)},
                                      {"resume", handling_words[static_cast<std::size_t>(one.handling)]},
                                      {"changed", paths(one.changed)},
                                      {"possibly_changed", paths(one.possibly)},
                                      {"undo", paths(one.undoable)},
                                      {"no_undo", paths(one.not_undoable)},
                                      {"past_no_return", one.is_past_return}});
  return Value::Map{{"runbook", plan.runbook.id},
                    {"digest", plan.digest},
                    {"point_of_no_return", path(what_if.no_return)},
                    {"when_taken_to_hold", paths(what_if.conditions)},
                    {"one_element_for_all", paths(what_if.one_for_many)},
                    {"not_reached", paths(what_if.unreached)},
                    {"consequences", std::move(consequences)}};
}

}  // namespace runbook
