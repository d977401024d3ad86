// What the plan complains about: RB4nn.
#pragma once
#include "base/diagnostic.h"

namespace runbook::messages {

inline constexpr Message unknown_need{"RB401", Severity::error, "`needs` names a step that does not exist: `{}`",
                                      "`needs` 에 없는 단계가 있습니다: `{}`"};
inline constexpr Message cycle{"RB402", Severity::error, "these steps wait for each other: {}", "단계들이 서로를 기다립니다: {}"};
inline constexpr Message self_need{"RB403", Severity::error, "step `{}` needs itself", "단계 `{}` 가 자기 자신을 기다립니다"};
inline constexpr Message not_ended{"RB404", Severity::error, "`steps.{}` has not certainly ended where this is evaluated",
                                   "이 시점에 `steps.{}` 가 끝났다고 할 수 없습니다"};
inline constexpr Message bad_lock{"RB405", Severity::error, "the lock's name cannot be known: {}", "lock 의 이름을 알 수 없습니다: {}"};
inline constexpr Message expression{"RB406", Severity::error, "{}", "{}"};
inline constexpr Message unreachable_when{"RB451", Severity::warning, "`when` of step `{}` is always {}",
                                          "단계 `{}` 의 `when` 은 항상 {} 입니다"};
inline constexpr Message no_owner{"RB452", Severity::warning, "the runbook names no {}", "런북에 {} 가 없습니다"};
inline constexpr Message unused_variable{"RB453", Severity::warning, "variable `{}` is not used", "변수 `{}` 가 쓰이지 않습니다"};
inline constexpr Message undo_twice{"RB454", Severity::warning,
                                    "`kubectl rollout undo` run twice goes forward again, and step `{}` has no probe",
                                    "`kubectl rollout undo` 를 두 번 실행하면 다시 새 버전이 됩니다. 단계 `{}` 에 probe 가 없습니다"};

}  // namespace runbook::messages
