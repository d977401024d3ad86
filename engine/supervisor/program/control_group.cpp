#include "supervisor/program/control_group.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace runbook {
namespace {

std::string text_of(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return "";
  std::array<char, 4096> bytes{};
  const auto size = ::read(file, bytes.data(), bytes.size());
  ::close(file);
  return size > 0 ? std::string(bytes.data(), static_cast<std::size_t>(size)) : "";
}

void write_one(const std::string& path, char what) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  if (::write(file, &what, 1) < 0) {}
  ::close(file);
}

// "0::/user.slice/..." in the unified hierarchy, which is mounted in one of two places.
std::string own_group() {
  const auto list = text_of("/proc/self/cgroup");
  const auto line = list.rfind("0::", 0) == 0 ? 0 : list.find("\n0::");
  if (line == std::string::npos) return "";
  const auto begin = list.find('/', line);
  const auto end = list.find('\n', begin);
  const auto group = begin == std::string::npos ? "" : list.substr(begin, end - begin);
  for (const std::string root : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"})
    if (::access((root + "/cgroup.controllers").c_str(), F_OK) == 0) return root + group;
  return "";
}

}  // namespace

ControlGroup::ControlGroup() {
  if (::geteuid() == 0) return;
  const auto parent = own_group();
  // Moving a process needs both: the right to write here, and in the group that is common to both.
  if (parent.empty() || ::access((parent + "/cgroup.procs").c_str(), W_OK) != 0) return;
  const auto path = parent + "/runbook-" + std::to_string(::getpid());
  ::rmdir(path.c_str());  // of a killed supervisor that had our pid
  if (::mkdir(path.c_str(), 0755) != 0) return;
  path_ = path;
  processes_ = path + "/cgroup.procs";
  kill_ = path + "/cgroup.kill";
  events_ = path + "/cgroup.events";
}

ControlGroup::~ControlGroup() {
  if (!path_.empty()) ::rmdir(path_.c_str());
}

void ControlGroup::enter() const {
  if (!path_.empty()) write_one(processes_, '0');
}

void ControlGroup::kill() const {
  if (!path_.empty()) write_one(kill_, '1');
}

bool ControlGroup::empty() const { return path_.empty() || text_of(events_).find("populated 1") == std::string::npos; }

}  // namespace runbook
