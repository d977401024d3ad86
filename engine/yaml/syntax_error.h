// yaml-cpp's complaints in our own words: it says "illegal map value" for five different mistakes.
#pragma once
#include <string>

#include "yaml/source_text.h"
#include "base/diagnostic.h"

namespace runbook::yaml {

// `offset`: where yaml-cpp stopped. `open_brackets`: of the flow collections that were open then, innermost last.
Diagnostic explain_syntax_error(const SourceText& source, const std::string& message, std::size_t offset,
                                const std::vector<std::size_t>& open_brackets);

// What somebody meant by a line that was to be a key, at `at`, and has no `: `.
Diagnostic explain_no_colon(const SourceText& source, Place at);

}  // namespace runbook::yaml
