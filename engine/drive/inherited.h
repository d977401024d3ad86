// What a run's steps inherit beside what its files declare: remembered as salted digests, so that a resume from another
// terminal is noticed, and no value is kept.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace runbook {

using Environment = std::map<std::string, std::string, std::less<>>;

struct Inherited {
  std::string salt;                                         // empty: nothing is known (a run of an older engine)
  std::map<std::string, std::string, std::less<>> digests;  // by name
};

// Without `declared`, and without what differs in every shell (PWD, SHLVL, _ ...).
Inherited digest_environment(const Environment& environment, const Environment& declared);
// Names that were added, taken away or changed since.
std::vector<std::string> differing(const Inherited& then, const Environment& now, const Environment& declared);
// PATH HOME KUBE* PG* AWS_* GOOGLE_* AZURE_* *_PROXY: another value may mean another system.
bool leads_elsewhere(std::string_view name);

}  // namespace runbook
