// HTTP by libcurl; see http.h.
#pragma once
#include "net/http.h"

namespace runbook {

std::unique_ptr<Http> make_curl_http(Loop& loop);

}  // namespace runbook
