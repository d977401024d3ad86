// A plan in Markdown turned into the skeleton of a runbook. Pure and deterministic: the same text gives the same file.
//
// Every part stands below a comment that names its line ("# plan.md:42"). Where the plan leaves something open stands
// "# decide: ..." and, where there is a likely answer, directly below it a key that is commented out. What found no place is
// listed at the end: nothing of the plan is dropped silently.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace runbook::draft {

struct PlanDocument {
  std::string_view text;
  std::string path;     // as the runbook names it, relative to its folder
  std::string id;       // of the runbook
  std::string section;  // the one scenario that is wanted; empty: all of them
};
// The error: there is no such scenario; the phrase names those there are.
Result<std::string, Phrase> skeleton(const PlanDocument& document, Language language);

}  // namespace runbook::draft
