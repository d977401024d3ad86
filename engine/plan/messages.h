// What the plan complains about: RB4nn.
#pragma once
#include "base/diagnostic.h"

namespace runbook::messages {

inline constexpr Message unknown_need{"RB401", Severity::error, "`needs` names a step that does not exist: `{}`",
                                      "`needs` 에 없는 단계가 있습니다: `{}`"};
inline constexpr Message cycle{"RB402", Severity::error, "these steps wait for each other: {}", "단계들이 서로를 기다립니다: {}"};
inline constexpr Message self_need{"RB403", Severity::error, "step `{}` needs itself", "단계 `{}` 가 자기 자신을 기다립니다"};
inline constexpr Message not_ended{"RB404", Severity::error, "`{}` has not certainly ended where this is evaluated",
                                   "이 시점에 `{}` 가 끝났다고 할 수 없습니다"};
inline constexpr Message bad_lock{"RB405", Severity::error, "the lock's name cannot be known: {}",
                                  "lock 의 이름을 알 수 없습니다: {}"};
inline constexpr Message unset_variable{"RB406", Severity::error, "variable `{}` has no value", "변수 `{}` 에 값이 없습니다"};
inline constexpr Message nested_for_each{"RB407", Severity::error, "`for_each` inside the `for_each` of `{}`",
                                         "`{}` 의 `for_each` 안에 다시 `for_each` 가 있습니다"};
inline constexpr Message bad_elements{"RB408", Severity::error, "`for_each`: {}", "`for_each` 의 목록: {}"};
inline constexpr Message unreachable_when{"RB451", Severity::warning, "`when` of step `{}` is always {}",
                                          "단계 `{}` 의 `when` 은 항상 {} 입니다"};
inline constexpr Message no_owner{"RB452", Severity::warning, "the runbook names no {}", "런북에 {} 가 없습니다"};
inline constexpr Message undo_twice{
    "RB454", Severity::warning, "`kubectl rollout undo` run twice goes forward again, and step `{}` has no probe",
    "`kubectl rollout undo` 를 두 번 실행하면 다시 새 버전이 됩니다. 단계 `{}` 에 probe 가 없습니다"};
inline constexpr Message undo_safe{"RB455", Severity::warning,
                                   "`kubectl rollout undo` run twice goes forward again: it is not `rerun: safe`",
                                   "`kubectl rollout undo` 를 두 번 실행하면 다시 새 버전이 됩니다: `rerun: safe` 가 아닙니다"};
inline constexpr Message all_of_empty{"RB456", Severity::warning,
                                      "`all()` is true of an empty list: perhaps nothing was looked at",
                                      "`all()` 은 빈 목록에서도 참입니다: 아무것도 보지 않았을 수 있습니다"};
inline constexpr Message unused_variable{"RB457", Severity::warning, "variable `{}` is used nowhere",
                                         "변수 `{}` 를 쓰는 곳이 없습니다"};
inline constexpr Message ssh_code{"RB458", Severity::warning,
                                  "`${}` becomes code on the other host: the shell there reads the words of `ssh` again",
                                  "`${}` 가 다른 호스트에서 코드가 됩니다: 그곳의 셸이 `ssh` 의 인수를 다시 해석합니다"};
inline constexpr Message changes_unawares{"RB459", Severity::warning, "this counts as only reading, and `{}` changes something",
                                          "읽기만 하는 것으로 되어 있는데 `{}` 는 무언가를 바꿉니다"};
inline constexpr Message literal_secret{"RB460", Severity::warning, "this looks like a secret: {}", "비밀 값으로 보입니다: {}"};
inline constexpr Message no_undo{"RB461", Severity::warning, "step `{}` changes something and has no `undo`",
                                 "단계 `{}` 는 무언가를 바꾸는데 `undo` 가 없습니다"};
inline constexpr Message only_rollout_status{"RB462", Severity::warning,
                                             "`kubectl rollout status` is the only proof that it worked",
                                             "성공했다는 근거가 `kubectl rollout status` 뿐입니다"};
inline constexpr Message no_verify_full{"RB463", Severity::warning,
                                        "connection `{}` leaves this machine and does not verify the server",
                                        "연결 `{}` 는 다른 기계로 가는데 서버를 확인하지 않습니다"};
inline constexpr Message not_passed{"RB464", Severity::warning, "`${}` is not set in this script: it is a name of expressions",
                                    "스크립트에 `${}` 가 없습니다: 표현식에서 쓰는 이름입니다"};
inline constexpr Message joined_lines{"RB465", Severity::warning,
                                      "written like this, the lines become one: `{}` belongs to the line before it",
                                      "이렇게 쓰면 여러 줄이 한 줄이 됩니다: `{}` 이(가) 앞줄에 이어집니다"};
inline constexpr Message not_replaced{"RB466", Severity::warning, "`{}` stays as it is written: no value takes its place",
                                      "`{}` 은(는) 쓴 그대로 남습니다: 값으로 바뀌지 않습니다"};
inline constexpr Message parameters_differ{"RB467", Severity::warning,
                                           "values in `params`: {}, parameters in the query: {}; PostgreSQL refuses that",
                                           "`params` 의 값은 {}개, 쿼리의 매개변수는 {}개입니다. PostgreSQL 이 거부합니다"};
inline constexpr Message refused_by_libpq{"RB468", Severity::warning, "no connection is possible with `{}: {}`",
                                          "`{}: {}` 로는 연결할 수 없습니다"};
inline constexpr Message blank_in_code{"RB474", Severity::warning, "this blank is U+{:04X} ({}): in code it is a letter",
                                       "이 공백은 U+{:04X} ({})입니다: 코드에서는 글자입니다"};
inline constexpr Message refused_in_reading{
    "RB473", Severity::warning, "this counts as only reading, and PostgreSQL refuses `{}` in a read-only transaction",
    "읽기만 하는 것으로 되어 있어, 읽기 전용 트랜잭션에서 PostgreSQL 이 `{}` 을(를) 거부합니다"};
inline constexpr Message set_elsewhere{"RB475", Severity::warning, "`${}` is set nowhere for this script",
                                       "이 스크립트에서 `${}` 을(를) 설정하는 곳이 없습니다"};
inline constexpr const Message* all_of_plan[] = {
    &unknown_need,        &cycle,           &self_need,          &not_ended,        &bad_lock,       &unset_variable,
    &nested_for_each,     &bad_elements,    &unreachable_when,   &no_owner,         &undo_twice,     &undo_safe,
    &all_of_empty,        &unused_variable, &ssh_code,           &changes_unawares, &literal_secret, &no_undo,
    &only_rollout_status, &no_verify_full,  &not_passed,         &joined_lines,     &not_replaced,   &parameters_differ,
    &refused_by_libpq,    &blank_in_code,   &refused_in_reading, &set_elsewhere};

}  // namespace runbook::messages
