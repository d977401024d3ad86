// A look at how things are: the same engine on a part of a plan, with a store that is gone afterwards. Only reads.
#pragma once
#include "drive/engine.h"

namespace runbook {

struct LookParts {
  Loop& loop;
  std::function<Executor&(const ActionKind&)> executor_of;
  std::vector<std::pair<std::string, std::string>> environment;
};

// The preconditions that no person is asked about, and the criteria that name no step: each as it is now, tried once.
// `book` as read_runbook gave it. The states stand by path; what was not looked at is not there.
std::map<std::string, StepState> look_at_checks(const Runbook& book,
                                                const std::map<std::string, std::string, std::less<>>& environment,
                                                const LookParts& parts);

// The lines that a variable's `choices` action prints; the error is a sentence.
Result<std::vector<std::string>, Failure> candidates(const Runbook& book, const Variable& variable,
                                                     const std::map<std::string, std::string, std::less<>>& environment,
                                                     const LookParts& parts);

}  // namespace runbook
