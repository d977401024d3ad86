#include "drive/operating_user.h"

#include <grp.h>
#include <pwd.h>

namespace runbook {

std::string user_name(uid_t uid) {
  const passwd* entry = ::getpwuid(uid);
  return entry != nullptr ? entry->pw_name : std::to_string(uid);
}

std::vector<std::string> group_names(uid_t uid) {
  const passwd* entry = ::getpwuid(uid);
  if (entry == nullptr) return {};
  const std::string name = entry->pw_name;
  std::vector<gid_t> ids(64);
  int count = static_cast<int>(ids.size());
  while (::getgrouplist(name.c_str(), entry->pw_gid, ids.data(), &count) < 0) ids.resize(static_cast<std::size_t>(count));
  ids.resize(static_cast<std::size_t>(count));
  std::vector<std::string> out;
  for (const gid_t id : ids)
    if (const group* found = ::getgrgid(id)) out.emplace_back(found->gr_name);
  return out;
}

}  // namespace runbook
