// What `sql` complains about: RB61n.
#pragma once
#include "base/diagnostic.h"

namespace runbook::messages {

inline constexpr Message sql_no_statement{"RB610", Severity::error, "`sql` needs one of query, script, file",
                                          "`sql`에는 query, script, file 중 하나가 필요합니다"};
inline constexpr Message sql_two_sources{"RB611", Severity::error,
                                         "`sql` takes one of query, script, file: `{}` and `{}` are two",
                                         "`sql`에는 query, script, file 중 하나만 쓸 수 있습니다: `{}`와 `{}`가 함께 있습니다"};
inline constexpr Message sql_params{"RB612", Severity::error, "`params` belong to `query`: a script's statements have none",
                                    "`params`는 `query`와만 쓸 수 있습니다. 스크립트의 문장에는 매개변수가 없습니다"};
inline constexpr Message sql_transaction{"RB613", Severity::error, "`transaction` can only be `none`",
                                         "`transaction`의 값은 `none`뿐입니다"};
inline constexpr Message sql_statements{"RB614", Severity::error, "`query` is one statement, this holds {}: use `script`",
                                        "`query`는 문장 하나입니다. 여기에는 {}개가 있습니다. `script`를 쓰십시오"};
inline constexpr Message sql_control{"RB615", Severity::error,
                                     "`{}` is not possible: the engine opens and ends the transaction itself",
                                     "`{}`는 쓸 수 없습니다. 트랜잭션은 엔진이 열고 닫습니다"};

}  // namespace runbook::messages
