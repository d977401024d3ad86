// Rows of cells padded by display width, so that Hangul and Latin line up. The last column wraps below itself, or is cut.
#pragma once
#include <string>
#include <vector>

#include "view/style.h"

namespace runbook {

class Table {
 public:
  enum class Align { left, right };
  enum class Last { wraps, cut };  // of the last column
  // An empty heading for every column: no line of headings.
  explicit Table(std::vector<std::string> headings, std::vector<Align> aligns = {}, Last last = Last::wraps)
      : headings_(std::move(headings)),
        aligns_(std::move(aligns)),
        last_(last) {}

  struct Row {
    std::vector<std::string> cells;
    Ink ink = Ink::plain;
    std::vector<std::string> below;
  };
  // `below`: whole lines that follow the row (an explanation).
  void add(std::vector<std::string> cells, Ink ink = Ink::plain, std::vector<std::string> below = {});
  bool empty() const { return rows_.empty(); }
  std::vector<std::string> lines(std::size_t indent, const Style& style) const;

 private:
  std::vector<std::size_t> widths() const;
  std::vector<std::string> headings_;
  std::vector<Align> aligns_;
  Last last_;
  std::vector<Row> rows_;
};

}  // namespace runbook
