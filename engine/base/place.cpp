#include "base/place.h"

#include <algorithm>

namespace runbook {

Place TextMap::at(std::size_t offset, std::size_t length) const {
  Segment segment{0, start_};
  if (rest_) {
    const auto next =
        std::upper_bound(rest_->begin(), rest_->end(), offset, [](std::size_t o, const Segment& s) { return o < s.offset; });
    if (next != rest_->begin()) segment = *std::prev(next);
  }
  Place place = segment.place;
  if (place.line == 0) return {};
  place.column += static_cast<std::uint32_t>(offset - segment.offset);
  place.length = static_cast<std::uint32_t>(std::max<std::size_t>(length, 1));
  return place;
}

}  // namespace runbook
