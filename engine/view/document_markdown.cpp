// The document as Markdown: what a team keeps in its wiki.
#include "view/document.h"
#include "view/follow_ups.h"
#include "view/markdown.h"
#include "view/needed_facts.h"
#include "view/step_facts.h"
#include "view/step_words.h"

namespace runbook {
namespace {

using namespace document_words;

class MarkdownDocument {
 public:
  MarkdownDocument(const Plan& plan, Language language) : plan_(plan), language_(language) {}

  std::string text() {
    const auto& book = plan_.runbook;
    const auto title = plan_text(plan_, 0, book.title);
    page_.line("# " + markdown_text(title.empty() ? book.id : title));
    page_.line("");
    if (const auto words = plan_text(plan_, 0, book.description); !words.empty()) {
      page_.line(markdown_text(words));
      page_.line("");
    }
    for (const auto& fact : head_facts(plan_, language_))
      page_.line(fmt::format("**{}**: {}  ", fact.label, markdown_text(fact.text)));
    variables_table();
    if (const auto facts = needed_facts(plan_, language_); !facts.empty()) {
      heading(needed);
      for (const auto& fact : facts) fact_line("", fact);
    }
    section(preconditions, Role::precondition);
    section(baseline, Role::baseline);
    section(watches, Role::watch);
    section(procedure, Role::step);
    section(criteria, Role::criterion);
    section(finally, Role::cleanup);
    after_list();
    if (!book.references.empty()) heading(references);
    for (const auto& reference : book.references) page_.line("- `" + reference + "`");
    return std::move(page_).text();
  }

 private:
  void heading(const Sentence& words) { page_.heading(words.in(language_)); }
  void variables_table() {
    const auto& all = plan_.runbook.units[0].variables;
    if (all.empty()) return;
    heading(variables);
    page_.line("| | | |");
    page_.line("|---|---|---|");
    for (const auto& [name, v] : all) {
      const auto words = v.help.text.text().empty() ? v.ask : v.help;
      page_.line(fmt::format("| `{}` | {} | {} |", name, v.value ? markdown_cell(markdown_code(shown(to_text(*v.value)))) : "",
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
      page_.line(fmt::format("{}{}. **{}**{}", pad, ++numbers[depth], markdown_text(title.empty() ? plan_.at(i).step.id : title),
                             title.empty() ? "" : " (`" + plan_.at(i).step.id + "`)"));
      for (const auto& action : action_texts(plan_, i)) {
        if (action.is_code) {
          page_.code(pad + "   ", plan_.at(i).kind == "sql" ? "sql" : "bash", action.lines);
        } else if (asks_people(plan_.at(i)) && (action.lines.size() == 1 || action.label != "items")) {
          page_.line(pad + "   - " + markdown_text(question_words(action, language_)));
        } else if (action.lines.size() == 1) {
          page_.line(pad + "   - " + action.label + ": " + markdown_code(action.lines[0]));
        } else {
          for (const auto& item : action.lines) page_.line(pad + "   - [ ] " + markdown_text(item));
        }
      }
      for (const auto& fact : facts_of(plan_, i, language_)) fact_line(pad + "   ", fact);
    }
  }
  void fact_line(const std::string& pad, const Fact& fact) {
    page_.line(fmt::format("{}- {}: {}", pad, fact.label, fact.is_code ? markdown_code(fact.text) : markdown_text(fact.text)));
  }
  void after_list() {
    const auto items = follow_ups(plan_);
    if (!items.empty()) heading(follow_up);
    std::string group;
    for (const auto& item : items) {
      if (item.title != group && !item.title.empty()) {
        page_.line("");
        page_.line("**" + markdown_text(item.title) + "**");
        page_.line("");
      }
      group = item.title;
      page_.line("- [ ] " + markdown_text(item.text));
    }
  }

  const Plan& plan_;
  Language language_;
  MarkdownPage page_;
};

}  // namespace

std::string explain_markdown(const Plan& plan, Language language) { return MarkdownDocument(plan, language).text(); }

}  // namespace runbook
