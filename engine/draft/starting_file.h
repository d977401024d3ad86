// `runbook new NAME`: a good file to start from. It lints without a warning and runs.
#pragma once
#include <string>

#include "base/diagnostic.h"

namespace runbook::draft {

// `id`: the runbook's.
std::string starting_file(const std::string& id, Language language);
// The first line that tells an editor the schema; `schema`: its path, relative to the file.
std::string modeline(const std::string& schema);
// A runbook's id from any name: "Full Rollback" becomes "full-rollback"; never empty.
std::string id_from(std::string_view name);

}  // namespace runbook::draft
