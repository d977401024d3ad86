#include <algorithm>
#include <chrono>

#include "tests/yaml/read.h"

using namespace runbook;
using namespace runbook::yaml;
using namespace runbook::yaml::tests;

namespace {

std::string shape_of(const Scalar& scalar) {
  return (scalar.style == Scalar::Style::plain    ? ""
          : scalar.style == Scalar::Style::quoted ? "q"
                                                  : "b") +
         std::string("<") + scalar.text + ">";
}
std::string shape_of(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null: return "null";
    case Node::Kind::scalar: return shape_of(static_cast<const Scalar&>(node));
    case Node::Kind::sequence: {
      std::string all = "[";
      for (const Node& item : node.items) all += (all.size() > 1 ? " " : "") + shape_of(item);
      return all + "]";
    }
    case Node::Kind::map: {
      std::string all = "{";
      for (const auto& [key, value] : node.entries) all += (all.size() > 1 ? " " : "") + shape_of(key) + ":" + shape_of(value);
      return all + "}";
    }
  }
  return {};
}
std::string place(const Place& at) {
  return std::to_string(at.line) + ":" + std::to_string(at.column) + "+" + std::to_string(at.length);
}
// What stands in the source where the decoded text's `part` begins.
std::string behind(const std::string& text, const Node& node, const std::string& part) {
  const auto offset = node.text.find(part);
  REQUIRE(offset != std::string::npos);
  const Place at = node.map().at(offset, part.size());
  std::size_t start = 0;
  for (std::uint32_t n = 1; n < at.line; ++n) start = text.find('\n', start) + 1;
  return std::to_string(at.line) + ":" + std::to_string(at.column) + " " + text.substr(start + at.column - 1, at.length);
}

}  // namespace

TEST_CASE("scalars stay raw, and remember how they were written") {
  struct Case {
    const char* text;
    const char* shape;
  };
  const auto c = GENERATE(values<Case>({
      {"a: no\nb: 0777\nc: 3.10\nd: 1e3\ne: 2026-01-01\n", "{<a>:<no> <b>:<0777> <c>:<3.10> <d>:<1e3> <e>:<2026-01-01>}"},
      {"a: \"x\\ty\\u00e9\"\nb: 'it''s'\n", "{<a>:q<x\ty\u00e9> <b>:q<it's>}"},
      {"a: |\n  x\n   y\n\n  z\nb: >-\n  p\n  q\n", "{<a>:b<x\n y\n\nz\n> <b>:b<p q>}"},
      {"a: b\n  c\n", "{<a>:<b c>}"},
      {"a:\nb: ~\nc: null\nd: ''\n", "{<a>:null <b>:null <c>:null <d>:q<>}"},
      {"null: 1\n~: 2\n", "{<null>:<1> <~>:<2>}"},
      {"- a\n-\n- [b, {c: d}]\n", "[<a> null [<b> {<c>:<d>}]]"},
      {"base: &b {x: 1}\nuse: *b\n", "{<base>:{<x>:<1>} <use>:{<x>:<1>}}"},
      {"a: \"x # y\"\n", "{<a>:q<x # y>}"},
      {"\xEF\xBB\xBF"
       "a: 1\n",
       "{<a>:<1>}"},
      {"a: 1\r\nb: |\r\n  x\r\n", "{<a>:<1> <b>:b<x\n>}"},
      {"- 롤백 후: 서비스 정상\n", "[{<롤백 후>:<서비스 정상>}]"},  // whoever wants a sentence here says what happened
      {"contact: [연락처 정보]\n", "{<contact>:[<연락처 정보>]}"},
  }));
  INFO(c.text);
  CHECK(shape_of(parsed(c.text)) == c.shape);
}

TEST_CASE("keys and values know their places, in bytes") {
  const Node root = parsed("a: one\n제목: \"둘\"\nlist:\n  - x\n  -   yy\nempty:\n\nlast: {k: v}\n");
  CHECK(place(root.find("a")->at) == "1:4+3");
  CHECK(place(root.key("제목")->at) == "2:1+6");
  CHECK(place(root.find("제목")->at) == "2:9+5");
  CHECK(place(root.find("list")->items[1].at) == "5:7+2");
  CHECK(place(root.find("empty")->at) == "6:1+5");  // of a null: its key's
  CHECK(place(root.find("last")->at).starts_with("8:7"));
  CHECK(root.find("last")->flow);
  CHECK(place(root.find("last")->key("k")->at) == "8:8+1");
}

