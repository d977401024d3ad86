// `runbook report RUN`: the post-mortem of the users' document with everything that the run knows filled in, as Markdown.
#pragma once
#include <map>

#include "run/state.h"

namespace runbook {

struct ReportFacts {
  std::string run, file;
  // Follow-ups that were settled: the number in `after/N` -> who and when. No event holds them yet.
  std::map<std::size_t, std::string> settled;
};

std::string report_markdown(const Plan& plan, const State& state, const std::vector<Event>& events, const ReportFacts& facts, Language language);

}  // namespace runbook
