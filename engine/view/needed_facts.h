// What a runbook needs around it, for a document: what has to be there, its secrets and connections, whom it tells.
#pragma once
#include "view/step_facts.h"

namespace runbook {

// In the order in which a reader gets it ready. Of a used file what its caller does not declare, too.
std::vector<Fact> needed_facts(const Plan& plan, Language language);

}  // namespace runbook