TEST_CASE("from inside a decoded text the way leads back to where it was written") {
  struct Case {
    const char* text;
    const char* part;
    const char* found;
  };
  const auto c = GENERATE(values<Case>({
      {"a: x == yy\n", "yy", "1:9 yy"},
      {"a: 'it''s yy'\n", "yy", "1:11 yy"},
      {"a: \"\\u00e9\\t yy\"\n", "yy", "1:14 yy"},
      {"a: |\n  first\n    yy\n", "yy", "3:5 yy"},
      {"a: |\n\n\n  first\n\n  yy z\n", "yy", "6:3 yy"},
      {"a: >\n  first\n  second yy\n", "yy", "3:10 yy"},
      {"a: >-\n  first\n\n  yy\n", "yy", "4:3 yy"},
      {"a: first\n   yy\n", "yy", "2:4 yy"},
      {"a: \"first\n   yy\"\n", "yy", "2:4 yy"},
      {"a: \"first \\\n   yy\"\n", "yy", "2:4 yy"},
      {"a: 롤백 yy\n", "yy", "1:11 yy"},
      {"a: |2\n   x\n  yy\n", "yy", "3:3 yy"},
      {"a: |\r\n  x\r\n  yy\r\n", "yy", "3:3 yy"},
      {"- - a: |-\n      x\n      yy\n", "yy", "3:7 yy"},
  }));
  INFO(c.text);
  const Node root = parsed(c.text);
  const Node* node = root.kind == Node::Kind::map ? root.find("a") : root.items[0].items[0].find("a");
  CHECK(behind(c.text, *node, c.part) == c.found);
}

TEST_CASE("what is no text is refused before it is parsed, at its place") {
  using namespace std::string_literals;
  struct Case {
    std::string text;
    const char* says;
  };
  const auto c = GENERATE(values<Case>({
      {"", "RB107: the file has no content"},
      {" \n\t\n", "RB107: the file has no content"},
      {"a: \xff\n",
       "RB102 1:4 `\xff`: this is not valid UTF-8 (save the file as UTF-8; out of CP949: iconv -f cp949 -t utf-8 OLD > NEW)"},
      {"a: 1\nb: \xc3\n",
       "RB102 2:4 `\xc3`: this is not valid UTF-8 (save the file as UTF-8; out of CP949: iconv -f cp949 -t utf-8 OLD > NEW)"},
      {"a: \xc0\xaf\n",
       "RB102 1:4 `\xc0`: this is not valid UTF-8 (save the file as UTF-8; out of CP949: iconv -f cp949 -t utf-8 OLD > NEW)"},  // overlong
      {"a: \xed\xa0\x80\n",
       "RB102 1:4 `\xed`: this is not valid UTF-8 (save the file as UTF-8; out of CP949: iconv -f cp949 -t utf-8 OLD > NEW)"},  // a surrogate
      {"a: \xf5\x80\x80\x80\n",
       "RB102 1:4 `\xf5`: this is not valid UTF-8 (save the file as UTF-8; out of CP949: iconv -f cp949 -t utf-8 OLD > NEW)"},
      {"\xff\xfe"
       "a\0:\0"s,
       "RB102 1:1 `\xff`: this is not valid UTF-8 (save the file as UTF-8; out of UTF-16: iconv -f utf-16 -t utf-8 OLD > NEW)"},
      {"a\0:\0 \0b\0\n\0"s, "NUL (save the file as UTF-8; out of UTF-16: iconv -f utf-16le -t utf-8 OLD > NEW)"},
      {"a: b\0c\n"s, "RB103 1:5 `\0`: a NUL byte: this is no text file"},
      {"a: b\x1b[31m\n",
       "RB104 1:5 `\x1b`: an invisible control character, U+001B (delete it, or write it as an escape inside double quotes)"},
      {"a: b\rc\n",
       "RB104 1:5 `\r`: an invisible control character, U+000D (delete it, or write it as an escape inside double quotes)"},
      {"a: b\u202ec\n",
       "RB105 1:5 `\u202e`: the character U+202E changes the order in which the text is shown (delete it, or write it as an escape inside double quotes)"},
      {"a: b",
       "RB106 1:5 ``: the file does not end with a newline: it may have been cut off (look whether its end is there, then add a newline)"},
  }));
  std::string says = c.says;
  if (says.starts_with("NUL"))
    says = "RB103 1:2 `" + std::string(1, '\0') + "`: a NUL byte: this is no text file" + says.substr(3);
  if (says.starts_with("RB103 1:5")) says = "RB103 1:5 `" + std::string(1, '\0') + "`: a NUL byte: this is no text file";
  CHECK(complaints_of(c.text) == says);
}

TEST_CASE("what is no UTF-8 is refused as that, however much is wrong before it") {
  CHECK_THAT(complaints_of("a: " + std::string(300, '\x04') + "\xff\n"), Catch::Contains("RB102"));
}

