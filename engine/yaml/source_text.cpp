#include "yaml/source_text.h"

#include <algorithm>

namespace runbook::yaml {

SourceText::SourceText(std::string_view text, std::uint16_t file) : text_(text), file_(file), starts_{0} {
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1))
    starts_.push_back(static_cast<std::uint32_t>(end + 1));
}

std::size_t SourceText::line_number(std::size_t offset) const {
  if (starts_[last_] <= offset) {
    for (int near = 0; near < 8; ++near, ++last_)
      if (last_ + 1 == starts_.size() || starts_[last_ + 1] > offset) return last_ + 1;
  }
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
  last_ = static_cast<std::size_t>(next - starts_.begin()) - 1;
  return last_ + 1;
}

std::size_t SourceText::line_start(std::size_t offset) const { return offset_of(line_number(std::min(offset, text_.size()))); }

std::size_t SourceText::line_end(std::size_t offset) const { return std::min(text_.find('\n', offset), text_.size()); }

std::string_view SourceText::line(std::size_t number) const {
  if (number == 0 || number > starts_.size()) return {};
  const std::size_t begin = offset_of(number);
  std::size_t end = line_end(begin);
  if (end > begin && text_[end - 1] == '\r') --end;
  return text_.substr(begin, end - begin);
}

Place SourceText::at(std::size_t offset, std::size_t length) const {
  offset = std::min(offset, text_.size());
  const std::size_t number = line_number(offset);
  const std::size_t room = (number < starts_.size() ? starts_[number] - 1 : text_.size()) - offset;
  return {file_, static_cast<std::uint32_t>(number), static_cast<std::uint32_t>(offset - offset_of(number) + 1),
          static_cast<std::uint32_t>(std::max<std::size_t>(std::min(length, room), 1))};
}

}  // namespace runbook::yaml
