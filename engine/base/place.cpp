#include "base/place.h"

#include <algorithm>

namespace runbook {

Place TextMap::at(std::size_t offset, std::size_t length) const {
  if (segments_.empty()) return {};
  auto next = std::upper_bound(segments_.begin(), segments_.end(), offset,
                               [](std::size_t o, const Segment& s) { return o < s.offset; });
  if (next != segments_.begin()) --next;
  Place place = next->place;
  place.column += static_cast<std::uint32_t>(offset - next->offset);
  place.length = static_cast<std::uint32_t>(std::max<std::size_t>(length, 1));
  return place;
}

}  // namespace runbook
