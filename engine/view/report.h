// `runbook report RUN`: the post-mortem of the users' document with everything that the run knows filled in, as Markdown.
#pragma once
#include <map>

#include "run/state.h"

namespace runbook {

struct ReportFacts {
  std::string run, file;
};

std::string report_markdown(const Plan& plan, const State& state, const std::vector<Event>& events, const ReportFacts& facts,
                            Language language);

}  // namespace runbook