TEST_CASE("a document that begins with its marker ends with its marker") {
  for (const char* whole : {"---\na: 1\n...\n", "# c\n\n--- # d\na: 1\n...\n# e\n\n", "a: 1\n", "a: 1\n...\n",
                            "--- {a: 1}\n...\n", "---\r\na: 1\r\n...\r\n"}) {
    INFO(whole);
    CHECK(complaints_of(whole).empty());
  }
  const std::string help = " (look whether its end is there, then add the line `...`)";
  CHECK(complaints_of("---\na: 1\nb: 2\n# c\n") ==
        "RB108 warning 3:1 `b: 2`: the file begins with `---` and does not end with `...`: it may have been cut off" + help);
  CHECK(complaints_of("---\na: |\n  ...\n") ==
        "RB108 warning 3:1 `  ...`: the file begins with `---` and does not end with `...`: it may have been cut off" + help);
}

TEST_CASE("bombs go off at their limit and not in memory") {
  std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string name = "a" + std::to_string(i), used = "*a" + std::to_string(i - 1);
    laughs += name + ": &" + name + " [" + used;
    for (int n = 1; n < 10; ++n) laughs += ", " + used;
    laughs += "]\n";
  }
  std::string chain = "a0: &a0 x\n";  // each within the one before: deep, not wide
  for (int i = 1; i < 100; ++i)
    chain += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  std::string nested(5000, '['), indented;
  for (std::size_t i = 0; i < 100; ++i) indented += std::string(i, ' ') + "a:\n";
  std::string wide = "a: [";
  for (int i = 0; i < 300'000; ++i) wide += "x,";
  struct Case {
    std::string text;
    const char* code;
  };
  const auto c = GENERATE_COPY(values<Case>(
      {{laughs, "RB118"}, {chain, "RB119"}, {"a: " + nested + "\n", "RB119"}, {indented, "RB119"}, {wide + "]\n", "RB118"}}));
  const auto before = std::chrono::steady_clock::now();
  Diagnostics warnings;
  const auto result = parse(c.text, 0, {}, warnings);
  REQUIRE_FALSE(result);
  CHECK(result.error().back().code == c.code);
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(20));
}

TEST_CASE("limits count what they say") {
  CHECK(complaints_of("a: 12345\n", {9, 100, 10}).empty());
  CHECK_THAT(complaints_of("a: 123456\n", {9, 100, 10}), Catch::Contains("the file is larger than 9 bytes"));
  CHECK(complaints_of("a: [1, 2]\n", {1000, 5, 10}).empty());
  CHECK_THAT(complaints_of("a: [1, 2, 3]\n", {1000, 5, 10}), Catch::StartsWith("RB118"));
  CHECK(complaints_of("a: [1]\n", {1000, 100, 2}).empty());
  CHECK_THAT(complaints_of("a: [[1]]\n", {1000, 100, 2}), Catch::StartsWith("RB119"));
  // How many a line opens is counted before anything is built: the place is the one too many of the line, not that of the depth.
  const auto brackets = [](std::size_t n) { return "a: " + std::string(n, '[') + std::string(n, ']') + "\n"; };
  CHECK_THAT(complaints_of(brackets(1000), {10'000, 10'000, 400}), Catch::StartsWith("RB119 1:403 "));
  CHECK_THAT(complaints_of(brackets(1001), {10'000, 10'000, 400}), Catch::StartsWith("RB119 1:1004 "));
}

TEST_CASE("a tag that swallows the end of the text is an error at its place") {
  CHECK_THAT(complaints_of("a: 0@\n{!b{\\\"(}:"), Catch::Contains("RB"));
  CHECK_THAT(complaints_of("a: 0@\n{!b{\\\"(}:\n"), Catch::Contains("RB"));
}

TEST_CASE("any bytes are a document or an error with a place in the file") {
  std::uint64_t seed = 7;
  const auto random = [&seed](std::size_t below) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(seed >> 33U) % below;
  };
  const std::vector<std::string> pieces{"a",  "b: ",   ": ",    ":\n",   "- ",   "\n",  "\n  ", "\n    ", "\"",   "'",
                                        "[",  "]",     "{",     "}",     ",",    "&x ", "*x",   "!t ",    "|\n",  ">-\n",
                                        " #", "# c\n", "~",     "? ",    "@",    "%",   "롤",   "\\",     "\\\"", "(",
                                        "<<", "\t",    "---\n", "...\n", "null", "''",  "\r\n"};
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::size_t n = random(14); n > 0; --n) text += pieces[random(pieces.size())];
    if (random(4) != 0) text += "\n";
    Diagnostics found, warnings;
    const auto result = parse(text, 0, {}, warnings);
    if (!result) found = result.error();
    INFO(text);
    REQUIRE(result.has_value() == found.empty());
    found.insert(found.end(), warnings.begin(), warnings.end());
    const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
    for (const Diagnostic& each : found) {
      REQUIRE(each.at.line <= lines + 1);
      REQUIRE(static_cast<std::size_t>(each.at.column) + each.at.length <= text.size() + 2);
    }
  }
}
