#include "view/table.h"

#include <algorithm>

#include "base/text_width.h"

namespace runbook {

void Table::add(std::vector<std::string> cells, Ink ink, std::vector<std::string> below) {
  cells.resize(headings_.size());
  rows_.push_back({std::move(cells), ink, std::move(below)});
}

std::vector<std::size_t> Table::widths() const {
  std::vector<std::size_t> out;
  for (const auto& heading : headings_) out.push_back(display_width(heading));
  for (const auto& row : rows_)
    for (std::size_t c = 0; c < out.size(); ++c) out[c] = std::max(out[c], display_width(row.cells[c]));
  return out;
}

std::vector<std::string> Table::lines(std::size_t indent, const Style& style) const {
  const auto all = widths();
  std::size_t before_last = indent;
  for (std::size_t c = 0; c + 1 < all.size(); ++c) before_last += all[c] + 2;
  const auto columns = static_cast<std::size_t>(std::max(style.width, 40));
  const std::size_t room = columns > before_last + 16 ? columns - before_last : 16;

  const auto line_of = [&](const std::vector<std::string>& cells, std::string_view last) {
    std::string line(indent, ' ');
    for (std::size_t c = 0; c + 1 < all.size(); ++c) {
      const bool right = c < aligns_.size() && aligns_[c] == Align::right;
      line += (right ? pad_left(cells[c], all[c]) : pad_right(cells[c], all[c])) + "  ";
    }
    return line + std::string(last);
  };
  std::vector<std::string> out;
  if (std::any_of(headings_.begin(), headings_.end(), [](const auto& h) { return !h.empty(); }))
    out.push_back(ink(line_of(headings_, headings_.back()), Ink::faint, style));
  for (const auto& row : rows_) {
    const auto& text = row.cells.back();
    const auto last = last_ == Last::wraps ? wrap(text, room) : std::vector{display_width(text) > room ? fit(text, room) : text};
    out.push_back(ink(line_of(row.cells, last[0]), row.ink, style));
    for (std::size_t i = 1; i < last.size(); ++i) out.push_back(ink(std::string(before_last, ' ') + last[i], row.ink, style));
    out.insert(out.end(), row.below.begin(), row.below.end());
  }
  return out;
}

}  // namespace runbook
