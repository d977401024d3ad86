// Any bytes through the front door: a tree, or errors that can be shown.
#include "yaml/document.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace runbook;
  const std::string text(reinterpret_cast<const char*>(data), size);
  Diagnostics all;
  const auto root = yaml::parse(text, 0, {1U << 16U, 5000, 64}, all);
  if (!root && root.error().empty()) std::abort();  // refused without a word
  if (!root) all.insert(all.end(), root.error().begin(), root.error().end());
  const Sources sources{{"fuzz.yaml", "/fuzz.yaml", text}};
  for (const auto& one : all)
    if (render(one, sources, {Language::korean, true}).empty()) std::abort();
  return 0;
}
