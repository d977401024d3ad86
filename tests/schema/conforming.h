// Documents held against the schemas of schemas/ by a validator that is not ours (python3-jsonschema).
#pragma once
#include <string>
#include <vector>

namespace runbook::tests {

struct Conformity {
  std::size_t conforming = 0;
  std::vector<std::string> wrong;  // "FILE: PATH: what is wrong": one for each document that does not conform
};

// `schema`: a file of schemas/. Files are YAML, or documents by line (.jsonl). The schema's own examples and defaults are held
// against it too.
Conformity conformity(const std::string& schema, const std::vector<std::string>& files);

// The text is the checked-in file of schemas/. With UPDATE_GOLDEN set the file is written instead.
void check_schema_file(const std::string& name, const std::string& text);

}  // namespace runbook::tests
