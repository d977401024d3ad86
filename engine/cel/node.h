// The tree of an expression: what the parser makes and check, evaluator and explanation walk.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cel/functions.h"
#include "cel/regex.h"

namespace runbook::cel {

enum class Operator { add, subtract, multiply, divide, remainder, equal, not_equal, less, less_equal, greater, greater_equal };
std::string_view spelling(Operator op);

enum class Macro { all, exists, exists_one, filter, map };
std::string_view spelling(Macro macro);

struct Node {
  enum class Kind {
    literal,      // value
    name,         // name: of a macro's variable (slot >= 0), else of the scope
    select,       // children[0].name
    has,          // has(children[0].name)
    index,        // children[0][children[1]]
    call,         // name(children...) or children[0].name(...)
    list,         // [children...]
    map,          // {children[0]: children[1], ...}
    negate,       // -children[0]
    complement,   // !children[0]
    arithmetic,   // children[0] op children[1]
    comparison,   // children[0] op children[1]
    membership,   // children[0] in children[1]
    conjunction,  // children && ...: a chain is one node, so that a long one does not become a deep one
    disjunction,  // children || ...
    conditional,  // children[0] ? children[1] : children[2]
    macro,        // children[0].macro(name, children[1]); map has children[1] = filter or null, children[2] = what it gives
  };
  Kind kind = Kind::literal;
  std::uint32_t offset = 0, length = 0;            // in the expression's text, without parentheses around it
  std::uint32_t name_offset = 0, name_length = 0;  // of the field, function or macro variable
  int depth = 1;
  Value value;
  std::string name;
  int slot = -1;
  Operator op = Operator::add;
  Macro macro = Macro::all;
  bool is_method = false;
  const Signature* function = nullptr;   // of a call; nullptr: unknown
  std::shared_ptr<const Regex> pattern;  // of matches() with a literal pattern, compiled once
  std::vector<std::unique_ptr<const Node>> children;
};
using NodePointer = std::unique_ptr<Node>;

// How the type names of CEL are spelled as names: `int`, `list`, `google.protobuf.Duration`.
bool is_type_name(std::string_view name);

}  // namespace runbook::cel
