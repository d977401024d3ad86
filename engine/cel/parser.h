// From text to tree: recursive descent over CEL's grammar (langdef.md, "Syntax"), with limits on size and depth.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "cel/lexer.h"
#include "cel/node.h"

namespace runbook::cel {

inline constexpr std::size_t longest_expression = 64U << 10U;  // bytes
inline constexpr int deepest_expression = 200;                 // levels of the tree: bounds the stack of whoever walks it

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), lexer_(text) {}
  Result<NodePointer, Complaint> parse();

 private:
  using Kind = Token::Kind;

  // Each gives nothing once a complaint exists.
  NodePointer expression();
  NodePointer chain(Kind token, Node::Kind kind, NodePointer (Parser::*part)());
  NodePointer disjunction();
  NodePointer conjunction();
  NodePointer relation();
  NodePointer sum();
  NodePointer product();
  NodePointer unary();
  NodePointer member();
  NodePointer primary();
  NodePointer name(std::size_t start, bool absolute);
  NodePointer selector(NodePointer target, std::size_t start);
  NodePointer call(NodePointer target, const Token& function, std::size_t start);
  NodePointer has(std::size_t start);
  NodePointer macro(NodePointer target, Macro which, std::size_t start);
  NodePointer list(std::size_t start);
  NodePointer map(std::size_t start);

  void advance();
  bool accept(Kind kind);
  bool expect(Kind kind, const char* what, const char* what_ko);
  NodePointer fail(Complaint complaint);
  NodePointer unexpected(const char* what, const char* what_ko);
  NodePointer make(Node::Kind kind, std::size_t start);
  NodePointer close(NodePointer node);  // sets length and depth; complains about depth
  static void adopt(Node& parent, NodePointer child);
  NodePointer binary(Node::Kind kind, Operator op, NodePointer left, NodePointer right, std::size_t start);

  std::string_view text_;
  Lexer lexer_;
  Token token_;
  std::string_view before_;  // the token before token_, and where it ends
  std::size_t end_ = 0;
  int nesting_ = 0;
  std::vector<std::string_view> variables_;  // of the macros around this place; the index is the slot
  std::optional<Complaint> complaint_;
};

}  // namespace runbook::cel
