// One stream on its way into its file: all of it up to the limit, beyond that its head and its tail.
// The file's second half is written round and round and put in order at the end, so no memory is needed for it.
#pragma once
#include <cstddef>

#include "supervisor/records.h"

namespace runbook {

class KeptOutput {
 public:
  KeptOutput(int file, std::uint64_t limit) : file_(file), head_(limit / 2), limit_(head_ * 2) {}
  void add(const unsigned char* bytes, std::size_t size);
  enum class Sync { yes, no };
  StreamRecord finish(Sync sync);

 private:
  void place(const unsigned char* bytes, std::size_t size, std::uint64_t offset);
  void order_tail();

  int file_;
  std::uint64_t head_, limit_, total_ = 0;
  bool lost_ = false;  // the file could not take it: counted, not kept
  Sha256Stream head_digest_, digest_;
};

}  // namespace runbook
