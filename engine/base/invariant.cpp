#include "base/invariant.h"

#include <cstdio>
#include <cstdlib>

namespace runbook {

void broken_promise(const char* why, const char* file, int line) noexcept {
  std::fprintf(stderr,
               "runbook: internal error: %s (%s:%d)\nrunbook: nothing recorded is lost; `runbook resume @last` continues\n", why,
               file, line);
  std::abort();
}

}  // namespace runbook
