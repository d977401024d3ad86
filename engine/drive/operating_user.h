// Who somebody is to the operating system: names are looked up here by uid, never believed from a request.
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

namespace runbook {

std::string user_name(uid_t uid);  // the number where it has no name here
std::vector<std::string> group_names(uid_t uid);

}  // namespace runbook
