// Texts written as YAML that the engine's front door takes without a complaint.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace runbook::draft {

// A text of the language: plain where that reads the same, otherwise in double quotes; `${` stays what it is.
std::string yaml_text(std::string_view text);
// Code: nothing is replaced in it.
std::string yaml_code(std::string_view code);
// `key: |` with the lines below it, or `key: "..."` where a block could not hold it; without indentation.
std::vector<std::string> yaml_code_lines(std::string_view key, std::string_view code);
// On one line of a comment.
std::string comment_text(std::string_view text);

}  // namespace runbook::draft
