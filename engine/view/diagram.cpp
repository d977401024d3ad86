// The graph of the steps for Mermaid and Graphviz: boxes by number, so that no id can break the syntax.
#include <algorithm>

#include "view/document.h"
#include "view/step_words.h"

namespace runbook {
namespace {

std::string label_of(const Plan& plan, StepIndex i) {
  const auto title = title_of(plan, i);
  return title.empty() ? plan.at(i).step.id : plan.at(i).step.id + ": " + title;
}

// Mermaid takes entities in quoted labels; quotes and angle brackets end or open markup.
std::string mermaid_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"') out += "#quot;";
    else if (c == '<') out += "#lt;";
    else if (c == '>') out += "#gt;";
    else if (c == '#') out += "#35;";
    else out += c;
  }
  return out;
}

std::string dot_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// A group is where one of its steps is.
bool is_critical(const Plan& plan, StepIndex i) {
  for (const auto child : plan.at(i).children)
    if (is_critical(plan, child)) return true;
  return std::find(plan.critical_path.begin(), plan.critical_path.end(), i) != plan.critical_path.end();
}

void mermaid_nodes(const Plan& plan, std::optional<StepIndex> parent, const std::string& pad, std::string& out) {
  for (const auto i : steps_of(plan, Role::step)) {
    const auto& planned = plan.at(i);
    if (planned.parent != parent) continue;
    if (planned.step.is_group) {
      out += fmt::format("{}subgraph s{}[\"{}\"]\n", pad, i, mermaid_text(label_of(plan, i)));
      mermaid_nodes(plan, i, pad + "  ", out);
      out += pad + "end\n";
    } else {
      const auto [open, close] = asks_people(planned) ? std::pair("{{\"", "\"}}")
                                 : planned.reads      ? std::pair("([\"", "\"])")
                                                      : std::pair("[\"", "\"]");
      out += fmt::format("{}s{}{}{}{}\n", pad, i, open, mermaid_text(label_of(plan, i)), close);
      if (planned.rescue) mermaid_nodes(plan, i, pad, out);
    }
  }
}

// Graphviz draws edges between nodes only: a group is entered at its first leaf and left at its last.
StepIndex first_leaf(const Plan& plan, StepIndex i) {
  return plan.at(i).children.empty() ? i : first_leaf(plan, plan.at(i).children.front());
}
StepIndex last_leaf(const Plan& plan, StepIndex i) {
  return plan.at(i).children.empty() ? i : last_leaf(plan, plan.at(i).children.back());
}

void dot_nodes(const Plan& plan, std::optional<StepIndex> parent, const std::string& pad, std::string& out) {
  for (const auto i : steps_of(plan, Role::step)) {
    const auto& planned = plan.at(i);
    if (planned.parent != parent) continue;
    const auto label = dot_text(label_of(plan, i));
    if (planned.step.is_group && !planned.children.empty()) {
      out += fmt::format("{0}subgraph cluster_{1} {{\n{0}  label=\"{2}\";\n", pad, i, label);
      dot_nodes(plan, i, pad + "  ", out);
      out += pad + "}\n";
    } else {
      const auto* shape = asks_people(planned) ? "hexagon" : planned.reads ? "ellipse" : "box";
      out += fmt::format("{}s{} [label=\"{}\", shape={}{}];\n", pad, i, label, shape, is_critical(plan, i) ? ", penwidth=2" : "");
      if (planned.rescue) dot_nodes(plan, i, pad, out);
    }
  }
}

}  // namespace

std::string explain_mermaid(const Plan& plan) {
  std::string out = "flowchart TD\n";
  mermaid_nodes(plan, {}, "  ", out);
  for (const auto i : steps_of(plan, Role::step))
    for (const auto n : plan.at(i).needs)
      out += fmt::format("  s{} {} s{}\n", n, is_critical(plan, n) && is_critical(plan, i) ? "==>" : "-->", i);
  for (const auto i : steps_of(plan, Role::step))
    if (plan.at(i).rescue) out += fmt::format("  s{} -. failed .-> s{}\n", i, *plan.at(i).rescue);
  return out;
}

std::string explain_dot(const Plan& plan) {
  std::string out = fmt::format("digraph \"{}\" {{\n  rankdir=TB;\n  compound=true;\n  node [fontname=\"sans-serif\"];\n",
                                dot_text(plan.runbook.id));
  dot_nodes(plan, {}, "  ", out);
  for (const auto i : steps_of(plan, Role::step))
    for (const auto n : plan.at(i).needs) {
      std::string options;
      const bool from_group = !plan.at(n).children.empty(), to_group = !plan.at(i).children.empty();
      if (from_group) options += fmt::format("ltail=cluster_{}", n);
      if (to_group) options += fmt::format("{}lhead=cluster_{}", options.empty() ? "" : ", ", i);
      out +=
          fmt::format("  s{} -> s{}{};\n", last_leaf(plan, n), first_leaf(plan, i), options.empty() ? "" : " [" + options + "]");
    }
  for (const auto i : steps_of(plan, Role::step))
    if (const auto rescue = plan.at(i).rescue)
      out += fmt::format("  s{} -> s{} [lhead=cluster_{}, style=dashed, label=\"failed\"];\n", last_leaf(plan, i),
                         first_leaf(plan, *rescue), *rescue);
  return out + "}\n";
}

}  // namespace runbook
