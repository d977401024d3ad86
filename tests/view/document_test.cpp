#include "view/document.h"

#include "golden.h"
#include "rollback_run.h"

using namespace runbook;
using namespace runbook::testing;

TEST_CASE("a runbook explained as a document") {
  const auto plan = rollback_plan();
  check_golden("explain.ko.txt", explain_text(plan, korean));
  check_golden("explain.ko.md", explain_markdown(plan, Language::korean));
  check_golden("explain.ko.html", explain_html(plan, Language::korean));
}

TEST_CASE("a document names the file whose steps or checks it shows, and what that file is given") {
  check_golden("explain-uses.en.txt", explain_text(plan_of("uses", "release.yaml"), english));
}

TEST_CASE("a document tells all that a step or its undo is given, and what the runbook needs around it") {
  const auto plan = plan_of("uses", "surroundings.yaml");
  check_golden("explain-surroundings.en.txt", explain_text(plan, english));
  check_golden("explain-surroundings.ko.md", explain_markdown(plan, Language::korean));
}

TEST_CASE("a runbook drawn as a diagram") {
  const auto plan = rollback_plan();
  check_golden("explain.mmd", explain_mermaid(plan));
  check_golden("explain.dot", explain_dot(plan));
}
