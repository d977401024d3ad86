#include "supervisor/evidence.h"

namespace runbook {

Verdict verdict(const Evidence& evidence) {
  if (evidence.lock == Lock::held) return Verdict::attached;
  if (evidence.files != Files::ours) return Verdict::damaged;
  if (evidence.exit == BlockState::valid) return evidence.output == Output::matches ? Verdict::adopt : Verdict::output_lost;
  if (evidence.claim != BlockState::none) return evidence.same_world ? Verdict::supervisor_died : Verdict::restarted;
  // An exit block without a claim cannot come about by itself.
  return evidence.exit == BlockState::none ? Verdict::never_started : Verdict::damaged;
}

}  // namespace runbook
