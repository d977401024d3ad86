// Any file as a runbook: read, or refused with something that can be shown.
#include <cstdlib>

#include "tests/fuzz/kinds.h"
#include "tests/fuzz/one_file.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace runbook;
  const fuzz::OneFile files(std::string(reinterpret_cast<const char*>(data), size));
  const auto reading = read_runbook(fuzz::inputs_of_fuzzed(), files, fuzz::kinds());
  if (reading.runbook.has_value() == has_errors(reading.diagnostics)) std::abort();
  for (const auto& one : reading.diagnostics)
    if (render(one, reading.sources, {}).empty()) std::abort();
  return 0;
}
