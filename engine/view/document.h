// `runbook explain FILE`: a runbook as a document that people read before they need it, and as a diagram.
#pragma once
#include "plan/plan.h"
#include "view/style.h"

namespace runbook {

std::string explain_text(const Plan& plan, const Style& style);
std::string explain_markdown(const Plan& plan, Language language);
std::string explain_html(const Plan& plan, Language language);  // one file that needs no other
std::string explain_mermaid(const Plan& plan);                  // flowchart of the steps
std::string explain_dot(const Plan& plan);                      // Graphviz

}  // namespace runbook
