// What lint found, in the forms that other programs read. Pure; columns are in the unit that each form wants.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/explanation.h"

namespace runbook {

struct LintedFile {
  std::string shown;  // as it was named
  Sources sources;    // it, and what it uses
  Diagnostics diagnostics;
};

std::string lint_json(const std::vector<LintedFile>& files);
// SARIF 2.1.0 (OASIS): one run, a rule for each code that was found. `explain` may know nothing of a code.
std::string lint_sarif(const std::vector<LintedFile>& files, const Explanation* (*explain)(std::string_view code));
// Workflow commands of GitHub Actions: "::error file=a.yaml,line=3,col=5,title=RB201::sentence".
std::string lint_github(const std::vector<LintedFile>& files, Language language);
// `lint --explain CODE`.
std::string explanation_text(const Explanation& explanation, Language language);

}  // namespace runbook
