// A value as the author wrote it: literals, texts with `${}`, expressions, lists and maps of them, each with its place.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/value.h"
#include "cel/template.h"

namespace runbook {

struct Text {  // a text with `${}` that knows where it stands
  cel::Template text;
  TextMap map;
  // A URL: every value in it is percent-encoded, unless the URL begins with it (`${vars.base_url}/health`).
  bool encode_pieces = false;
  bool operator==(const Text&) const = default;
};

struct Condition {  // an expression that knows where it stands
  cel::Expression expression;
  TextMap map;
  bool operator==(const Condition&) const = default;
};

struct Field {
  struct Entry;
  using List = std::vector<Field>;
  using Map = std::vector<Entry>;  // not of pairs: clang wants these complete
  using AnyOf = std::variant<Value, Text, Condition, List, Map>;
  struct Is : AnyOf {
    using AnyOf::AnyOf;
    // Not here: copies of all alternatives would be compiled in every file that knows a step.
    Is(const Is& other);
    Is(Is&& other) noexcept;
    Is& operator=(const Is& other);
    Is& operator=(Is&& other) noexcept;
    ~Is();
  };
  Place at;
  Is is;
  TextMap map = {};  // of code: from an offset in it to its place
  bool operator==(const Field&) const;
};
struct Field::Entry {
  std::string name;
  Field field;
  bool operator==(const Entry&) const = default;
};
using Fields = std::map<std::string, Field, std::less<>>;

// The value of a field in a scope; the error names the expression that failed. A Condition is not resolved: it stays its text.
Result<Value, std::string> resolve(const Field& field, const cel::Scope& scope);
Result<Record, std::string> resolve(const Fields& fields, const cel::Scope& scope);
// As far as it can be known now: what cannot be stays `${...}`.
Value preview(const Field& field, const cel::Scope& scope);
Record preview(const Fields& fields, const cel::Scope& scope);
Result<Value, std::string> resolve(const Text& text, const cel::Scope& scope);
// Every expression in it, with the map to its place.
void each_expression(const Field& field,
                     const std::function<void(const cel::Expression&, const TextMap&, std::size_t offset)>& visit);

}  // namespace runbook
