#include "store/file_system.h"

#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>

namespace runbook {
namespace {

struct Known {
  unsigned long magic;
  const char* name;
  Trust trust;
};
constexpr unsigned long ext4 = 0xef53UL, btrfs = 0x9123683eUL;
constexpr std::array<Known, 8> known{{
    {ext4, "ext4", Trust::trusted},
    {0x58465342UL, "xfs", Trust::trusted},
    {btrfs, "btrfs", Trust::trusted},
    {0x2fc12fc1UL, "zfs", Trust::trusted},
    {0xf2f52010UL, "f2fs", Trust::trusted},
    {0x794c7630UL, "overlay", Trust::warned},
    {0x01021994UL, "tmpfs", Trust::warned},
    {0x6969UL, "nfs", Trust::refused},
}};

unsigned long magic_of(int descriptor) {
  struct statfs found {};
  if (::fstatfs(descriptor, &found) != 0) return 0;
  return static_cast<unsigned long>(found.f_type) & 0xffffffffUL;
}

void add_flag(int directory, int flag) {
  int flags = 0;
  if (::ioctl(directory, FS_IOC_GETFLAGS, &flags) != 0) return;
  flags |= flag;
  ::ioctl(directory, FS_IOC_SETFLAGS, &flags);
}

}  // namespace

FileSystem file_system_of(int descriptor) {
  const auto magic = magic_of(descriptor);
  const auto* row = std::find_if(known.begin(), known.end(), [&](const Known& k) { return k.magic == magic; });
  if (row == known.end()) return {fmt::format("type 0x{:x}", magic), Trust::refused};
  return {row->name, row->trust};
}

void write_in_place(int directory) {
  if (magic_of(directory) == btrfs) add_flag(directory, FS_NOCOW_FL);
}

void spread_out(int directory) {
  if (magic_of(directory) == ext4) add_flag(directory, FS_TOPDIR_FL);
}

}  // namespace runbook
