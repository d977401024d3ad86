#include "supervisor/process_table.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstring>
#include <map>
#include <memory>

namespace runbook {
namespace {

std::string slurp(const std::string& path) {
  std::string out;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return out;
  std::array<char, 8192> buffer;
  ssize_t size = 0;
  while ((size = ::read(file, buffer.data(), buffer.size())) > 0) out.append(buffer.data(), static_cast<std::size_t>(size));
  ::close(file);
  return out;
}

std::string proc(pid_t pid, const char* what) { return "/proc/" + std::to_string(pid) + "/" + what; }

std::vector<pid_t> all_pids() {
  std::vector<pid_t> out;
  const std::unique_ptr<DIR, int (*)(DIR*)> listing(::opendir("/proc"), &::closedir);
  if (!listing) return out;
  while (const auto* entry = ::readdir(listing.get())) {
    pid_t pid = 0;
    const char* end = entry->d_name + std::strlen(entry->d_name);
    const auto parsed = std::from_chars(entry->d_name, end, pid);
    if (parsed.ec == std::errc() && parsed.ptr == end) out.push_back(pid);
  }
  return out;
}

}  // namespace

std::optional<ProcessState> process_state(pid_t pid) {
  const auto text = slurp(proc(pid, "stat"));
  // "pid (command) state ppid pgrp ...": the command may hold blanks and parentheses.
  const auto open = text.find('('), close = text.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close + 2 >= text.size()) return std::nullopt;
  ProcessState out;
  out.command = text.substr(open + 1, close - open - 1);
  const char* at = text.data() + close + 2;
  const char* const end = text.data() + text.size();
  out.state = *at;
  for (int field = 3; at < end; ++field) {
    if (field == 4) std::from_chars(at, end, out.parent);
    if (field == 5) std::from_chars(at, end, out.group);
    if (field == 22) {
      std::from_chars(at, end, out.start);
      return out;
    }
    at = static_cast<const char*>(std::memchr(at, ' ', static_cast<std::size_t>(end - at)));
    if (at == nullptr) return std::nullopt;
    ++at;
  }
  return std::nullopt;
}

std::optional<ProcessIdentity> identity_of_process(pid_t pid) {
  const auto found = process_state(pid);
  if (!found) return std::nullopt;
  return ProcessIdentity{pid, found->start};
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> out;
  const auto path = proc(pid, "task/") + std::to_string(pid) + "/children";
  if (::access(path.c_str(), R_OK) == 0) {
    const auto text = slurp(path);
    for (const char *at = text.data(), *end = at + text.size(); at < end;) {
      pid_t child = 0;
      const auto parsed = std::from_chars(at, end, child);
      if (parsed.ec == std::errc()) out.push_back(child);
      at = parsed.ptr + 1;
    }
    return out;
  }
  for (const auto other : all_pids())  // a kernel without CONFIG_PROC_CHILDREN
    if (const auto state = process_state(other); state && state->parent == pid) out.push_back(other);
  return out;
}

std::string describe_process(pid_t pid) {
  const auto state = process_state(pid);
  if (!state) return std::to_string(pid);
  struct stat owner {};
  const bool known = ::stat(proc(pid, "").c_str(), &owner) == 0;
  const auto user = !known ? std::string("?") : owner.st_uid == 0 ? std::string("root") : "uid " + std::to_string(owner.st_uid);
  return std::to_string(pid) + " " + state->command + " (" + user + ", " + state->state + ")";
}

std::vector<pid_t> supervisors_of(const std::string& attempts_path) {
  std::map<pid_t, pid_t> found_of;  // with its parent
  struct stat wanted {};
  if (::stat(attempts_path.c_str(), &wanted) != 0) return {};
  for (const auto pid : all_pids()) {
    const auto state = process_state(pid);
    if (!state || state->command != supervisor_name) continue;
    const auto folder = proc(pid, "fd");
    const std::unique_ptr<DIR, int (*)(DIR*)> listing(::opendir(folder.c_str()), &::closedir);
    if (!listing) continue;
    while (const auto* entry = ::readdir(listing.get())) {
      struct stat found {};
      const bool same = ::stat((folder + "/" + entry->d_name).c_str(), &found) == 0 && found.st_dev == wanted.st_dev &&
                        found.st_ino == wanted.st_ino;
      if (!same) continue;
      found_of.emplace(pid, state->parent);
      break;
    }
  }
  // What a supervisor has forked looks like it until it has become the pump or the leader.
  std::vector<pid_t> out;
  for (const auto& [pid, parent] : found_of)
    if (found_of.count(parent) == 0) out.push_back(pid);
  return out;
}

std::vector<pid_t> processes_with(const std::string& environment_entry) {
  std::vector<pid_t> out;
  const auto begins = environment_entry + '\0', within = '\0' + begins;
  for (const auto pid : all_pids()) {
    const auto environment = slurp(proc(pid, "environ"));
    if (environment.compare(0, begins.size(), begins) == 0 || environment.find(within) != std::string::npos) out.push_back(pid);
  }
  return out;
}

std::string world() {
  auto boot = slurp("/proc/sys/kernel/random/boot_id");
  while (!boot.empty() && boot.back() == '\n') boot.pop_back();
  struct stat space {};
  const bool known = ::stat("/proc/self/ns/pid", &space) == 0;
  const auto first = process_state(1);
  return boot + "/" + (known ? std::to_string(space.st_ino) : "-") + "/" + (first ? std::to_string(first->start) : "-");
}

}  // namespace runbook
