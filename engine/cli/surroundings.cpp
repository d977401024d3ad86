#include "cli/surroundings.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

#include "action/supervised.h"
#include "base/safe_file.h"
#include "net/net.h"
#include "store/file_system.h"
#include "store/store.h"

namespace runbook {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_file = 1U << 20U;

std::string text_of(const std::string& path) { return read_file(path, longest_file).value_or(""); }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

// The deepest directory of the path that exists: what is missing would be made there.
std::string existing_part(fs::path path) {
  std::error_code error;
  while (!fs::is_directory(path, error) && path.has_parent_path() && path != path.parent_path()) path = path.parent_path();
  return path.string();
}

void look_at_state(const std::string& directory, Surroundings& out) {
  out.state_directory = directory;
  const auto place = existing_part(directory);
  const auto opened = open_file(place, O_RDONLY | O_DIRECTORY);
  if (!opened) {
    out.state_problem = opened.error();
    out.keeps = Surroundings::Keeps::nothing;
    return;
  }
  // A file without a name: tells what access() cannot (a read-only mount, a quota), and leaves nothing behind.
  const Descriptor file(::openat(opened->get(), ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
  const bool can_tell = file || errno != EOPNOTSUPP;
  if (!file && (can_tell || ::access(place.c_str(), W_OK) != 0)) out.state_problem = std::strerror(errno);
  std::error_code error;
  if (fs::exists(fs::path(directory) / "state.db", error)) {
    const auto store = open_sqlite_store(directory, Access::read);
    const auto rows = store ? (*store)->runs() : Stored<std::vector<RunRow>>(failure(store.error()));
    if (!rows && rows.error().kind == StoreError::Kind::damaged) out.state_damage = rows.error().what;
  }
  const auto system = file_system_of(opened->get());
  out.file_system = system.name;
  out.keeps = system.trust == Trust::trusted  ? Surroundings::Keeps::synced
              : system.trust == Trust::warned ? Surroundings::Keeps::doubtful
                                              : Surroundings::Keeps::nothing;
}

// "/user.slice/user-1000.slice/session-3.scope": of the unified hierarchy, or of systemd's own where there is none in use.
std::string control_group(const std::string& root) {
  std::string unified, systemd;
  for (const auto& line : lines_of(text_of(root + "/proc/self/cgroup"))) {
    if (line.starts_with("0::")) unified = line.substr(3);
    if (const auto at = line.find(":name=systemd:"); at != std::string::npos) systemd = line.substr(at + 14);
  }
  return unified.size() > 1 || systemd.empty() ? unified : systemd;
}

// systemd's KEY=yes, in the file or in a drop-in; the last one counts.
bool is_set(const std::string& path, const std::string& key) {
  std::vector<std::string> files{path};
  std::error_code error;
  std::vector<std::string> more;
  for (const auto& entry : fs::directory_iterator(path + ".d", error))
    if (entry.path().extension() == ".conf") more.push_back(entry.path().string());
  std::sort(more.begin(), more.end());
  files.insert(files.end(), more.begin(), more.end());
  bool set = false;
  for (const auto& file : files)
    for (const auto& line : lines_of(text_of(file)))
      if (line.starts_with(key + "=")) {
        const auto value = line.substr(key.size() + 1);
        set = value == "yes" || value == "true" || value == "1" || value == "on";
      }
  return set;
}

void look_at_groups(const std::string& root, const std::string& user, Surroundings& out) {
  const auto group = control_group(root);
  out.in_user_manager = group.find("/user@") != std::string::npos;
  out.in_session = group.find("/session-") != std::string::npos;
  const auto name = group.substr(group.rfind('/') + 1);
  // user@1000.service is a service too, and what ends with it is told apart.
  if (name.ends_with(".service") && !name.starts_with("user@")) out.service = name;
  out.lingers = fs::exists(root + "/var/lib/systemd/linger/" + user);
  out.kills_user_processes = is_set(root + "/etc/systemd/logind.conf", "KillUserProcesses");

  const std::string unified =
      fs::exists(root + "/sys/fs/cgroup/cgroup.controllers") ? root + "/sys/fs/cgroup" : root + "/sys/fs/cgroup/unified";
  for (auto part = group; part.size() > 1; part = part.substr(0, part.rfind('/')))
    if (text_of(unified + part + "/memory.oom.group").starts_with("1")) out.oom_group = part;
  const auto own = unified + (group == "/" ? "" : group);
  out.can_delegate =
      ::geteuid() == 0 || (::access((own + "/cgroup.procs").c_str(), W_OK) == 0 && ::access(own.c_str(), W_OK) == 0);
}

}  // namespace

Surroundings look_around(const std::string& state_directory, const std::string& user, const std::string& root) {
  Surroundings out;
  look_at_state(state_directory, out);
  if (const auto supervisor = open_supervisor(); !supervisor) out.supervisor_problem = supervisor.error();
  if (const auto net = load_net(); !net) out.network_problem = net.error();
  out.is_first_process = ::getpid() == 1;
  look_at_groups(root, user, out);
  return out;
}

}  // namespace runbook
