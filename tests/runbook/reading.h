// Texts read as runbooks, for tests of what a valid file becomes.
#pragma once
#include <catch2/catch.hpp>

#include "memory_files.h"

namespace runbook::testing {

// The runbook of the file `runbook.yaml`; fails the test with what is wrong when there are errors.
inline Runbook read(const MemoryFiles& files, Inputs inputs = inputs_of("runbook.yaml")) {
  auto reading = read_runbook(inputs, files, all_kinds());
  if (!reading.runbook) FAIL(rendered(reading.diagnostics, reading.sources));
  keep_valid(reading.sources);
  return std::move(*reading.runbook);
}
inline Runbook read(const std::string& text, Inputs inputs = inputs_of("runbook.yaml")) {
  return read(files_in({{"runbook.yaml", "runbook: 1\n" + text}}), std::move(inputs));
}
inline std::string text_of(const Text& text) { return text.text.text(); }

}  // namespace runbook::testing
