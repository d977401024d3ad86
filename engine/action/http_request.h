// From the resolved fields of an `http` action and its connection to the request that is sent.
#pragma once
#include <array>

#include "action/executor.h"
#include "net/http.h"

namespace runbook {

inline constexpr std::array<std::string_view, 6> http_verbs{"get", "head", "post", "put", "patch", "delete"};

bool is_absolute_url(std::string_view url);  // begins with http:// or https://

// The error is a sentence, and trying again is no use.
Result<HttpRequest, Failure> make_request(const AttemptContext& context);

}  // namespace runbook
