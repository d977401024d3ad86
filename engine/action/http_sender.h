// The process that sends one request which changes something: the running program again, in a hidden mode, under a supervisor.
// Its input is the request, its standard output the answer's body, its standard error what else is known, as one JSON line.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http.h"

namespace runbook {

inline constexpr std::string_view http_sender_word = "--send-http-request";  // its only argument

// What the sender is told. `mark` is made, filled and synced before the first byte leaves: where it is missing, nothing was sent.
std::string encode_errand(const HttpRequest& request, const std::string& mark, const std::string& nonce);

// What it says at its end, without the body. An error: it did not get so far.
Result<HttpResponse, std::string> decode_answer(std::string_view line);

// The whole program in that mode: reads descriptor 0, returns the exit status. 0: the line is written.
int send_http_request();

}  // namespace runbook
