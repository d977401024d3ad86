#include "view/document.h"

#include <algorithm>

#include "view/action_words.h"
#include "view/elements.h"
#include "view/follow_ups.h"
#include "view/markdown.h"
#include "view/plan_screen.h"
#include "view/sentences.h"
#include "view/step_words.h"
#include "view/verdict.h"

namespace runbook {
namespace {

constexpr Sentence changes{"changes", "변경"}, expect{"succeeds when", "성공 조건"}, when{"only when", "실행 조건"},
    after{"after", "앞 단계"}, limit{"limit", "제한"}, again{"tried every {} for {}", "{} 간격으로 {} 동안 시도"},
    undo{"undo", "되돌리기"}, probe{"probe", "probe"}, asked{"asked first", "먼저 물음"}, typed{"typed first", "먼저 입력"},
    checked{"checked first", "먼저 확인"}, hold{"must stay true for {}", "{} 동안 참이어야 함"},
    not_for{"when it was not true for {}", "{} 동안 참이 아닐 때"}, rerun{"rerun", "다시 실행"}, outputs{"records", "기록"},
    each{"for each of", "요소마다"}, variables{"Variables", "변수"}, procedure{"Procedure", "절차"}, safe{"safe", "안전함"},
    criteria{"Success criteria", "성공 기준"}, preconditions{"Preconditions", "전제 조건"}, baseline{"Baseline", "기준값"},
    watches{"Watched while the steps run", "단계가 도는 동안 지켜볼 것"},
    looks{"looked at every {}; then {}", "{} 간격으로 봄. 맞지 않으면 {}"}, stop{"stop", "멈춤"}, pause{"pause", "일시 중지"},
    finally{"Finally", "마무리"}, follow_up{"Afterwards", "이후 할 일"}, references{"References", "참고 문서"};

struct Fact {
  std::string label, text;
  bool is_code = false;
};

// Everything about a step beside its action, in the order in which a reader asks for it.
std::vector<Fact> facts_of(const Plan& plan, StepIndex i, Language language) {
  const auto& planned = plan.at(i);
  const auto& step = planned.step;
  std::vector<Fact> out;
  const auto add = [&](const Sentence& label, std::string text, bool is_code = false) {
    out.push_back({std::string(label.in(language)), std::move(text), is_code});
  };
  std::vector<std::string> needs;
  for (const auto n : planned.needs) needs.push_back(plan.at(n).step.id);
  const bool is_ordered = planned.role == Role::step || planned.role == Role::cleanup;
  if (!needs.empty() && is_ordered) add(after, join(needs, ", "));
  if (step.when) add(when, shown(step.when->expression.text()), true);
  if (step.optional_question) add(asked, step_text(plan, i, *step.optional_question));
  if (step.confirm) add(typed, step_text(plan, i, *step.confirm), true);
  for (const auto g : planned.guards) add(checked, plan.at(g).step.id + ": " + requirement(plan.at(g)), true);
  if (step.for_each) add(each, elements_words(plan, i, language));
  if (step.is_group) return out;
  if (step.expect) add(expect, shown(step.expect->expression.text()), true);
  if (planned.retries)
    add(limit,
        say(language, again, format_duration(planned.retry.every), format_duration(planned.retry.limit.value_or(Duration{}))));
  if (planned.role == Role::watch)
    add(limit, say(language, looks, format_duration(planned.retry.every), (step.pauses ? pause : stop).in(language)));
  if (step.hold && planned.role == Role::watch) add(limit, say(language, not_for, format_duration(*step.hold)));
  else if (step.hold) add(limit, say(language, hold, format_duration(*step.hold)));
  if (planned.role == Role::step || planned.role == Role::cleanup) {
    if (!asks_people(planned)) add(changes, changes_of(plan, i, language));
    if (!planned.retries) add(limit, limit_of(planned));
    if (const auto text = expected_of(planned); !text.empty()) add(words::expected, text);
  }
  if (step.rerun_safe) add(rerun, std::string(safe.in(language)));
  for (const auto& [name, output] : step.outputs) add(outputs, name + " = " + shown(output.expression.text()), true);
  if (planned.probe) add(probe, shown(plan.at(*planned.probe).description) + " | " + requirement(plan.at(*planned.probe)), true);
  if (step.undo)
    for (const auto& text : action_texts(plan, step.unit, step.undo->action))
      if (!text.lines.empty()) add(undo, join(text.lines, "; "), true);
  return out;
}

void append(std::vector<std::string>& to, std::vector<std::string> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

class TextDocument {
 public:
  TextDocument(const Plan& plan, const Style& style) : plan_(plan), style_(style) {}

  std::string text() {
    const auto& book = plan_.runbook;
    out_.push_back(ink(book.id, Ink::strong, style_) + "  " + plan_text(plan_, 0, book.title));
    field(words::description, plan_text(plan_, 0, book.description));
    field(words::use_when, plan_text(plan_, 0, book.use_when));
    field(words::impact, plan_text(plan_, 0, book.impact));
    if (book.expected) field(words::expected, format_duration(book.expected->low) + ".." + format_duration(book.expected->high));
    field(words::owner, plan_text(plan_, 0, book.owner));
    field(words::approver, plan_text(plan_, 0, book.approver));
    field(words::contact, plan_text(plan_, 0, book.contact));
    field(words::risk, book.risk);
    field(words::source, book.source_document + (book.source_section.empty() ? "" : ", " + book.source_section));
    field(words::references, join(book.references, ", "));
    field(words::locks, join(plan_.locks, ", "));
    if (auto lines = variable_lines(plan_, style_); !lines.empty()) {
      heading(words::variables);
      append(out_, std::move(lines));
    }
    section(words::preconditions, Role::precondition);
    section(words::baseline, Role::baseline);
    section(words::watches, Role::watch);
    section(words::steps, Role::step);
    section(words::criteria, Role::criterion);
    section(words::finally, Role::cleanup);
    const auto items = follow_ups(plan_);
    if (!items.empty()) heading(words::after);
    std::string group;
    for (const auto& item : items) {
      if (item.title != group) out_.push_back("  " + item.title);
      group = item.title;
      append(out_, labelled(fmt::format("    {}.", item.number), item.text, 8, style_));
    }
    return join_lines(out_);
  }

 private:
  void heading(const Sentence& words) {
    out_.emplace_back();
    out_.push_back(ink(words.in(style_.language), Ink::strong, style_));
  }
  void field(const Sentence& label, const std::string& text) {
    if (!text.empty()) append(out_, labelled("  " + std::string(label.in(style_.language)), text, 18, style_));
  }
  void section(const Sentence& words, Role role) {
    const auto steps = steps_of(plan_, role);
    if (steps.empty()) return;
    heading(words);
    std::vector<std::size_t> numbers;
    for (const auto i : steps) {
      // "7.2." is the second step of the seventh.
      numbers.resize(static_cast<std::size_t>(depth_of(plan_, i)) + 1);
      ++numbers.back();
      std::string number;
      for (const auto n : numbers) number += std::to_string(n) + ".";
      const std::string pad(2 + 3 * static_cast<std::size_t>(depth_of(plan_, i)), ' ');
      const auto title = title_of(plan_, i);
      out_.push_back(pad + number + " " + ink(plan_.at(i).step.id, Ink::strong, style_) + (title.empty() ? "" : "  " + title));
      for (const auto& action : action_texts(plan_, i)) {
        if (action.is_code)
          for (const auto& code : action.lines) out_.push_back(pad + "     $ " + code);
        else append(out_, labelled(pad + "     " + action.label, join(action.lines, "; "), pad.size() + 22, style_));
      }
      for (const auto& fact : facts_of(plan_, i, style_.language))
        append(out_, labelled(pad + "     " + fact.label, fact.text, pad.size() + 22, style_));
    }
  }

  const Plan& plan_;
  const Style& style_;
  std::vector<std::string> out_;
};

class MarkdownDocument {
 public:
  MarkdownDocument(const Plan& plan, Language language) : plan_(plan), language_(language) {}

  std::string text() {
    const auto& book = plan_.runbook;
    const auto title = plan_text(plan_, 0, book.title);
    line("# " + markdown_text(title.empty() ? book.id : title));
    line("");
    if (const auto words = plan_text(plan_, 0, book.description); !words.empty()) {
      line(markdown_text(words));
      line("");
    }
    field(words::use_when, plan_text(plan_, 0, book.use_when));
    field(words::impact, plan_text(plan_, 0, book.impact));
    if (book.expected) field(words::expected, format_duration(book.expected->low) + ".." + format_duration(book.expected->high));
    field(words::risk, book.risk);
    field(words::owner, plan_text(plan_, 0, book.owner));
    field(words::approver, plan_text(plan_, 0, book.approver));
    field(words::contact, plan_text(plan_, 0, book.contact));
    variables_table();
    section(preconditions, Role::precondition);
    section(baseline, Role::baseline);
    section(watches, Role::watch);
    section(procedure, Role::step);
    section(criteria, Role::criterion);
    section(finally, Role::cleanup);
    after_list();
    if (!book.references.empty()) heading(references);
    for (const auto& reference : book.references) line("- `" + reference + "`");
    return std::move(out_);
  }

 private:
  void line(std::string_view text) {
    out_ += text;
    out_ += '\n';
  }
  void heading(const Sentence& words) {
    line("");
    line("## " + std::string(words.in(language_)));
    line("");
  }
  void field(const Sentence& label, const std::string& text) {
    if (!text.empty()) line(fmt::format("**{}**: {}  ", label.in(language_), markdown_text(text)));
  }
  void variables_table() {
    const auto& all = plan_.runbook.units[0].variables;
    if (all.empty()) return;
    heading(variables);
    line("| | | |");
    line("|---|---|---|");
    for (const auto& [name, v] : all) {
      const auto words = v.help.text.text().empty() ? v.ask : v.help;
      line(fmt::format("| `{}` | {} | {} |", name, v.value ? markdown_cell(markdown_code(shown(to_text(*v.value)))) : "",
                       markdown_cell(markdown_text(plan_text(plan_, 0, words)))));
    }
  }
  void section(const Sentence& words, Role role) {
    const auto steps = steps_of(plan_, role);
    if (steps.empty()) return;
    heading(words);
    std::vector<std::size_t> numbers(1);
    for (const auto i : steps) {
      const auto depth = static_cast<std::size_t>(depth_of(plan_, i));
      numbers.resize(depth + 1);
      const std::string pad(3 * depth, ' ');
      const auto title = title_of(plan_, i);
      line(fmt::format("{}{}. **{}**{}", pad, ++numbers[depth], markdown_text(title.empty() ? plan_.at(i).step.id : title),
                       title.empty() ? "" : " (`" + plan_.at(i).step.id + "`)"));
      for (const auto& action : action_texts(plan_, i)) {
        if (action.is_code) {
          line(pad + "   ```" + (plan_.at(i).kind == "sql" ? "sql" : "bash"));
          for (const auto& code : action.lines) line(pad + "   " + code);
          line(pad + "   ```");
        } else if (action.lines.size() == 1) {
          line(pad + "   - " + action.label + ": " +
               (asks_people(plan_.at(i)) ? markdown_text(action.lines[0]) : markdown_code(action.lines[0])));
        } else {
          for (const auto& item : action.lines) line(pad + "   - [ ] " + markdown_text(item));
        }
      }
      for (const auto& fact : facts_of(plan_, i, language_))
        line(fmt::format("{}   - {}: {}", pad, fact.label, fact.is_code ? markdown_code(fact.text) : markdown_text(fact.text)));
    }
  }
  void after_list() {
    const auto items = follow_ups(plan_);
    if (!items.empty()) heading(follow_up);
    std::string group;
    for (const auto& item : items) {
      if (item.title != group && !item.title.empty()) {
        line("");
        line("**" + markdown_text(item.title) + "**");
        line("");
      }
      group = item.title;
      line("- [ ] " + markdown_text(item.text));
    }
  }

  const Plan& plan_;
  Language language_;
  std::string out_;
};

}  // namespace

std::string explain_text(const Plan& plan, const Style& style) { return TextDocument(plan, style).text(); }
std::string explain_markdown(const Plan& plan, Language language) { return MarkdownDocument(plan, language).text(); }

}  // namespace runbook
