#include "view/report.h"

#include <algorithm>
#include <array>

#include "plan/critical_path.h"
#include "view/effects.h"
#include "view/elements.h"
#include "view/failure.h"
#include "view/follow_ups.h"
#include "view/markdown.h"
#include "view/sentences.h"
#include "view/step_words.h"
#include "view/timeline.h"
#include "view/verdict.h"

namespace runbook {
namespace {

constexpr Sentence title{"Post-mortem: {}", "사후 분석: {}"}, run{"Run", "실행"}, status{"Result", "결과"},
    by{"Run by", "실행한 사람"}, began{"Began", "시작"}, ended{"Ended", "종료"}, took{"Took", "소요 시간"},
    expected{"Expected", "예상 소요 시간"}, reason{"Reason", "이유"}, ticket{"Ticket", "티켓"},
    digest{"Plan digest", "계획 다이제스트"}, use_when{"Condition", "조건"}, still_open{"still open", "아직 열려 있음"},
    criteria{"Success criteria", "롤백 성공 기준"}, criterion{"Criterion", "기준"}, verdict{"Verdict", "판정"},
    wanted{"Expected", "기대"}, actual{"Actual", "실제"}, timeline_heading{"Timeline", "타임라인"}, time{"Time", "시각"},
    step{"Step", "단계"}, what{"What happened", "내용"}, people{"Decisions and answers", "결정과 답"},
    nobody{"Nobody was asked anything.", "사람에게 물은 것이 없습니다."}, what_changed{"What changed", "변경 내용"},
    changed{"Changed", "바뀐 것"}, possibly{"Possibly changed", "바뀌었을 수 있는 것"},
    not_changed{"Not changed", "바뀌지 않은 것"}, none{"nothing", "없음"}, durations{"Durations", "소요 시간"},
    state_word{"State", "상태"}, was_handled{"{} (handled by its rescue)", "{} (복구 단계로 처리됨)"}, tries{"Attempts", "시도"},
    failures{"What failed", "실패한 것"}, analysis{"Post-mortem", "사후 분석"}, to_settle{"To be filled in:", "작성할 내용:"},
    follow_up{"Follow-ups", "이후 할 일"}, settled{"settled: {}", "완료: {}"}, references{"References", "참고 문서"},
    owner{"Owner", "롤백 담당자"}, approver{"Approver", "승인자"}, contact{"Contact", "긴급 연락처"},
    slowest{"The longest step was `{}`: {}{}.", "가장 오래 걸린 단계는 `{}` 입니다: {}{}."},
    it_was_expected{" (expected {})", " (예상 {})"}, waited{"People were waited for: {}.", "사람을 기다린 시간: {}."},
    first_failure{"The first failure: `{}`: {}", "첫 실패: `{}`: {}"},
    engine_note{"Filled in by the tool; what a person must judge is left open.",
                "도구가 채운 내용입니다. 사람이 판단할 부분은 비워 두었습니다."},
    preconditions{"Preconditions", "전제 조건"}, baseline{"Baseline", "기준값"}, before{"Before", "이전"},
    at_the_end{"At the end", "끝난 뒤"}, watches{"Watched while the steps ran", "단계가 도는 동안 지켜본 것"};

// The users' document, its last section but one: what has to be analysed after every rollback.
struct Topic {
  Sentence heading;
  std::array<Sentence, 3> items;
};
constexpr std::array<Topic, 3> topics{{
    {{"Root cause", "문제 원인 분석"},
     {{{"Was a check before the deployment left out?", "배포 전 검증 누락 여부"},
       {"Was it a bug in the code?", "코드 버그 여부"},
       {"Was it the infrastructure?", "인프라 문제 여부"}}}},
    {{"Improving the rollback", "롤백 프로세스 개선"},
     {{{"How could it be shorter?", "롤백 시간 단축 방안"},
       {"What can be automated?", "자동화 가능 여부"},
       {"What must be documented better?", "문서화 개선"}}}},
    {{"Deploying again", "재배포 계획"},
     {{{"How is the problem solved?", "문제 해결 방안"},
       {"When?", "재배포 일정"},
       {"What must be verified in addition?", "추가 검증 항목"}}}},
}};

class Report {
 public:
  Report(const Plan& plan, const State& state, const std::vector<Event>& events, const ReportFacts& facts, Language language)
      : plan_(plan),
        state_(state),
        facts_(facts),
        language_(language),
        lines_(timeline(state.written(), events, facts.run, language)) {}

