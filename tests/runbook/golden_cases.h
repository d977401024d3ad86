// Golden files of diagnostics: cases of YAML files and inputs, each followed by what is said about them, as an operator sees it.
//
//   === a sentence about the case
//   --- runbook.yaml             the first file is the one named; further ones lie beside it
//   runbook: 1
//   --- given NAME=VALUE         as --var; `--- environment NAME=VALUE` as the caller's environment
//   --- says
//   error[RB201]: ...
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "memory_files.h"

namespace runbook::testing {

struct GoldenCase {
  std::string title;
  std::vector<std::pair<std::string, std::string>> files;
  std::vector<std::string> given, environment;  // NAME=VALUE
  std::string says;

  Inputs inputs() const;
  MemoryFiles memory() const;
};

struct Said {
  Sources sources;
  Diagnostics diagnostics;
};

// Runs every case of tests/<folder>/golden/*.txt; with UPDATE_GOLDEN set, writes what is said into the files instead of comparing.
// Gives the codes that were said by any case, with how often.
std::map<std::string, int> check_golden_cases(const std::string& folder, const std::function<Said(const GoldenCase&)>& say);

}  // namespace runbook::testing
