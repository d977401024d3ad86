// requests/: where another OS user, who may not touch the database, drops what he answers.
// One file each, `RUN.RANDOM`, complete when it has that name; its owner is who, its change time is when
// (the kernel writes both). The directory is 1733: everybody may put, only the state's owner may look.
#pragma once
#include <vector>

#include "store/store.h"

namespace runbook {

struct DroppedRequest {
  std::string name;
  RunId run;
  Instant filed;
  std::int64_t uid = -1;
  std::string body;
};

Result<void, Failure> drop_request(int directory, const RunId& run, const std::string& body);
// Well-formed ones in order of filing; what is no request of ours (links, devices, too large, odd names) is removed.
std::vector<DroppedRequest> dropped_requests(int directory);
void remove_dropped(int directory, const std::string& name);

}  // namespace runbook
