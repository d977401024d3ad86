// What several commands say alike.
#pragma once
#include "view/sentences.h"

namespace runbook {

inline constexpr Sentence no_such_step{"run {0} has no step `{1}`; `runbook show {0}` lists them",
                                       "실행 {0} 에는 단계 `{1}` 이(가) 없습니다. `runbook show {0}` 에 목록이 있습니다"};

}  // namespace runbook
