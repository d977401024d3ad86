// The document as one HTML file: no script, nothing loaded from elsewhere. The order of the steps is a drawing in it (SVG).
#include <algorithm>
#include <map>

#include "base/text_width.h"
#include "view/document.h"
#include "view/follow_ups.h"
#include "view/html.h"
#include "view/needed_facts.h"
#include "view/step_facts.h"
#include "view/step_words.h"

namespace runbook {
namespace {

using namespace document_words;

constexpr std::string_view style = R"(body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
h2{border-bottom:1px solid #ccc;margin-top:2rem}pre{background:#f5f5f5;padding:.5rem;overflow-x:auto}
code{background:#f5f5f5}dt{font-weight:bold}dd{margin:0 0 .3rem 1rem}td{padding:.2rem .8rem .2rem 0;vertical-align:top}
li{margin:.5rem 0}.id{color:#666}svg{max-width:100%;height:auto}svg text{font:14px sans-serif}
svg rect{fill:#f5f5f5;stroke:#888}svg .critical{stroke:#222;stroke-width:2}svg line{stroke:#888})";

bool is_critical(const Plan& plan, StepIndex i) {
  return std::find(plan.critical_path.begin(), plan.critical_path.end(), i) != plan.critical_path.end();
}

// A box for every step that holds no others, in columns by how many steps must have ended before it; lines are needs.
class Drawing {
 public:
  explicit Drawing(const Plan& plan) : plan_(plan) {
    for (const auto i : steps_of(plan, Role::step))
      if (plan.at(i).children.empty()) place(i);
  }

  std::string svg() const {
    std::string boxes, lines;
    int width = 0, height = 0;
    for (const auto& [i, box] : boxes_) {
      width = std::max(width, box.x + box.width + gap);
      height = std::max(height, box.y + row_height);
      boxes += fmt::format(
          "<a href=\"#s{}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\"{}/><text x=\"{}\" y=\"{}\">{}</text></a>\n",
          i, box.x, box.y, box.width, box_height, is_critical(plan_, i) ? " class=\"critical\"" : "", box.x + 8, box.y + 18,
          html_text(plan_.at(i).path));
      for (const auto need : waits_for(i)) {
        const auto from = boxes_.find(need);
        if (from == boxes_.end()) continue;
        lines += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n", from->second.x + from->second.width,
                             from->second.y + box_height / 2, box.x, box.y + box_height / 2);
      }
    }
    return fmt::format("<svg viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\">\n{2}{3}</svg>\n", width, height,
                       lines, boxes);
  }

 private:
  static constexpr int row_height = 38, box_height = 26, gap = 24, letter = 9;
  struct Box {
    int column = 0, x = 0, y = 0, width = 0;
  };

  void leaves(StepIndex i, std::vector<StepIndex>& out) const {
    if (plan_.at(i).children.empty()) out.push_back(i);
    for (const auto child : plan_.at(i).children) leaves(child, out);
  }
  // The needs of a group are those of what it holds.
  std::vector<StepIndex> waits_for(StepIndex i) const {
    std::vector<StepIndex> out;
    for (std::optional<StepIndex> at = i; at; at = plan_.at(*at).parent)
      for (const auto need : plan_.at(*at).needs) leaves(need, out);
    return out;
  }
  void place(StepIndex i) {
    Box box;
    for (const auto need : waits_for(i))
      if (const auto before = boxes_.find(need); before != boxes_.end())
        box.column = std::max(box.column, before->second.column + 1);
    // One below the other: a plan is long, and a page is not wide.
    box.y = static_cast<int>(boxes_.size()) * row_height + 4;
    box.x = 4 + gap * box.column;
    box.width = 16 + letter * static_cast<int>(display_width(plan_.at(i).path));
    boxes_.emplace(i, box);
  }

  const Plan& plan_;
  std::map<StepIndex, Box> boxes_;
};

class HtmlDocument {
 public:
  HtmlDocument(const Plan& plan, Language language) : plan_(plan), language_(language) {}

  std::string text() {
    const auto& book = plan_.runbook;
    const auto given = plan_text(plan_, 0, book.title);
    const auto title = html_text(given.empty() ? book.id : given);
    out_ = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<title>{}</title>\n<style>\n{}\n</style>\n</head>\n<body>\n<h1>{}</h1>\n",
        language_ == Language::korean ? "ko" : "en", title, style, title);
    if (const auto words = plan_text(plan_, 0, book.description); !words.empty()) line("<p>" + html_text(words) + "</p>");
    facts(head_facts(plan_, language_));
    variables_table();
    if (const auto all = needed_facts(plan_, language_); !all.empty()) {
      heading(needed);
      facts(all);
    }
    section(preconditions, Role::precondition);
    section(baseline, Role::baseline);
    section(watches, Role::watch);
    section(procedure, Role::step);
    if (!steps_of(plan_, Role::step).empty()) {
      heading(order);
      out_ += Drawing(plan_).svg();
    }
    section(criteria, Role::criterion);
    section(finally, Role::cleanup);
    after_list();
    if (!book.references.empty()) {
      heading(references);
      line("<ul>");
      for (const auto& reference : book.references) line("<li><code>" + html_text(reference) + "</code></li>");
      line("</ul>");
    }
    return std::move(out_) + "</body>\n</html>\n";
  }

 private:
  void line(std::string_view text) {
    out_ += text;
    out_ += '\n';
  }
  void heading(const Sentence& words) { line("<h2>" + html_text(words.in(language_)) + "</h2>"); }
  void facts(const std::vector<Fact>& all) {
    if (all.empty()) return;
    line("<dl>");
    for (const auto& fact : all) {
      const auto text = html_text(fact.text);
      line(fmt::format("<dt>{}</dt><dd>{}</dd>", html_text(fact.label), fact.is_code ? "<code>" + text + "</code>" : text));
    }
    line("</dl>");
  }
  void variables_table() {
    const auto& all = plan_.runbook.units[0].variables;
    if (all.empty()) return;
    heading(variables);
    line("<table>");
    for (const auto& [name, v] : all) {
      const auto words = v.help.text.text().empty() ? v.ask : v.help;
      line(fmt::format("<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>", html_text(name),
                       v.value ? html_text(shown(to_text(*v.value))) : "", html_text(plan_text(plan_, 0, words))));
    }
    line("</table>");
  }

  void section(const Sentence& words, Role role) {
    const auto steps = steps_of(plan_, role);
    if (steps.empty()) return;
    heading(words);
    int open = -1;  // how deep the lists are that are open
    for (const auto i : steps) {
      const int depth = depth_of(plan_, i);
      for (; open > depth; --open) line("</li></ol>");
      if (open == depth) line("</li>");
      for (; open < depth; ++open) line("<ol>");
      step(i);
    }
    for (; open >= 0; --open) line("</li></ol>");
  }
  void step(StepIndex i) {
    const auto title = title_of(plan_, i);
    const auto& id = plan_.at(i).step.id;
    line(fmt::format("<li id=\"s{}\"><b>{}</b>{}", i, html_text(title.empty() ? id : title),
                     title.empty() ? "" : " <code class=\"id\">" + html_text(id) + "</code>"));
    for (const auto& action : action_texts(plan_, i)) {
      if (action.is_code) line("<pre>" + html_text(join(action.lines, "\n")) + "</pre>");
      else if (asks_people(plan_.at(i)) && (action.lines.size() == 1 || action.label != "items"))
        line("<div>" + html_text(question_words(action, language_)) + "</div>");
      else if (action.lines.size() == 1)
        line("<div>" + html_text(action.label) + ": <code>" + html_text(action.lines[0]) + "</code></div>");
      else
        for (const auto& item : action.lines) box(item);
    }
    facts(facts_of(plan_, i, language_));
  }
  void box(const std::string& text) { line("<div><input type=\"checkbox\"> " + html_text(text) + "</div>"); }

  void after_list() {
    const auto items = follow_ups(plan_);
    if (!items.empty()) heading(follow_up);
    std::string group;
    for (const auto& item : items) {
      if (item.title != group && !item.title.empty()) line("<h3>" + html_text(item.title) + "</h3>");
      group = item.title;
      box(item.text);
    }
  }

  const Plan& plan_;
  Language language_;
  std::string out_;
};

}  // namespace

std::string explain_html(const Plan& plan, Language language) { return HtmlDocument(plan, language).text(); }

}  // namespace runbook
