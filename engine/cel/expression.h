// Expressions of the language: a strict subset of CEL (cel-spec, v0.24), parsed once, checked against the names in scope,
// evaluated to a value or an error, and explained: every operand with its value.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace runbook::cel {

// Something wrong with an expression's text; the place is relative to that text.
struct Complaint {
  std::string code;  // "RB3nn"
  std::size_t offset = 0, length = 1;
  Phrase text, help;
};
using Complaints = std::vector<Complaint>;

// A path of names that an expression reads from its scope: `steps.verify.smoke.state`, `json.items`, `vars["tag"]`.
// Stops at the first index or call that is not a constant text. Names bound by macros are not among them.
struct Reference {
  std::vector<std::string> path;
  std::size_t offset = 0, length = 1;
  bool only_has = false;  // named only inside has(...)
};

// What may be named, as a tree. An open name may have any members (`json`, `vars.list`); a closed one only those listed.
struct Names {
  enum class Kind { open, closed };
  Kind kind = Kind::closed;
  std::string type = "dyn";  // CEL's name of the value's type where it is known: "int", "string", "bool", "list", ...
  std::vector<std::pair<std::string, std::shared_ptr<const Names>>> members;
  std::vector<std::string> values = {};            // where it is a text: the only ones that it can be; empty: any
  std::shared_ptr<const Names> element = nullptr;  // of a list: what may be named of each of its elements
  const Names* find(std::string_view name) const;
};

// What stands behind a name. Nothing: no data, because of what `missing` says; where that is empty there is no such name.
struct Named {
  std::optional<Value> value;
  std::string missing;
  // Most scopes know no more than the value.
  Named(Value found) : value(std::move(found)) {}
  Named(std::optional<Value> found) : value(std::move(found)) {}
  Named(std::nullopt_t nothing, std::string why) : value(nothing), missing(std::move(why)) {}
};
// The values behind the names, asked for by their first part (`vars`, `steps`, `json`).
using Scope = std::function<Named(std::string_view root)>;

enum class Verdict { met, not_met, no_data };

// One node of the explanation: a sub-expression as written, and what it was.
struct Operand {
  std::string text;
  std::optional<Value> value;  // abridged: of long texts, lists and maps the beginning; nothing: an error, or not evaluated
  std::string error;
  // Of && || ! ?: comparisons and `in`, of a call its receiver and arguments, of a macro its range and, where one element
  // decided, that element ("p = json.items[2]") with the body as it was for it; not of leaves.
  std::vector<Operand> operands;
  std::string op;  // "&&" "||" "!" "?:" "==" ... "in" "call" "all" ... "element"; empty for a leaf
  bool operator==(const Operand&) const = default;
};

struct Evaluation {
  std::optional<Value> value;
  std::string error;  // why the verdict is no_data: "no such key: status"
  Operand explained;
  // met: true. not_met: false. no_data: an error, or a value that is no bool, or NaN took part in a comparison.
  Verdict verdict = Verdict::no_data;
};

struct Node;

class Expression {
 public:
  Expression() = default;  // empty: must not be evaluated
  static Result<Expression, Complaints> parse(std::string_view text);
  const std::string& text() const { return text_; }
  const std::vector<Reference>& references() const { return references_; }
  bool operator==(const Expression& other) const { return text_ == other.text_; }
  const Node* root() const { return root_.get(); }

 private:
  std::string text_;
  std::vector<Reference> references_;
  std::shared_ptr<const Node> root_;  // immutable, shared between copies
};

// Unknown names (with a suggestion), unknown functions, wrong argument counts, types where they are known, and comparisons
// with what a name never is.
// `wanted`: CEL's name of the type that the whole must have ("bool"); "text": what can stand in one; or empty.
Complaints check(const Expression& expression, const Names& names, std::string_view wanted);

Evaluation evaluate(const Expression& expression, const Scope& scope);
// Without the explanation: for outputs and templates.
Result<Value, std::string> compute(const Expression& expression, const Scope& scope);

// The explanation as lines: "✓ json.a == json.b      4 == 4". Leaves whose value says no more than their text are left out;
// of && and || only the operands, each with its own mark. Long values are cut.
std::vector<std::string> explain_lines(const Operand& explained);
// What the same expression came to before, oldest first, and how often in a row.
struct Earlier {
  Operand explained;
  std::int64_t times = 1;
};
// Behind each comparison whose values changed, they follow: "✗ json.ready == 4      2 == 4     was: 0 0 1 2 2 2".
// Of more than twelve looks the counts: "was: 0 (20x) 1 (3x) 2 (17x)".
std::vector<std::string> explain_lines(const Operand& explained, const std::vector<Earlier>& history);
inline constexpr std::string_view was = "     was: ";
// Of the operands (their text and values as one record, for the store and JSON).
Value to_value(const Operand& operand);
Operand operand_from(const Value& value);

}  // namespace runbook::cel
