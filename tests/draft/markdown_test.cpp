// Plans as people write them, read line by line.
#include "draft/markdown.h"

#include <catch2/catch.hpp>

using namespace runbook::draft;

namespace {

// "1 h1 Title", "3 item0 [ ] text", "7 code bash": the kind of every block with its line.
std::string shown(std::string_view text) {
  std::string out;
  for (const auto& block : markdown_blocks(text)) {
    out += std::to_string(block.line) + " ";
    switch (block.kind) {
      case Block::Kind::heading: out += "h" + std::to_string(block.depth) + " " + block.text; break;
      case Block::Kind::code: out += "code(" + block.language + ") " + block.text.substr(0, block.text.find('\n')); break;
      case Block::Kind::item:
        out += "item" + std::to_string(block.depth) + (block.is_numbered ? "# " : " ") + (block.is_box ? "[] " : "") + block.text;
        break;
      case Block::Kind::sentence: out += block.text; break;
      case Block::Kind::output: out += "output"; break;
      case Block::Kind::row:
        for (const auto& cell : block.cells) out += "|" + cell;
        break;
    }
    out += "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("headings, items, boxes, code and tables know their lines") {
  struct Case {
    const char* text;
    const char* blocks;
  };
  const auto one = GENERATE(values<Case>({
      {"# A\n\n## B ##\nC\n===\nD\n---\n", "1 h1 A\n3 h2 B\n4 h1 C\n6 h2 D\n"},
      {"#no heading\n####### nor this\n", "1 #no heading\n2 ####### nor this\n"},
      {"- a\n  - [ ] b\n  - [x] c\n1. d\n2) e\n", "1 item0 a\n2 item1 [] b\n3 item1 [] c\n4 item0# d\n5 item0# e\n"},
      {"1. **Do** `it`\n   ```bash\n   run \\\n     me\n   ```\n", "1 item0# Do it\n3 code(bash) run \\\n"},
      {"~~~\n```\n# no heading\n~~~\nafter\n", "2 code() ```\n5 after\n"},
      {"```\nnever closed\n# still code\n", "2 code() never closed\n"},
      {"text\n\n    indented\n    code\n\nmore\n", "1 text\n3 code() indented\n6 more\n"},
      {"| a | b |\n|---|:-:|\n| `x` | y \\| z |\n", "1 |a|b\n3 |x|y | z\n"},
      {"---\ntitle: front matter\n---\n# A\n", "4 h1 A\n"},
      {"<!-- # hidden\n- [ ] hidden -->\nshown\n", "3 shown\n"},
      {"a [link](http://x/y) and [box]\n***\n", "1 a link and [box]\n"},
      {"# A\r\n- [ ] b\r\n", "1 h1 A\n2 item0 [] b\n"},
      {"", ""},
      {"# \n-\n```", "1 h2 #\n4 code() \n"},
  }));
  INFO(one.text);
  CHECK(shown(one.text) == one.blocks);
}

TEST_CASE("a section ends where the next one of its level begins, and is found without its picture") {
  const std::string text = "# A\n## 🚨 긴급\nfirst\n### below\nsecond\n```\n## no heading\n```\n## C\nthird\n";
  const auto found = sections(text, "긴급");
  REQUIRE(found.size() == 1);
  CHECK(found[0].line == 2);
  CHECK(found[0].text == "## 🚨 긴급\nfirst\n### below\nsecond\n```\n## no heading\n```\n");
  CHECK(sections(text, "🚨 긴급").size() == 1);
  CHECK(sections(text, "nothing").empty());
  CHECK(sections(text, "").size() == 1);
  CHECK(sections("# A\n# A\n", "A").size() == 2);
}

TEST_CASE("the hash of a section changes with its words, not with blanks at its ends") {
  const auto hash = section_hash("## A\none\ntwo\n");
  CHECK(hash.size() == 12);
  CHECK(section_hash("## A  \r\none\r\ntwo\r\n\n---\n\n") == hash);
  CHECK(section_hash("## A\none\nthree\n") != hash);
  CHECK(section_hash("## A\none\n\ntwo\n") != hash);
}
