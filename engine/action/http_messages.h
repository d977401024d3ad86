// What `http` complains about: RB62n.
#pragma once
#include "base/diagnostic.h"

namespace runbook::messages {

inline constexpr Message http_no_verb{"RB620", Severity::error, "`http` needs one of get, head, post, put, patch, delete",
                                      "`http`에는 get, head, post, put, patch, delete 중 하나가 필요합니다"};
inline constexpr Message http_two_verbs{"RB621", Severity::error, "`http` sends one request: `{}` and `{}` are two",
                                        "`http`는 요청 하나만 보냅니다: `{}`와 `{}`가 함께 있습니다"};
inline constexpr Message http_two_bodies{"RB622", Severity::error, "a request has one body: `json` or `text`",
                                         "요청 본문은 하나입니다: `json` 또는 `text`"};
inline constexpr Message http_redirects{"RB623", Severity::error, "only get and head follow redirects",
                                        "리다이렉트는 get과 head만 따라갑니다"};
inline constexpr Message http_relative{"RB624", Severity::error, "without `base` the URL begins with http:// or https://",
                                       "`base`가 없으면 URL은 http:// 또는 https://로 시작해야 합니다"};
inline constexpr Message http_absolute{"RB625", Severity::error,
                                       "with `base` the URL is a path: the base's credentials stay with its host",
                                       "`base`가 있으면 URL은 경로여야 합니다. base의 인증 정보는 그 호스트에만 보냅니다"};
inline constexpr Message http_json_text{"RB626", Severity::warning, "this JSON is sent as one text, in quotes",
                                        "이 JSON 은 따옴표로 묶인 글 하나로 보내집니다"};

}  // namespace runbook::messages
