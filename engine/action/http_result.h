// What an answer is to expressions: status, headers, text.
#pragma once
#include "net/http.h"
#include "run/attempt.h"

namespace runbook {

void take_answer(HttpResponse response, AttemptResult& result);
void nothing_came(const std::string& why, AttemptResult& result);  // no condition on the answer can hold

}  // namespace runbook
