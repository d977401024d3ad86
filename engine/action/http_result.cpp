#include "action/http_result.h"

namespace runbook {

void take_answer(HttpResponse response, AttemptResult& result) {
  result.result["status"] = std::int64_t{response.status};
  Value::Map headers;
  for (const auto& [name, value] : response.headers) headers.emplace(name, value);
  result.result["headers"] = std::move(headers);
  if (response.capped) {
    result.unreadable["text"] = "capped at 8 MiB";
    result.remark = "the answer is longer than 8 MiB";
  } else {
    result.result["text"] = std::move(response.body);
  }
}

void nothing_came(const std::string& why, AttemptResult& result) {
  for (const auto* name : {"status", "headers", "text"}) result.unreadable[name] = why;
}

}  // namespace runbook
