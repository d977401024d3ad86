// A request as it lies in the store, with who filed it: as the kernel tells it, whatever the request says.
#pragma once
#include "drive/operating_user.h"
#include "run/accept.h"
#include "store/store.h"

namespace runbook {

inline Result<Request, std::string> request_in(const RequestRow& row) {
  auto request = decode_request(row.body);
  if (!request) return request;
  request->at = row.filed;
  request->by.uid = row.uid;
  request->by.name = row.uid < 0 ? "" : user_name(static_cast<uid_t>(row.uid));
  request->groups = row.uid < 0 ? std::vector<std::string>() : group_names(static_cast<uid_t>(row.uid));
  return request;
}

}  // namespace runbook
