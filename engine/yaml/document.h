// A YAML text as a tree in which every key and value knows its place. Everything doubtful is refused here, before any
// meaning is given to it: duplicate keys, unterminated quotes, second documents, merge keys, tags, bad UTF-8, bombs.
// Scalars stay raw: `no`, `0777`, `3.10` are texts until a field's type says otherwise.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "yaml/node_list.h"

namespace runbook::yaml {

struct Scalar {
  enum class Style : unsigned char { plain, quoted, block };

  Place at;               // of the first character as written; of a null: its key's
  std::string text;       // decoded
  Boxed<TextMap> pieces;  // where it does not stand there as it is, on one line
  Style style = Style::plain;

  TextMap map() const { return pieces ? *pieces : TextMap(at); }  // from offsets in `text` to places
};

struct Node : Scalar {
  enum class Kind : unsigned char { null, scalar, sequence, map };
  struct Entry;  // not a pair: clang wants its parts complete

  Kind kind = Kind::null;
  bool flow = false;        // a sequence or map in brackets
  NodeList<Node> items;     // of a sequence
  NodeList<Entry> entries;  // of a map, in the order written

  const Node* find(std::string_view key) const;
  const Scalar* key(std::string_view key) const;  // the key itself, for its place
};
struct Node::Entry {
  Scalar key;
  Node value;
};

struct Limits {
  std::size_t bytes = 2U << 20U;
  std::size_t nodes = 200'000;
  std::size_t depth = 64;
};

// `file` is the index that the places carry. Warnings (a ` #` that cuts a sentence, `no` in a text field ...) are added
// to `warnings`. All errors that can be found in one pass are returned together.
Result<Node> parse(std::string_view text, std::uint16_t file, const Limits& limits, Diagnostics& warnings);

}  // namespace runbook::yaml
