// A text with `${expression}` in it. `$${` is a literal `${`. A text that is exactly one `${...}` keeps its value's type.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "cel/expression.h"

namespace runbook::cel {

class Template {
 public:
  struct Piece {
    std::string literal;  // when `expression` is empty
    Expression expression;
    std::size_t offset = 0;  // of the literal, or of the expression's first character, in the text
    bool operator==(const Piece&) const = default;
  };

  Template() = default;
  static Result<Template, Complaints> parse(std::string_view text);  // complaints' offsets count in `text`
  static Template literal(std::string text);

  const std::string& text() const { return text_; }             // as written
  bool is_literal() const;                                      // no expression in it
  const std::vector<Piece>& pieces() const { return pieces_; }  // none: `text()` stands for itself
  std::vector<Reference> references() const;                    // offsets count in `text()`
  bool operator==(const Template& other) const { return text_ == other.text_; }

 private:
  std::string text_;
  std::vector<Piece> pieces_;
};

Complaints check(const Template& text, const Names& names);
// Null, an error, a list or a map in the middle of a text is an error that names the expression.
Result<Value, std::string> expand(const Template& text, const Scope& scope);
// As far as it can be known: what cannot be computed stays as written, `${steps.now.revision}`.
std::string preview(const Template& text, const Scope& scope);

}  // namespace runbook::cel
