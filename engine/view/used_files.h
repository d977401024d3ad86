// Which files a runbook uses, and where each of their variables gets its value there.
#pragma once
#include "plan/plan.h"
#include "view/style.h"

namespace runbook {

// "passed node=n1 | else the caller's values"
std::string sources_of_values(const Plan& plan, unsigned unit, Language language);
// "part.yaml: passed node=n1 | else the caller's values"
std::string used_file(const Plan& plan, unsigned unit, Language language);
// A line for each file and what it is given, with where; nothing: no file is used.
std::vector<std::string> use_lines(const Plan& plan, std::size_t indent, const Style& style);

}  // namespace runbook
