// Which file systems keep what they were told to keep: an allow list, because a lost sync is only noticed afterwards.
#pragma once
#include <string>

#include "base/safe_file.h"

namespace runbook {

enum class Trust { trusted, warned, refused };
struct FileSystem {
  std::string name;
  Trust trust = Trust::refused;
};

FileSystem file_system_of(int descriptor);
// btrfs: no copy-on-write for files made in this directory from now on; elsewhere nothing.
void write_in_place(int directory);
// ext4: each directory made in this one gets a block group of its own (chattr +T); elsewhere nothing. An attempt makes three
// files, and in a group where many were deleted in the last minutes each costs a search (a fifth of a step (measured)).
void spread_out(int directory);

}  // namespace runbook
