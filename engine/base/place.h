// Where something stands in a text that somebody wrote: the caret of every message starts here.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/boxed.h"
#include "base/shared_text.h"

namespace runbook {

struct Place {
  std::uint16_t file = 0;    // index into Sources
  std::uint32_t line = 0;    // from 1; 0 = nowhere in a file
  std::uint32_t column = 0;  // from 1, in bytes
  std::uint32_t length = 1;  // bytes to underline, within the line
  bool operator==(const Place&) const = default;
};

// Leads from an offset in a decoded text (a YAML scalar without quotes, escapes, indentation) back to its place in the file.
class TextMap {
 public:
  TextMap() = default;
  explicit TextMap(Place start) { add(0, start); }
  // From `offset` on the text lies at `place`, byte for byte, until the next segment. Offsets ascend.
  void add(std::uint32_t offset, Place place) {
    if (start_.line == 0) start_ = place;
    if (offset != 0) rest_.made().push_back({offset, place});
  }
  Place at(std::size_t offset, std::size_t length = 1) const;
  // Most texts lie on one line as they are.
  bool is_in_one_piece() const { return !rest_; }
  // visit(offset, place) of each further segment.
  template <class Visit>
  void each_further(const Visit& visit) const {
    if (!rest_) return;
    for (const auto& [offset, place] : *rest_) visit(std::size_t{offset}, place);
  }
  bool operator==(const TextMap&) const = default;

 private:
  struct Segment {
    std::uint32_t offset = 0;
    Place place;
    bool operator==(const Segment&) const = default;
  };
  Place start_;
  Boxed<std::vector<Segment>> rest_;  // most texts lie on one line as they are: nothing for these
};

// The files that a runbook was read from. Index 0 is the one that the operator named.
struct SourceFile {
  std::string name;  // as shown in messages
  std::string path;  // absolute
  SharedText text;
  bool operator==(const SourceFile&) const = default;
};
using Sources = std::vector<SourceFile>;

}  // namespace runbook
