// What tells a file from its copy: inode and time of birth. A copied directory has another one.
#pragma once
#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <string>

namespace runbook {

// "inode.birth"; empty where it cannot be told.
inline std::string identity_of_file(int descriptor) {
  struct statx found {};
  if (::statx(descriptor, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &found) != 0) return "";
  const bool born = (found.stx_mask & STATX_BTIME) != 0;
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%llx.%llx.%x", static_cast<unsigned long long>(found.stx_ino),
                static_cast<unsigned long long>(born ? found.stx_btime.tv_sec : 0), born ? found.stx_btime.tv_nsec : 0U);
  return text.data();
}

}  // namespace runbook
