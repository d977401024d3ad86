// Which of many scripts bash reads without a word, by few processes: bash takes functions from its environment, each read by
// itself and none run, and what is more or less than one function is refused. A script that is the body of one is read as by
// `bash -n`, at a hundredth of its time.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cli/timed_children.h"

namespace runbook {

// Those of `scripts`, by index and in order, that are for `bash -n` to look at: it may have something to say about them.
// `folder`: for files of its own; `path`: where bash is looked for, as PATH has it.
Result<std::vector<std::size_t>, Failure> doubtful_scripts(const std::vector<std::string_view>& scripts, TimedChildren& children,
                                                           const std::string& folder, const std::string& path);

}  // namespace runbook
