#include "view/document.h"

#include "view/action_words.h"
#include "view/follow_ups.h"
#include "view/needed_facts.h"
#include "view/plan_screen.h"
#include "view/step_facts.h"
#include "view/step_words.h"

namespace runbook {
namespace {

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
    if (const auto facts = needed_facts(plan_, style_.language); !facts.empty()) {
      heading(words::needed);
      for (const auto& fact : facts) append(out_, labelled("  " + fact.label, fact.text, 24, style_));
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

}  // namespace

std::string explain_text(const Plan& plan, const Style& style) { return TextDocument(plan, style).text(); }

}  // namespace runbook
