// A Markdown text as a list of blocks that know their lines: just enough of CommonMark for plans that people wrote by hand.
// Never fails: what is nothing else is a sentence.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace runbook::draft {

struct Block {
  enum class Kind { heading, code, item, sentence, row, output };  // output: told by the label above (outline.h)
  Kind kind = Kind::sentence;
  std::size_t line = 0;             // from 1; of code: of its first line inside the fence
  std::size_t depth = 0;            // of a heading 1 to 6; of an item how many items it stands in
  std::string text;                 // without markup; of code as it is, without the fence's indentation
  std::string language;             // of code: the word behind the fence
  bool is_box = false;              // an item with a check box
  bool is_numbered = false;         // an item with a number
  std::vector<std::string> cells;   // of a table's row
  std::vector<std::string> quotes;  // what stood between backticks
};

std::vector<Block> markdown_blocks(std::string_view text);

// From its first letter or digit: headings are decorated with pictures.
std::string_view undecorated(std::string_view heading);

// The lines of a section, from its heading to the next that is not below it; `heading` with or without what stands before its
// first letter. Empty heading: the whole text. Nothing: there is no such section.
struct Section {
  std::size_t line = 0;
  std::string text;
};
std::vector<Section> sections(std::string_view text, std::string_view heading);
// Twelve digits that stay the same while only blanks at line ends and around the section change.
std::string section_hash(std::string_view section);

}  // namespace runbook::draft
