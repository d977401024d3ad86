// The text of one file with its line starts: from byte offsets to places.
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/place.h"

namespace runbook::yaml {

class SourceText {
 public:
  SourceText(std::string_view text, std::uint16_t file);

  std::string_view text() const { return text_; }
  std::size_t size() const { return text_.size(); }
  char operator[](std::size_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }
  std::uint16_t file() const { return file_; }

  // Of the bytes from `offset` on; `length` is cut at the end of the line.
  Place at(std::size_t offset, std::size_t length = 1) const;
  std::size_t line_start(std::size_t offset) const;
  std::size_t line_end(std::size_t offset) const;  // of its newline, or of the text's end
  // The line (from 1) without its newline; empty when there is none.
  std::string_view line(std::size_t number) const;
  std::size_t offset_of(std::size_t line_number) const { return starts_[line_number - 1]; }
  std::size_t line_number(std::size_t offset) const;
  std::size_t lines() const { return starts_.size(); }  // an empty one behind the last newline counts

 private:
  std::string_view text_;
  std::uint16_t file_;
  std::vector<std::uint32_t> starts_;
  mutable std::size_t last_ = 0;  // index of the line asked for last: questions come in ascending order
};

}  // namespace runbook::yaml