  std::string text() {
    const auto name = plan_text(plan_, 0, plan_.runbook.title);
    page_.line("# " + say(language_, title, markdown_text(name.empty() ? plan_.runbook.id : name)));
    header();
    checks(criteria, Role::criterion);
    baseline_values();
    failed();
    changes();
    moments(timeline_heading, lines_);
    human();
    checks(preconditions, Role::precondition);
    checks(watches, Role::watch);
    times();
    post_mortem();
    closing();
    return std::move(page_).text();
  }

 private:
  void heading(const Sentence& words) { page_.heading(words.in(language_)); }
  void columns(const std::vector<Sentence>& names) {
    std::vector<std::string> cells;
    for (const auto& name : names) cells.emplace_back(name.in(language_));
    page_.row(cells);
    std::string rule = "|";
    for (std::size_t i = 0; i < names.size(); ++i) rule += "---|";
    page_.line(rule);
  }

  void header() {
    page_.line("");
    page_.line("| | |");
    page_.line("|---|---|");
    const auto add = [&](const Sentence& label, const std::string& text) {
      if (!text.empty()) page_.row({std::string(label.in(language_)), markdown_text(text)});
    };
    add(run, facts_.run + (facts_.file.empty() ? "" : "  (" + facts_.file + ")"));
    add(status, std::string(word_of(status_of(plan_, state_), language_)));
    add(use_when, plan_text(plan_, 0, plan_.runbook.use_when));
    add(by, person_words(state_.created.by, language_) + (state_.created.host.empty() ? "" : "@" + state_.created.host));
    add(reason, state_.created.reason);
    add(ticket, state_.created.ticket);
    add(began, format_local(state_.created_at));
    add(ended, state_.finished ? format_local(state_.last_at) : std::string(still_open.in(language_)));
    add(took, brief_duration(state_.last_at - state_.created_at));
    if (const auto& range = plan_.runbook.expected)
      add(expected, format_duration(range->low) + (range->low == range->high ? "" : ".." + format_duration(range->high)));
    add(digest, plan_.digest);
    if (state_.amendments > 0) add(words::digest_before, state_.written().digest);
    for (const auto& [name, variable] : plan_.runbook.units[0].variables)
      if (variable.value && variable.source == Variable::Source::given)
        page_.row({"`" + name + "`", markdown_code(to_text(*variable.value))});
  }
  void checks(const Sentence& title_words, Role role) {
    const auto all = steps_of(plan_, role);
    if (all.empty()) return;
    heading(title_words);
    columns({criterion, verdict, wanted, actual});
    for (const auto i : all) {
      if (plan_.at(i).step.is_group) continue;
      const auto standing = standing_of(plan_, state_, i, language_);
      const auto name = title_of(plan_, i);
      page_.row({markdown_text(name.empty() ? short_path(plan_.at(i)) : name), mark(standing.mark, {}) + " " + standing.word,
                 markdown_code(standing.expected),
                 standing.actual.empty() ? markdown_text(standing.why) : markdown_code(standing.actual)});
    }
  }
  // Beside each value from before step 1 what the criteria have found that name it, or are called like it.
  void baseline_values() {
    const auto all = steps_of(plan_, Role::baseline);
    if (all.empty()) return;
    heading(baseline);
    columns({baseline, before, at_the_end});
    for (const auto i : all) {
      std::vector<std::string> ends;
      for (const auto c : steps_of(plan_, Role::criterion)) {
        const auto& expect = plan_.at(c).step.expect;
        const auto names_it = [&](const cel::Reference& r) {
          return r.path.size() > 1 && r.path[0] == "was" && r.path[1] == plan_.at(i).step.id;
        };
        const bool is_same_value = plan_.at(c).step.id == plan_.at(i).step.id;
        const bool compares =
            expect && std::any_of(expect->expression.references().begin(), expect->expression.references().end(), names_it);
        if (!is_same_value && !compares) continue;
        const auto standing = standing_of(plan_, state_, c, language_);
        ends.push_back(mark(standing.mark, {}) + " " + markdown_code(standing.actual.empty() ? standing.why : standing.actual));
      }
      const auto name = title_of(plan_, i);
      const auto values = outputs_of(state_.steps[i]);
      page_.row({markdown_text(name.empty() ? plan_.at(i).step.id : name),
                 values.empty() ? std::string(word_of(state_.steps[i].status, language_)) : markdown_code(values),
                 join(ends, "; ")});
    }
  }
  std::optional<StepIndex> first_failed() const {
    std::optional<StepIndex> first;
    for (const auto i : failed_steps(plan_, state_))
      if (!first || state_.steps[i].ended < state_.steps[*first].ended) first = i;
    return first;
  }
  void failed() {
    const auto all = told(plan_, failed_steps(plan_, state_));
    if (!all.steps.empty()) heading(failures);
    for (const auto i : all.steps) {
      page_.line("- `" + plan_.at(i).path + "` " + markdown_text(title_of(plan_, i)) + ": " +
                 markdown_text(why_words(state_.steps[i].why, language_)));
      auto tree = explanation_lines(plan_, state_, i, 2, Style{language_, false, false, 100});
      if (const auto& s = state_.steps[i]; s.tries > 1)
        tree.insert(tree.begin(), "  " + attempts_words(plan_, state_, i, language_));
      if (tree.empty()) continue;
      page_.line("  ```text");
      for (const auto& t : tree) page_.line(t);
      page_.line("  ```");
    }
    for (const auto& more : all.left_out_lines(plan_, language_)) page_.line("- " + markdown_text(more));
    const auto handled = told(plan_, rescued_steps(plan_, state_));
    if (all.steps.empty() && !handled.steps.empty()) heading(failures);
    for (const auto i : handled.steps)
      page_.line("- `" + plan_.at(i).path + "` " + markdown_text(title_of(plan_, i)) + ": " +
                 markdown_text(say(language_, was_handled, why_words(state_.steps[i].why, language_))));
  }
  void changes() {
    heading(what_changed);
    const auto effects = effects_of(plan_, state_);
    const auto list = [&](const Sentence& label, const std::vector<StepIndex>& steps) {
      page_.line(fmt::format("- **{}**{}", label.in(language_), steps.empty() ? ": " + std::string(none.in(language_)) : ""));
      const auto some = told(plan_, steps);
      for (const auto i : some.steps)
        page_.line("  - `" + plan_.at(i).path + "`: " + markdown_text(changes_of(plan_, i, language_)));
      for (const auto& more : some.left_out_lines(plan_, language_)) page_.line("  - " + markdown_text(more));
    };
    list(changed, effects.changed);
    list(possibly, effects.possibly);
    list(not_changed, effects.not_changed);
  }
  void moments(const Sentence& title_words, const std::vector<EventLine>& all) {
    heading(title_words);
    columns({time, step, what});
    for (const auto& moment : all)
      page_.row({format_local_clock(moment.at), moment.path.empty() ? "" : "`" + moment.path + "`",
                 (moment.mark == Mark::busy ? "" : mark(moment.mark, {}) + " ") + markdown_text(moment.text)});
  }
  void human() {
    const auto all = decisions(lines_);
    if (!all.empty()) return moments(people, all);
    heading(people);
    page_.line(nobody.in(language_));
  }
  void times() {
    heading(durations);
    columns({step, state_word, tries, took, expected});
    for (const auto i : told_steps(plan_, state_, Role::step)) {
      const auto& s = state_.steps[i];
      const auto counts = tally(plan_, state_, i, language_);
      page_.row({"`" + plan_.at(i).path + "` " + markdown_text(title_of(plan_, i)),
                 std::string(word_of(s.status, language_)) + (counts.empty() ? "" : ": " + counts),
                 s.attempts > 0 ? std::to_string(s.attempts) : "", time_of(s) ? brief_duration(*time_of(s)) : "",
                 expected_of(plan_.at(i))});
    }
  }
  // What the tool can contribute to a topic; the judgement stays with people.
  std::vector<std::string> hints(const Topic& topic) const {
    std::vector<std::string> out;
    if (&topic == &topics[0])
      if (const auto i = first_failed())
        out.push_back(
            say(language_, first_failure, plan_.at(*i).path, markdown_text(why_words(state_.steps[*i].why, language_))));
    if (&topic != &topics[1]) return out;
    std::optional<StepIndex> longest;
    Duration most{}, people_time{};
    for (const auto i : steps_of(plan_, Role::step)) {
      const auto& s = state_.steps[i];
      if (plan_.at(i).step.is_group || !time_of(s)) continue;
      const Duration own = *time_of(s);
      if (asks_people(plan_.at(i))) people_time += own;
      else if (own > most) {
        most = own;
        longest = i;
      }
    }
    if (longest) {
      const auto by_author = expected_of(plan_.at(*longest));
      out.push_back(say(language_, slowest, plan_.at(*longest).path, brief_duration(most),
                        by_author.empty() ? "" : say(language_, it_was_expected, by_author)));
    }
    if (people_time > Duration{}) out.push_back(say(language_, waited, brief_duration(people_time)));
    return out;
  }
  void post_mortem() {
    const auto items = follow_ups(plan_, state_);
    const auto is_topic = [&](const std::string& name) {
      return std::any_of(topics.begin(), topics.end(),
                         [&](const Topic& t) { return t.heading.ko == name || t.heading.en == name; });
    };
    const auto box = [&](const FollowUpItem& item) {
      const auto found = state_.follow_ups.find(static_cast<std::int64_t>(item.number));
      const bool is_settled = found != state_.follow_ups.end();
      std::string who = is_settled ? person_words(found->second.by, language_) : "";
      if (is_settled && !found->second.reason.empty()) who += ", " + found->second.reason;
      page_.line(fmt::format("- [{}] {}{}", is_settled && found->second.done ? "x" : " ", markdown_text(item.text),
                             !is_settled ? fmt::format(" `after/{}`", item.number) : " (" + say(language_, settled, who) + ")"));
    };
    heading(analysis);
    page_.line(engine_note.in(language_));
    std::size_t number = 0;
    for (const auto& topic : topics) {
      page_.line("");
      page_.line(fmt::format("### {}. {}", ++number, topic.heading.in(language_)));
      page_.line("");
      for (const auto& hint : hints(topic)) page_.line("> " + hint + "  ");
      if (!hints(topic).empty()) page_.line("");
      bool own = false;  // the runbook's own list under this heading replaces the document's
      for (const auto& item : items)
        if (item.title == topic.heading.ko || item.title == topic.heading.en) {
          box(item);
          own = true;
        }
      if (!own)
        for (const auto& text : topic.items) page_.line("- [ ] " + std::string(text.in(language_)));
    }
    bool any = false;
    std::string group;
    for (const auto& item : items) {
      if (is_topic(item.title)) continue;
      if (!std::exchange(any, true)) heading(follow_up);
      if (item.title != group && !item.title.empty()) {
        if (!group.empty()) page_.line("");
        page_.line("**" + markdown_text(item.title) + "**");
        page_.line("");
      }
      group = item.title;
      box(item);
    }
  }
  void closing() {
    const auto& book = plan_.runbook;
    if (!book.references.empty() || !book.source_document.empty()) {
      heading(references);
      if (!book.source_document.empty()) page_.line("- `" + book.source_document + "` " + markdown_text(book.source_section));
      for (const auto& reference : book.references) page_.line("- `" + reference + "`");
    }
    page_.line("");
    page_.line("---");
    page_.line("");
    const auto person = [&](const Sentence& label, const Text& text) {
      if (const auto name = plan_text(plan_, 0, text); !name.empty())
        page_.line(fmt::format("**{}**: {}  ", label.in(language_), markdown_text(name)));
    };
    person(owner, book.owner);
    person(approver, book.approver);
    person(contact, book.contact);
  }

  const Plan& plan_;
  const State& state_;
  const ReportFacts& facts_;
  Language language_;
  std::vector<EventLine> lines_;
  MarkdownPage page_;
};

}  // namespace

std::string report_markdown(const Plan& plan, const State& state, const std::vector<Event>& events, const ReportFacts& facts,
                            Language language) {
  return Report(plan, state, events, facts, language).text();
}

}  // namespace runbook
