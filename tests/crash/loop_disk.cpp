#include "tests/crash/loop_disk.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "base/safe_file.h"
#include "tests/support/servers.h"

namespace runbook::tests {
namespace {

constexpr auto shut_down = _IOR('X', 125, std::uint32_t);  // FS_IOC_SHUTDOWN: ext4 and xfs share it
constexpr std::uint32_t no_log_flush = 2;

// In a namespace that others copied, a mount lives as long as the longest of them.
void keep_mounts_to_ourselves() {
  static pid_t alone = 0;
  if (alone == ::getpid()) return;
  if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    throw std::runtime_error("no mount namespace");
  alone = ::getpid();
}

}  // namespace

std::string LoopDisk::why_not(const std::string& type) {
  if (::geteuid() != 0) return "needs root";
  try {
    LoopDisk trial(type);
    trial.format();
    trial.cut();
    return {};
  } catch (const std::exception& problem) { return problem.what(); }
}

LoopDisk::LoopDisk(const std::string& type, const std::string& size) : type_(type) {
  char folder[] = "/tmp/runbook-disk-XXXXXX";
  if (::mkdtemp(folder) == nullptr) throw std::runtime_error("no scratch folder");
  folder_ = folder;
  path_ = folder_ + "/mounted";
  std::filesystem::create_directory(path_);
  device_ = output_of("truncate -s " + size + " " + folder_ + "/image && losetup --find --show " + folder_ + "/image 2>&1");
  device_.erase(device_.find_last_not_of('\n') + 1);
}

LoopDisk::~LoopDisk() {
  try {
    unmount();
    output_of("losetup --detach " + device_ + " 2>&1; rm -rf " + folder_);
  } catch (const std::exception& problem) { std::fprintf(stderr, "%s\n", problem.what()); }
}

void LoopDisk::format() {
  keep_mounts_to_ourselves();
  unmount();
  output_of("mkfs." + type_ + (type_ == "xfs" ? " -f" : " -F") + " -q " + device_ + " 2>&1");
  mount();
}

void LoopDisk::cut() const {
  const Descriptor root(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  std::uint32_t how = no_log_flush;
  if (!root || ::ioctl(root.get(), shut_down, &how) != 0) throw std::runtime_error("this file system cannot be shut down");
}

void LoopDisk::plug_in() {
  unmount();
  mount();
}

void LoopDisk::mount() {
  output_of("mount -t " + type_ + " " + device_ + " " + path_ + " 2>&1");
  mounted_ = true;
}

void LoopDisk::unmount() {
  if (!mounted_) return;
  output_of("umount " + path_ + " 2>&1");
  mounted_ = false;
  // The mount namespace of what was killed goes a moment later; until then a mount would find the old, dead file system.
  const std::string alive = "/sys/fs/" + type_ + device_.substr(device_.rfind('/'));
  for (int i = 0; std::filesystem::exists(alive); ++i) {
    if (i > 5000) throw std::runtime_error(path_ + " is still in use");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace runbook::tests
