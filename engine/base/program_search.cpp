#include "base/program_search.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace runbook {
namespace {

bool can_be_run(const std::string& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(file.c_str(), X_OK) == 0;
}

}  // namespace

bool is_program(const std::string& name, const std::string& path) {
  if (name.empty()) return false;
  if (name.find('/') != std::string::npos) return can_be_run(name);
  for (std::size_t begin = 0; begin <= path.size();) {
    const auto end = std::min(path.find(':', begin), path.size());
    const std::string folder = path.substr(begin, end - begin);
    if (can_be_run((folder.empty() ? "." : folder) + "/" + name)) return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace runbook
