#include "supervisor/program/kept_output.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace runbook {

void KeptOutput::add(const unsigned char* bytes, std::size_t size) {
  while (size > 0) {
    // Split where the head ends and where the tail's ring turns, so that each piece lies in one place.
    const bool in_head = total_ < head_;
    const auto begin = in_head ? total_ : head_ + (total_ - head_) % head_;
    const auto room = (in_head ? head_ : limit_) - begin;
    const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(size, room));
    place(bytes, piece, begin);
    if (in_head) head_digest_.add(bytes, piece);
    if (total_ < limit_) digest_.add(bytes, piece);
    total_ += piece;
    bytes += piece;
    size -= piece;
  }
}

void KeptOutput::place(const unsigned char* bytes, std::size_t size, std::uint64_t offset) {
  while (size > 0 && !lost_) {
    const auto written = ::pwrite(file_, bytes, size, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      lost_ = true;
      return;
    }
    bytes += written;
    size -= static_cast<std::size_t>(written);
    offset += static_cast<std::uint64_t>(written);
  }
}

void KeptOutput::order_tail() {
  if (head_ == 0) return;
  std::vector<unsigned char> ring(head_);
  for (std::uint64_t have = 0; have < head_;) {
    const auto got = ::pread(file_, &ring[have], head_ - have, static_cast<off_t>(head_ + have));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      lost_ = true;
      return;
    }
    have += static_cast<std::uint64_t>(got);
  }
  const auto oldest = static_cast<std::ptrdiff_t>((total_ - head_) % head_);
  std::rotate(ring.begin(), ring.begin() + oldest, ring.end());
  place(ring.data(), ring.size(), head_);
  digest_ = head_digest_;
  digest_.add(ring.data(), ring.size());
}

StreamRecord KeptOutput::finish(Sync sync) {
  if (total_ > limit_ && !lost_) order_tail();
  // After a failed sync nobody knows what the disk holds.
  if (sync == Sync::yes && total_ > 0 && ::fdatasync(file_) != 0) lost_ = true;
  StreamRecord record;
  record.total = total_;
  if (lost_) {
    record.state = StreamRecord::State::lost;
    return record;
  }
  record.state = total_ > limit_ ? StreamRecord::State::capped : StreamRecord::State::whole;
  record.kept = std::min(total_, limit_);
  record.digest = digest_.digest();
  return record;
}

}  // namespace runbook
