#include "cli/surroundings.h"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

using namespace runbook;
namespace fs = std::filesystem;

namespace {

// A tree with those parts of a system that are read.
class System {
 public:
  System() {
    char name[] = "/tmp/runbook-system-XXXXXX";
    root_ = ::mkdtemp(name);
  }
  ~System() { fs::remove_all(root_); }
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  System& with(const std::string& path, const std::string& text) {
    fs::create_directories(fs::path(root_ + path).parent_path());
    std::ofstream(root_ + path) << text;
    return *this;
  }
  Surroundings seen() const { return look_around(root_ + "/home/kim/state", "kim", root_); }
  const std::string& root() const { return root_; }

 private:
  std::string root_;
};

}  // namespace

TEST_CASE("a session in which nothing weakens the promise") {
  System system;
  system.with("/proc/self/cgroup", "0::/user.slice/user-1000.slice/session-3.scope\n")
      .with("/sys/fs/cgroup/cgroup.controllers", "")
      .with("/sys/fs/cgroup/user.slice/memory.oom.group", "0\n")
      .with("/etc/systemd/logind.conf", "[Login]\n#KillUserProcesses=yes\n");
  const auto seen = system.seen();
  CHECK(seen.state_problem.empty());
  CHECK(seen.in_session);
  CHECK_FALSE(seen.kills_user_processes);
  CHECK_FALSE(seen.in_user_manager);
  CHECK(seen.service.empty());
  CHECK(seen.oom_group.empty());
  CHECK_FALSE(fs::exists(system.root() + "/home"));  // nothing is made by looking
}

TEST_CASE("what weakens it is found where systemd and the kernel keep it") {
  System system;
  SECTION("a drop-in of logind, the last one counts") {
    system.with("/etc/systemd/logind.conf", "KillUserProcesses=no\n")
        .with("/etc/systemd/logind.conf.d/10.conf", "KillUserProcesses=yes\n")
        .with("/etc/systemd/logind.conf.d/20.other", "KillUserProcesses=no\n");
    CHECK(system.seen().kills_user_processes);
    system.with("/etc/systemd/logind.conf.d/30.conf", "KillUserProcesses=no\n");
    CHECK_FALSE(system.seen().kills_user_processes);
  }
  SECTION("a service") {
    system.with("/proc/self/cgroup", "0::/system.slice/deploy-agent.service\n");
    CHECK(system.seen().service == "deploy-agent.service");
  }
  SECTION("a service in the hybrid hierarchy") {
    system.with("/proc/self/cgroup", "4:memory:/x\n1:name=systemd:/system.slice/cron.service\n0::/\n");
    CHECK(system.seen().service == "cron.service");
  }
  SECTION("the user's manager, with and without linger") {
    system.with("/proc/self/cgroup", "0::/user.slice/user-1000.slice/user@1000.service/app.slice/run-7.scope\n");
    CHECK(system.seen().in_user_manager);
    CHECK(system.seen().service.empty());
    CHECK_FALSE(system.seen().lingers);
    system.with("/var/lib/systemd/linger/kim", "");
    CHECK(system.seen().lingers);
  }
  SECTION("a group that dies as a whole, above ours") {
    system.with("/proc/self/cgroup", "0::/kubepods/pod7/main\n")
        .with("/sys/fs/cgroup/cgroup.controllers", "")
        .with("/sys/fs/cgroup/kubepods/pod7/memory.oom.group", "1\n");
    CHECK(system.seen().oom_group == "/kubepods/pod7");
  }
}

TEST_CASE("a state directory that cannot be, and one on memory") {
  CHECK(look_around("/proc/nothing/here", "kim").keeps == Surroundings::Keeps::nothing);
  if (fs::exists("/dev/shm")) CHECK(look_around("/dev/shm/runbook", "kim").keeps == Surroundings::Keeps::doubtful);
}
