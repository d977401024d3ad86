// What is said about a runbook by looking beyond it, at the disk and by asking other programs: RB50n.
#pragma once
#include "base/diagnostic.h"

namespace runbook::messages {

inline constexpr Message no_script{"RB501", Severity::warning, "`{}` does not exist in {}", "`{}` 가 {} 에 없습니다"};
inline constexpr Message shell_syntax{"RB505", Severity::error, "the shell cannot read this script: {}",
                                      "셸이 이 스크립트를 읽을 수 없습니다: {}"};
inline constexpr Message shell_warning{"RB506", Severity::warning, "the shell warns of this script: {}",
                                       "셸이 이 스크립트에 대해 경고합니다: {}"};
inline constexpr Message shellcheck{"RB507", Severity::warning, "shellcheck {}: {}", "shellcheck {}: {}"};

}  // namespace runbook::messages
