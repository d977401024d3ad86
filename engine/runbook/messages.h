// What the reader says: stable codes RB2nn, Korean beside English.
#pragma once
#include "base/diagnostic.h"

namespace runbook::messages {

inline constexpr auto error = Severity::error;
inline constexpr auto warning = Severity::warning;

// Keys and shapes.
inline constexpr Message unknown_key{"RB201", error, "unknown key `{}`", "모르는 키 `{}`"};
inline constexpr Message misplaced_key{"RB202", error, "`{}` has no place in {}", "`{}` 는 이곳에 쓸 수 없습니다: {}"};
inline constexpr Message missing_key{"RB203", error, "{} needs `{}`", "{}에 `{}` 가 필요합니다"};
inline constexpr Message no_value{"RB204", error, "`{}` has no value", "`{}` 에 값이 없습니다"};
inline constexpr Message not_a_map{"RB205", error, "{} is written as `key: value` pairs", "{}은(는) `키: 값` 으로 씁니다"};
inline constexpr Message not_a_list{"RB206", error, "`{}` takes a list", "`{}` 에는 목록을 씁니다"};
inline constexpr Message list_for_text{"RB207", error, "`{}` takes a text, this is a list",
                                       "`{}` 에는 글을 씁니다. 이것은 목록입니다"};
inline constexpr Message map_for_text{"RB208", error, "`{}` takes a text, this is a map",
                                      "`{}` 에는 글을 씁니다. 이것은 맵입니다"};
inline constexpr Message bad_version{"RB209", error, "this engine reads version 1 of the language, not `{}`",
                                     "이 엔진은 언어 버전 1 을 읽습니다: `{}`"};
inline constexpr Message bad_id{"RB210", error, "`{}` is no valid name", "`{}` 는 이름으로 쓸 수 없습니다"};
inline constexpr Message reserved_id{"RB211", error, "`{}` is a reserved name", "`{}` 는 예약된 이름입니다"};
inline constexpr Message duplicate_id{"RB212", error, "the id `{}` stands twice in this list",
                                      "id `{}` 가 이 목록에 두 번 있습니다"};
inline constexpr Message bad_word{"RB213", error, "`{}` cannot be `{}`", "`{}` 에 `{}` 는 쓸 수 없습니다"};
inline constexpr Message bad_boolean{"RB214", error, "`{}` takes true or false, not `{}`",
                                     "`{}` 에는 true 나 false 를 씁니다: `{}`"};
inline constexpr Message bad_integer{"RB215", error, "`{}` takes a whole number, not `{}`", "`{}` 에는 정수를 씁니다: `{}`"};
inline constexpr Message bad_duration{"RB216", error, "{}", "{}"};
inline constexpr Message unresolved{"RB217", error, "this must be known before the run: {}", "실행 전에 알 수 있어야 합니다: {}"};
inline constexpr Message bad_regex{"RB218", error, "this is no regular expression: {}", "정규식이 아닙니다: {}"};
inline constexpr Message word_in_text{"RB219", warning, "an unquoted `{}` is read differently by other YAML readers",
                                      "따옴표 없는 `{}` 는 YAML 도구마다 다르게 읽습니다"};
inline constexpr Message bad_environment_name{"RB220", error, "`{}` is no name of an environment variable",
                                              "`{}` 는 환경 변수의 이름이 아닙니다"};
inline constexpr Message empty_text{"RB221", error, "`{}` is empty", "`{}` 가 비어 있습니다"};
inline constexpr Message empty_list{"RB222", error, "`{}` is an empty list", "`{}` 가 빈 목록입니다"};
inline constexpr Message control_character{"RB223", error, "`{}` holds an invisible control character",
                                           "`{}` 에 보이지 않는 제어 문자가 있습니다"};

// Expressions and `${}`.
inline constexpr Message expression_in_braces{"RB230", error, "an expression stands here without ${{}}",
                                              "여기에는 식을 ${{}} 없이 씁니다"};
inline constexpr Message braces_in_code{"RB231", warning, "`${{{}}}` is not replaced in code",
                                        "코드 안의 `${{{}}}` 는 바뀌지 않습니다"};
inline constexpr Message braces_not_here{"RB232", error, "`${{}}` cannot stand in `{}`", "`{}` 에는 `${{}}` 를 쓸 수 없습니다"};
inline constexpr Message secret_not_here{"RB233", error, "a secret cannot be named here", "여기에는 비밀 값을 쓸 수 없습니다"};

// Steps.
inline constexpr Message no_action{"RB240", error, "{} needs an action", "{}에 동작이 없습니다"};
inline constexpr Message two_actions{"RB241", error, "two actions in one step: `{}` and `{}`",
                                     "한 단계에 동작이 둘입니다: `{}` 와 `{}`"};
inline constexpr Message changes_no{"RB242", error, "`changes: {}` says neither what nor that nothing changes",
                                    "`changes: {}` 로는 무엇이 바뀌는지 알 수 없습니다"};
inline constexpr Message changes_unsaid{"RB243", warning, "`{}` does not say what it changes",
                                        "`{}` 가 무엇을 바꾸는지 적혀 있지 않습니다"};
inline constexpr Message retry_unsafe{"RB244", error, "`retry` repeats an action that may change something",
                                      "`retry` 가 무언가를 바꿀 수 있는 동작을 되풀이합니다"};
inline constexpr Message retry_no_limit{"RB245", error, "`retry` needs `for`: how long to go on trying",
                                        "`retry` 에 `for` 가 필요합니다: 얼마 동안 다시 할지"};
inline constexpr Message hold_too_long{"RB246", error, "`for: {}` ends before `hold: {}` can be fulfilled",
                                       "`for: {}` 안에는 `hold: {}` 를 채울 수 없습니다"};
inline constexpr Message hold_changes{"RB247", error, "`hold` looks again and again: the step must only read",
                                      "`hold` 는 되풀이해서 봅니다: 읽기만 하는 단계여야 합니다"};
inline constexpr Message no_timeout{"RB248", error, "`{}` waits for people and must name its `timeout`",
                                    "`{}` 는 사람을 기다리므로 `timeout` 을 적어야 합니다"};
inline constexpr Message check_changes{"RB249", error, "{} is read-only by definition", "{}은(는) 읽기만 합니다"};
inline constexpr Message nobody_there{"RB285", error, "{} asks nobody", "{}은(는) 사람에게 묻지 않습니다"};
inline constexpr Message no_expect{"RB250", error, "{} needs `expect`", "{}에 `expect` 가 필요합니다"};
inline constexpr Message not_a_check{"RB251", error, "this is neither an expression nor a check", "식도 검사도 아닙니다"};
inline constexpr Message duplicate_need{"RB252", warning, "`{}` is named twice in `needs`", "`needs` 에 `{}` 가 두 번 있습니다"};
inline constexpr Message not_positive{"RB253", error, "`{}` must be longer than zero", "`{}` 는 0 보다 길어야 합니다"};
inline constexpr Message kind_wants_map{"RB254", error, "`{}` takes {}", "`{}` 에는 다음을 씁니다: {}"};
inline constexpr Message unknown_action_key{"RB255", error, "`{}` does not know the key `{}`", "`{}` 에 `{}` 키는 없습니다"};
inline constexpr Message missing_action_key{"RB256", error, "`{}` needs `{}`", "`{}` 에 `{}` 가 필요합니다"};
inline constexpr Message unknown_connection{"RB257", error, "no connection is called `{}`", "연결 `{}` 가 없습니다"};
inline constexpr Message wrong_connection{"RB258", error, "the connection `{}` is not one for `{}`",
                                          "연결 `{}` 는 `{}` 에 쓸 수 없습니다"};
inline constexpr Message contradicting_question{"RB259", error, "only one of `{}` and `{}` can be asked for",
                                                "`{}` 와 `{}` 는 함께 쓸 수 없습니다"};
inline constexpr Message bad_item{"RB260", error, "an item is a text or {{text, input, optional}}",
                                  "항목은 글이거나 {{text, input, optional}} 입니다"};

// Variables, secrets, connections.
inline constexpr Message bad_value{"RB261", error, "variable `{}`: {}", "변수 `{}`: {}"};
inline constexpr Message unknown_variable{"RB262", error, "there is no variable `{}`", "변수 `{}` 가 없습니다"};
inline constexpr Message no_match{"RB263", error, "variable `{}`: `{}` does not match the pattern `{}`",
                                  "변수 `{}`: `{}` 가 패턴 `{}` 에 맞지 않습니다"};
inline constexpr Message not_a_choice{"RB264", error, "variable `{}`: `{}` is none of the choices",
                                      "변수 `{}`: `{}` 는 고를 수 있는 값이 아닙니다"};
inline constexpr Message bad_variable{"RB265", error, "variable `{}`: {}", "변수 `{}`: {}"};
inline constexpr Message types_differ{"RB266", error, "variable `{}` is {} here and {} where the file is used",
                                      "변수 `{}` 는 여기서는 {} 이고 쓰는 쪽에서는 {} 입니다"};
inline constexpr Message declarations_differ{"RB267", error, "{} `{}` is declared differently in two files",
                                             "{} `{}` 가 두 파일에 다르게 선언되어 있습니다"};
inline constexpr Message no_candidates{"RB269", error, "`{}` cannot list what a variable may be",
                                       "`{}` 로는 변수의 후보를 얻을 수 없습니다"};
inline constexpr Message one_source{"RB268", error, "a secret comes from exactly one of `env`, `file`, `command`",
                                    "비밀 값의 출처는 `env` `file` `command` 중 하나입니다"};

// Files.
inline constexpr Message cannot_read{"RB270", error, "{}", "파일을 읽을 수 없습니다: {}"};
inline constexpr Message use_cycle{"RB271", error, "files use each other in a circle: {}", "파일들이 서로를 되풀이해 씁니다: {}"};
inline constexpr Message too_many_files{"RB272", error, "more than {} files are used", "쓰는 파일이 {} 개를 넘습니다"};
inline constexpr Message no_such_list{"RB273", error, "{} has no `{}`", "{}에 `{}` 가 없습니다"};
inline constexpr Message not_taken{"RB274", warning, "`{}` of {} is not taken over", "{1} 의 `{0}` 는 적용되지 않습니다"};
inline constexpr Message too_many_values{"RB275", error, "the files used here have more than {} values together",
                                         "쓰는 파일의 값이 모두 {} 개를 넘습니다"};

inline constexpr Message changes_needed{"RB276", error, "`{}` changes something here and does not say what",
                                        "이 `{}` 는 무언가를 바꾸는데 무엇인지 적혀 있지 않습니다"};

inline constexpr Message only_with_for_each{"RB277", error, "`{}` says how `for_each` goes on, and there is none",
                                            "`{}` 는 `for_each` 와 함께 씁니다"};
inline constexpr Message expected_too_long{"RB278", warning, "it is expected to take up to {}, and is ended after {}",
                                           "예상 시간은 {} 까지인데 {} 뒤에 종료됩니다"};

inline constexpr const Message* all_of_reader[] = {&unknown_key,        &misplaced_key,
                                                   &missing_key,        &no_value,
                                                   &not_a_map,          &not_a_list,
                                                   &list_for_text,      &map_for_text,
                                                   &bad_version,        &bad_id,
                                                   &reserved_id,        &duplicate_id,
                                                   &bad_word,           &bad_boolean,
                                                   &bad_integer,        &bad_duration,
                                                   &unresolved,         &bad_regex,
                                                   &word_in_text,       &bad_environment_name,
                                                   &empty_text,         &empty_list,
                                                   &control_character,  &expression_in_braces,
                                                   &braces_in_code,     &braces_not_here,
                                                   &secret_not_here,    &no_action,
                                                   &two_actions,        &changes_no,
                                                   &changes_unsaid,     &retry_unsafe,
                                                   &retry_no_limit,     &hold_too_long,
                                                   &hold_changes,       &no_timeout,
                                                   &check_changes,      &no_expect,
                                                   &nobody_there,       &not_a_check,
                                                   &duplicate_need,     &not_positive,
                                                   &kind_wants_map,     &unknown_action_key,
                                                   &missing_action_key, &unknown_connection,
                                                   &wrong_connection,   &contradicting_question,
                                                   &bad_item,           &bad_value,
                                                   &unknown_variable,   &no_match,
                                                   &not_a_choice,       &bad_variable,
                                                   &types_differ,       &declarations_differ,
                                                   &one_source,         &no_candidates,
                                                   &cannot_read,        &use_cycle,
                                                   &too_many_files,     &no_such_list,
                                                   &not_taken,          &too_many_values,
                                                   &changes_needed,     &only_with_for_each,
                                                   &expected_too_long};

}  // namespace runbook::messages
