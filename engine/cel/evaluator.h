// Walks the tree with the values of one scope: CEL's semantics, a budget of steps, and on request the explanation.
#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cel/expression.h"
#include "cel/node.h"
#include "cel/outcome.h"

namespace runbook::cel {

class Evaluator {
 public:
  Evaluator(const Expression& expression, const Scope& scope) : text_(expression.text()), scope_(scope) {}

  // With `explanation`, what the nodes were is recorded there.
  Outcome evaluate(const Node& node, Operand* explanation);
  bool met_nan() const { return met_nan_; }
  Budget& budget() { return budget_; }

 private:
  Outcome dispatch(const Node& node, Operand* into);
  Outcome name(const Node& node);
  Outcome select(const Node& node);
  Outcome has(const Node& node);
  Outcome index(const Node& node);
  Outcome element(const Node& node, const Outcome& target, const Value& key);
  Outcome call(const Node& node, Operand* into);
  Outcome list(const Node& node);
  Outcome map(const Node& node);
  Outcome complement(const Node& node, Operand* into);
  Outcome arithmetic(const Node& node);
  Outcome comparison(const Node& node, Operand* into);
  Outcome membership(const Node& node, Operand* into);
  Outcome logic(const Node& node, bool decisive, Operand* into);
  Outcome conditional(const Node& node, Operand* into);
  Outcome macro(const Node& node, Operand* into);
  Outcome quantifier(const Node& node, const std::vector<const Value*>& range, bool decisive, Operand* into);
  Outcome exists_one(const Node& node, const std::vector<const Value*>& range);
  Outcome collect(const Node& node, const std::vector<const Value*>& range);
  void explain_element(const Node& node, const std::vector<const Value*>& range, std::size_t index, Operand& into);

  bool equal(const Value& a, const Value& b);
  bool matches(const Node& node, const Value& text, const Value& pattern, std::string& error);
  std::string_view source(const Node& node) const { return std::string_view(text_).substr(node.offset, node.length); }
  Fault not_bool(const Node& node, const Value& value, std::string_view where) const;
  Operand* operand(Operand* into, std::size_t index) const { return into ? &into->operands[index] : nullptr; }
  // Makes room for the operands, with their texts, so that those that are not evaluated are shown too.
  void prepare(const Node& node, Operand* into, std::string_view op) const;

  const std::string& text_;
  const Scope& scope_;
  Budget budget_;
  bool met_nan_ = false;
  struct Root {
    std::string_view name;
    Named is;
  };
  std::deque<Root> roots_;                     // asked for once each; a deque keeps them in place
  std::vector<const Value*> variables_;        // of macros, by slot
  std::shared_ptr<const Regex> last_pattern_;  // of a computed pattern, compiled once for a macro's elements
};

}  // namespace runbook::cel
