// Texts that YAML reads differently from what their author meant, and says nothing about.
#pragma once
#include "yaml/scalar.h"

namespace runbook::yaml {

// A comment right behind a plain text: did it cut a sentence?
void check_comment(const SourceText& source, const ScalarSource& scalar, const std::string& decoded, Diagnostics& wrong);
// A plain text in [ ] whose bracket is closed only behind a comma.
void check_split(const ScalarSource& scalar, const std::string& decoded, Diagnostics& wrong);

// A plain text with a blank at its ends that is none to YAML, and the dash of an element that has none behind it.
void check_blanks(const SourceText& source, const ScalarSource& scalar, const std::string& decoded, Diagnostics& wrong);
Diagnostic explain_odd_blank(const SourceText& source, std::size_t offset);

}  // namespace runbook::yaml
