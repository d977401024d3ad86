// What the front door says: stable codes RB1nn, Korean beside English.
#pragma once
#include "base/diagnostic.h"

namespace runbook::yaml::messages {

using enum Severity;

// The bytes, before anything is parsed.
inline constexpr Message too_large{"RB101", error, "the file is larger than {} bytes", "파일이 {} 바이트보다 큽니다"};
inline constexpr Message not_utf8{"RB102", error, "this is not valid UTF-8", "올바른 UTF-8 이 아닙니다"};
inline constexpr Message nul_byte{"RB103", error, "a NUL byte: this is no text file",
                                  "NUL 바이트가 있습니다: 텍스트 파일이 아닙니다"};
inline constexpr Message control_character{"RB104", error, "an invisible control character, U+{:04X}",
                                           "보이지 않는 제어 문자 U+{:04X} 가 있습니다"};
inline constexpr Message bidi_character{"RB105", error, "the character U+{:04X} changes the order in which the text is shown",
                                        "문자 U+{:04X} 는 글이 보이는 순서를 바꿉니다"};
inline constexpr Message no_last_newline{"RB106", error, "the file does not end with a newline: it may have been cut off",
                                         "파일이 줄바꿈으로 끝나지 않습니다: 잘린 파일일 수 있습니다"};
inline constexpr Message empty_file{"RB107", error, "the file has no content", "파일에 내용이 없습니다"};
inline constexpr Message no_document_end{"RB108", warning,
                                         "the file begins with `---` and does not end with `...`: it may have been cut off",
                                         "파일이 `---` 로 시작하고 `...` 로 끝나지 않습니다: 잘린 파일일 수 있습니다"};

// The structure.
inline constexpr Message syntax{"RB110", error, "this is not valid YAML: {}", "올바른 YAML 이 아닙니다: {}"};
inline constexpr Message duplicate_key{"RB111", error, "the key `{}` stands twice in the same place",
                                       "키 `{}` 가 같은 곳에 두 번 있습니다"};
inline constexpr Message merge_key{"RB112", error, "merge keys (`<<`) are not read", "병합 키(`<<`)는 지원하지 않습니다"};
inline constexpr Message tag{"RB113", error, "`!` starts a YAML tag", "`!` 는 YAML 태그의 시작입니다"};
inline constexpr Message second_document{"RB114", error, "a second YAML document begins here; one file is one runbook",
                                         "두 번째 YAML 문서가 시작됩니다. 파일 하나가 런북 하나입니다"};
inline constexpr Message unterminated_quote{"RB115", error, "this quote is never closed", "이 따옴표가 닫히지 않았습니다"};
inline constexpr Message key_not_text{"RB116", error, "a key must be a text", "키는 글이어야 합니다"};
inline constexpr Message cyclic_alias{"RB117", error, "this alias stands inside what it refers to",
                                      "이 별칭은 자기가 가리키는 것 안에 있습니다"};
inline constexpr Message too_many_nodes{"RB118", error, "more than {} values (aliases count as often as they are used)",
                                        "값이 {} 개를 넘습니다 (별칭은 쓰인 만큼 셉니다)"};
inline constexpr Message too_deep{"RB119", error, "nested deeper than {} levels", "{} 단계보다 깊게 중첩되어 있습니다"};

// The mistakes people make.
inline constexpr Message comment_in_quotes{"RB120", error, "` #` starts a comment: the text ends here, inside its quotes",
                                           "` #` 는 주석의 시작입니다: 글이 따옴표 안에서 잘렸습니다"};
inline constexpr Message comment_cuts{"RB121", warning, "` #` starts a comment: the text ends before it",
                                      "` #` 는 주석의 시작입니다: 글이 그 앞에서 끝납니다"};
inline constexpr Message comma_splits_map{"RB122", error, "a comma inside {{ }} splits: this became a key without a value",
                                          "{{ }} 안의 쉼표는 나눕니다: 값이 없는 키가 되었습니다"};
inline constexpr Message comma_splits_list{"RB123", warning, "a comma inside [ ] splits: this text has an open bracket",
                                           "[ ] 안의 쉼표는 나눕니다: 괄호가 닫히지 않은 글입니다"};
inline constexpr Message foreign_template{"RB124", error, "`{{{{ }}}}` is not read as a template: in YAML it is a map in a map",
                                          "`{{{{ }}}}` 는 템플릿이 아닙니다: YAML 에서는 맵 안의 맵입니다"};
inline constexpr Message tab{"RB130", error, "a tab in the indentation; YAML wants spaces",
                             "들여쓰기에 탭이 있습니다. YAML 은 공백을 씁니다"};
inline constexpr Message after_quote{"RB131", error, "text after the closing quote", "닫는 따옴표 뒤에 글이 있습니다"};
inline constexpr Message colon_in_text{"RB132", error, "`: ` ends a plain text", "`: ` 는 따옴표 없는 글을 끝냅니다"};
inline constexpr Message open_bracket{"RB133", error, "`{}` is never closed", "`{}` 가 닫히지 않았습니다"};
inline constexpr Message stray_bracket{"RB134", error, "`{}` closes nothing", "`{}` 가 닫을 것이 없습니다"};
inline constexpr Message reserved_character{"RB135", error, "a plain text cannot begin with `{}`",
                                            "따옴표 없는 글은 `{}` 로 시작할 수 없습니다"};
inline constexpr Message no_colon{"RB136", error, "this line has no `: `", "이 줄에 `: ` 가 없습니다"};
inline constexpr Message indentation{"RB137", error, "the indentation fits nothing above it",
                                     "들여쓰기가 위의 어느 것과도 맞지 않습니다"};
inline constexpr Message unknown_escape{"RB138", error, "`\\{}` means nothing inside double quotes",
                                        "큰따옴표 안에서 `\\{}` 는 뜻이 없습니다"};
inline constexpr Message unknown_alias{"RB139", error, "`*` starts an alias, and nothing of this name is anchored with `&`",
                                       "`*` 는 별칭의 시작인데 `&` 로 정한 이름이 없습니다"};
inline constexpr Message directive{"RB140", error, "directives (`%`) are not read", "지시문(`%`)은 지원하지 않습니다"};
inline constexpr Message question_mark{"RB141", error, "inside {{ }} and [ ] a `?` ends a plain text",
                                       "{{ }}와 [ ] 안에서 `?` 는 따옴표 없는 글을 끝냅니다"};
inline constexpr Message block_not_indented{"RB142", error, "this line does not belong to the block (`{}`) above it",
                                            "이 줄은 위의 블록(`{}`)에 속하지 않습니다"};
inline constexpr Message no_blank{"RB143", error, "a blank is missing behind `{}`", "`{}` 뒤에 공백이 없습니다"};
inline constexpr Message odd_blank{"RB144", error, "this blank is U+{:04X} ({}): to YAML it is a letter",
                                   "이 공백은 U+{:04X} ({})입니다: YAML 에서는 글자입니다"};

inline constexpr const Message* all[] = {
    &too_large,         &not_utf8,           &nul_byte,         &control_character, &bidi_character,     &no_last_newline,
    &empty_file,        &no_document_end,    &syntax,           &duplicate_key,     &merge_key,          &tag,
    &second_document,   &unterminated_quote, &key_not_text,     &cyclic_alias,      &too_many_nodes,     &too_deep,
    &comment_in_quotes, &comment_cuts,       &comma_splits_map, &comma_splits_list, &foreign_template,   &tab,
    &after_quote,       &colon_in_text,      &open_bracket,     &stray_bracket,     &reserved_character, &no_colon,
    &indentation,       &unknown_escape,     &unknown_alias,    &directive,         &question_mark,      &block_not_indented,
    &no_blank,          &odd_blank};

}  // namespace runbook::yaml::messages
