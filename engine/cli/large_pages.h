// Memory for a long runbook in pages of 2 MiB: taking tens of MB from the kernel in pages of 4 KiB costs a fifth of all the time
// that lint takes for 10,000 steps (measured). Without them, where the kernel has none, only that is lost.
#pragma once
#include <string>

namespace runbook {

// For what is going to be read from this file; does nothing for a short one. Called before it is read.
void use_large_pages_for(const std::string& file);

}  // namespace runbook
