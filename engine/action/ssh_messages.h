// What `ssh` complains about: RB63n.
#pragma once
#include "base/diagnostic.h"

namespace runbook::messages {

inline constexpr Message ssh_host{"RB630", Severity::error, "`{}` is no name of a host",
                                  "`{}`은(는) 호스트 이름이 될 수 없습니다"};
inline constexpr Message ssh_user{"RB631", Severity::error, "`{}` is no name of a user",
                                  "`{}`은(는) 사용자 이름이 될 수 없습니다"};
inline constexpr Message ssh_port{"RB632", Severity::error, "`{}` is no port: 1 to 65535",
                                  "`{}`은(는) 포트가 될 수 없습니다: 1 에서 65535"};

}  // namespace runbook::messages
