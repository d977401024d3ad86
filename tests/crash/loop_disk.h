// A file system of our own on a loop device, whose power can be cut: what was not synced is gone, as `kill -9` cannot show.
#pragma once
#include <string>

namespace runbook::tests {

class LoopDisk {
 public:
  explicit LoopDisk(const std::string& type,
                    const std::string& size = "320M");  // "ext4", "xfs" (which wants 300 MB); throws where it cannot be made
  LoopDisk(const LoopDisk&) = delete;
  LoopDisk& operator=(const LoopDisk&) = delete;
  ~LoopDisk();

  static std::string why_not(const std::string& type);  // why there can be none here; empty where there can
  const std::string& path() const { return path_; }     // where it is mounted
  void format();                                        // empty, and mounted: for this process and its children alone
  // From now on nothing reaches the device, not even what its log still holds in memory.
  void cut() const;
  void plug_in();  // after a cut, when nobody uses it any more

 private:
  void mount();
  void unmount();

  std::string type_, folder_, path_, device_;
  bool mounted_ = false;
};

}  // namespace runbook::tests
