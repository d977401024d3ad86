// The complaints about expressions, Korean beside English. Codes are stable: people search for them.
#pragma once
#include "base/diagnostic.h"

namespace runbook::cel::messages {

constexpr auto error = Severity::error;

// The text is no expression.
constexpr Message unexpected{"RB301", error, "expected {}, found {}", "{}이(가) 와야 할 자리에 {}이(가) 있습니다"};
constexpr Message unterminated_text{"RB302", error, "the text that begins here has no closing {}",
                                    "여기서 시작한 문자열을 닫는 {}가 없습니다"};
constexpr Message bad_escape{"RB303", error, "`{}` is no escape sequence here", "`{}`는 여기서 쓸 수 있는 이스케이프가 아닙니다"};
constexpr Message bad_number{"RB304", error, "`{}` is no number", "`{}`는 숫자가 아닙니다"};
constexpr Message number_out_of_range{"RB305", error, "{} does not fit into 64 bits", "{}는 64비트를 넘습니다"};
constexpr Message bad_character{"RB306", error, "`{}` means nothing here", "여기서 `{}`는 쓸 수 없습니다"};
constexpr Message reserved_word{"RB307", error, "`{}` is a reserved word and cannot be a name",
                                "`{}`는 예약어라서 이름으로 쓸 수 없습니다"};
constexpr Message too_deep{"RB308", error, "nested more than {} levels deep", "{}단계보다 깊게 중첩되어 있습니다"};
constexpr Message too_long{"RB309", error, "an expression has at most {} bytes, this one has {}",
                           "식은 최대 {}바이트인데 {}바이트입니다"};
constexpr Message not_utf8{"RB310", error, "the expression is not valid UTF-8", "식이 올바른 UTF-8이 아닙니다"};
constexpr Message macro_variable{"RB311", error, "the first argument of {}() is a new name for the element",
                                 "{}()의 첫 인자는 원소를 가리킬 새 이름이어야 합니다"};
constexpr Message has_field{"RB312", error, "has() asks for a field: has(a.b)", "has()는 필드를 묻습니다: has(a.b)"};
constexpr Message not_in_subset{"RB313", error, "{} are not part of this language", "이 언어에는 {}이(가) 없습니다"};
constexpr Message empty_expression{"RB314", error, "the expression is empty", "식이 비어 있습니다"};
constexpr Message open_template{"RB315", error, "`${{` has no closing `}}`", "`${{`를 닫는 `}}`가 없습니다"};

// The expression cannot work.
constexpr Message unknown_name{"RB320", error, "unknown name `{}`", "`{}` (이)라는 이름은 없습니다"};
constexpr Message unknown_member{"RB321", error, "`{1}` has no `{0}`", "`{1}`에는 `{0}`가 없습니다"};
constexpr Message unknown_function{"RB322", error, "unknown function `{}`", "`{}` (이)라는 함수는 없습니다"};
constexpr Message argument_count{"RB323", error, "{}() takes {}, not {}", "{}()의 인자는 {}개인데 {}개를 주었습니다"};
constexpr Message argument_type{"RB324", error, "{}() takes {} here, not {}",
                                "{}()는 여기서 {}을(를) 받습니다: {}은(는) 쓸 수 없습니다"};
constexpr Message operator_types{"RB325", error, "`{}` does not work on {} and {}",
                                 "`{}` 은(는) {}와(과) {} 사이에 쓸 수 없습니다"};
constexpr Message operator_type{"RB326", error, "`{}` does not work on {}", "`{}`는 {}에 쓸 수 없습니다"};
constexpr Message never_equal{"RB327", error, "{} never equals {}", "{}와(과) {}은(는) 결코 같을 수 없습니다"};
constexpr Message wanted_type{"RB328", error, "the expression must give {}, it gives {}", "식의 결과는 {}여야 하는데 {}입니다"};
constexpr Message bad_pattern{"RB329", error, "invalid regular expression: {}", "정규식이 잘못되었습니다: {}"};
constexpr Message not_a_method{"RB330", error, "{}() is called as {}", "{}()는 {}처럼 부릅니다"};
constexpr Message no_fields{"RB331", error, "{} has no fields", "{}에는 필드가 없습니다"};
constexpr Message no_elements{"RB332", error, "{} has no elements", "{}에는 원소가 없습니다"};
constexpr Message not_text{"RB333", error, "{} cannot stand in a text", "{}은(는) 문장 안에 넣을 수 없습니다"};
constexpr Message key_type{"RB334", error, "{} cannot be a key", "{}은(는) 키가 될 수 없습니다"};
constexpr Message never_has_value{"RB335", error, "`{}` is never `{}`", "`{}`의 값 중에 `{}`은(는) 없습니다"};

}  // namespace runbook::cel::messages
