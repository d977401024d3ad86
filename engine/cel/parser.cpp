#include "cel/parser.h"

#include <algorithm>

#include "base/text_width.h"

namespace runbook::cel {
namespace {

std::optional<Macro> macro_named(std::string_view name) {
  for (const Macro m : {Macro::all, Macro::exists, Macro::exists_one, Macro::filter, Macro::map})
    if (spelling(m) == name) return m;
  return {};
}

// `google.protobuf.Timestamp` is one name.
bool is_qualified_type(const Node& node) {
  if (node.kind != Node::Kind::select || (node.name != "Timestamp" && node.name != "Duration")) return false;
  const Node& package = *node.children[0];
  return package.kind == Node::Kind::select && package.name == "protobuf" && package.children[0]->kind == Node::Kind::name &&
         package.children[0]->name == "google";
}

// People who think in other languages write these.
Phrase word_hint(std::string_view word) {
  if (word == "and") return phrase("\"and\" is written `&&`", "\"그리고\"는 `&&`로 씁니다");
  if (word == "or") return phrase("\"or\" is written `||`", "\"또는\"은 `||`로 씁니다");
  if (word == "not") return phrase("\"not\" is written `!`", "\"아님\"은 `!`로 씁니다");
  if (word == "is") return phrase("equality is written `==`", "같음은 `==`로 씁니다");
  return {};
}

}  // namespace

Result<NodePointer, Complaint> Parser::parse() {
  if (text_.size() > longest_expression) return failure(complain(messages::too_long, 0, 1, longest_expression, text_.size()));
  if (!is_valid_utf8(text_)) return failure(complain(messages::not_utf8, 0, 1));
  advance();
  if (token_.kind == Kind::end) return failure(complain(messages::empty_expression, 0, 1));
  auto root = expression();
  if (root && token_.kind != Kind::end) root = unexpected("an operator or the end", "연산자나 식의 끝");
  if (!root) return failure(std::move(*complaint_));
  return root;
}

void Parser::advance() {
  before_ = token_.text;
  end_ = token_.end();
  token_ = lexer_.next();
  if (token_.kind == Kind::error && !complaint_) complaint_ = lexer_.complaint();
}

bool Parser::accept(Kind kind) {
  if (token_.kind != kind) return false;
  advance();
  return true;
}

bool Parser::expect(Kind kind, const char* what, const char* what_ko) {
  if (accept(kind)) return true;
  unexpected(what, what_ko);
  return false;
}

NodePointer Parser::fail(Complaint complaint) {
  if (!complaint_) complaint_ = std::move(complaint);
  return nullptr;
}

NodePointer Parser::unexpected(const char* what, const char* what_ko) {
  if (complaint_) return nullptr;
  const bool at_end = token_.kind == Kind::end;
  const auto shown = at_end ? std::string() : "`" + std::string(text_.substr(token_.offset, token_.length)) + "`";
  Complaint complaint;
  complaint.code = messages::unexpected.code;
  complaint.offset = at_end && token_.offset > 0 ? token_.offset - 1 : token_.offset;
  complaint.length = std::max<std::size_t>(token_.length, 1);
  complaint.text = {fmt::format(fmt::runtime(messages::unexpected.en), what, at_end ? "the end" : shown),
                    with_particles(fmt::format(fmt::runtime(messages::unexpected.ko), what_ko, at_end ? "식의 끝" : shown))};
  complaint.help = word_hint(before_ == "not" ? before_ : token_.text);
  return fail(std::move(complaint));
}

NodePointer Parser::make(Node::Kind kind, std::size_t start) {
  auto node = std::make_unique<Node>();
  node->kind = kind;
  node->offset = static_cast<std::uint32_t>(start);
  return node;
}

NodePointer Parser::close(NodePointer node) {
  node->length = static_cast<std::uint32_t>(end_ - node->offset);
  if (node->depth > deepest_expression) return fail(complain(messages::too_deep, node->offset, 1, deepest_expression));
  return node;
}

void Parser::adopt(Node& parent, NodePointer child) {
  if (child) parent.depth = std::max(parent.depth, child->depth + 1);
  parent.children.push_back(std::move(child));
}

NodePointer Parser::binary(Node::Kind kind, Operator op, NodePointer left, NodePointer right, std::size_t start) {
  if (!left || !right) return nullptr;
  auto node = make(kind, start);
  node->op = op;
  adopt(*node, std::move(left));
  adopt(*node, std::move(right));
  return close(std::move(node));
}

NodePointer Parser::expression() {
  if (nesting_ >= deepest_expression) return fail(complain(messages::too_deep, token_.offset, 1, deepest_expression));
  ++nesting_;
  const std::size_t start = token_.offset;
  auto result = disjunction();
  if (result && accept(Kind::question)) {
    auto yes = disjunction();
    NodePointer no;
    if (yes && expect(Kind::colon, "`:` of `? :`", "`? :`의 `:`")) no = expression();
    if (yes && no) {
      auto node = make(Node::Kind::conditional, start);
      adopt(*node, std::move(result));
      adopt(*node, std::move(yes));
      adopt(*node, std::move(no));
      result = close(std::move(node));
    } else {
      result = nullptr;
    }
  }
  --nesting_;
  return complaint_ ? nullptr : std::move(result);
}

NodePointer Parser::chain(Kind token, Node::Kind kind, NodePointer (Parser::*part)()) {
  const std::size_t start = token_.offset;
  auto first = (this->*part)();
  if (!first || token_.kind != token) return first;
  auto node = make(kind, start);
  adopt(*node, std::move(first));
  while (accept(token)) {
    auto next = (this->*part)();
    if (!next) return nullptr;
    adopt(*node, std::move(next));
  }
  return close(std::move(node));
}

NodePointer Parser::disjunction() { return chain(Kind::either, Node::Kind::disjunction, &Parser::conjunction); }
NodePointer Parser::conjunction() { return chain(Kind::both, Node::Kind::conjunction, &Parser::relation); }

NodePointer Parser::relation() {
  const std::size_t start = token_.offset;
  auto left = sum();
  while (left) {
    Operator op;
    switch (token_.kind) {
      case Kind::equal: op = Operator::equal; break;
      case Kind::not_equal: op = Operator::not_equal; break;
      case Kind::less: op = Operator::less; break;
      case Kind::less_equal: op = Operator::less_equal; break;
      case Kind::greater: op = Operator::greater; break;
      case Kind::greater_equal: op = Operator::greater_equal; break;
      case Kind::in:
        advance();
        left = binary(Node::Kind::membership, Operator::equal, std::move(left), sum(), start);
        continue;
      default: return left;
    }
    advance();
    left = binary(Node::Kind::comparison, op, std::move(left), sum(), start);
  }
  return nullptr;
}

NodePointer Parser::sum() {
  const std::size_t start = token_.offset;
  auto left = product();
  while (left && (token_.kind == Kind::plus || token_.kind == Kind::minus)) {
    const Operator op = token_.kind == Kind::plus ? Operator::add : Operator::subtract;
    advance();
    left = binary(Node::Kind::arithmetic, op, std::move(left), product(), start);
  }
  return left;
}

NodePointer Parser::product() {
  const std::size_t start = token_.offset;
  auto left = unary();
  while (left && (token_.kind == Kind::star || token_.kind == Kind::slash || token_.kind == Kind::percent)) {
    const Operator op = token_.kind == Kind::star    ? Operator::multiply
                        : token_.kind == Kind::slash ? Operator::divide
                                                     : Operator::remainder;
    advance();
    left = binary(Node::Kind::arithmetic, op, std::move(left), unary(), start);
  }
  return left;
}

NodePointer Parser::unary() {
  std::vector<std::pair<Node::Kind, std::size_t>> operators;
  std::size_t start = token_.offset;
  while (token_.kind == Kind::exclamation || token_.kind == Kind::minus) {
    if (token_.kind == Kind::minus) {
      // A number behind a minus sign is one literal, or the smallest int could not be written.
      end_ = token_.end();
      token_ = lexer_.next_negative();
      if (token_.kind == Kind::error && !complaint_) complaint_ = lexer_.complaint();
      if (token_.is_number() && !token_.value.unsigned_integer()) {
        token_.length = token_.end() - start;
        token_.offset = start;
        break;
      }
      operators.emplace_back(Node::Kind::negate, start);
    } else {
      operators.emplace_back(Node::Kind::complement, start);
      advance();
    }
    start = token_.offset;
    if (operators.size() > static_cast<std::size_t>(deepest_expression))
      return fail(complain(messages::too_deep, start, 1, deepest_expression));
  }
  auto node = member();
  for (auto op = operators.rbegin(); node && op != operators.rend(); ++op) {
    auto outer = make(op->first, op->second);
    adopt(*outer, std::move(node));
    node = close(std::move(outer));
  }
  return node;
}

NodePointer Parser::member() {
  const std::size_t start = token_.offset;
  auto node = primary();
  while (node) {
    if (accept(Kind::dot)) {
      node = selector(std::move(node), start);
    } else if (accept(Kind::open_bracket)) {
      auto index = expression();
      if (!index || !expect(Kind::close_bracket, "`]`", "`]`")) return nullptr;
      auto outer = make(Node::Kind::index, start);
      adopt(*outer, std::move(node));
      adopt(*outer, std::move(index));
      node = close(std::move(outer));
    } else if (token_.kind == Kind::open_brace && (node->kind == Node::Kind::name || node->kind == Node::Kind::select)) {
      return fail(complain(messages::not_in_subset, token_.offset, 1, "messages"));
    } else {
      return node;
    }
  }
  return nullptr;
}

NodePointer Parser::selector(NodePointer target, std::size_t start) {
  if (token_.kind == Kind::question) return fail(complain(messages::not_in_subset, token_.offset, 1, "optional fields"));
  if (token_.kind != Kind::name && token_.kind != Kind::quoted_name) return unexpected("a field's name", "필드 이름");
  const Token field = token_;
  advance();
  if (field.kind == Kind::name && accept(Kind::open_paren)) return call(std::move(target), field, start);
  auto node = make(Node::Kind::select, start);
  node->name = field.text;
  node->name_offset = static_cast<std::uint32_t>(field.offset);
  node->name_length = static_cast<std::uint32_t>(field.length);
  adopt(*node, std::move(target));
  if (is_qualified_type(*node)) {
    node->kind = Node::Kind::literal;
    node->value = Value::Type{"google.protobuf." + node->name};
    node->children.clear();
  }
  return close(std::move(node));
}

NodePointer Parser::call(NodePointer target, const Token& function, std::size_t start) {
  if (target)
    if (const auto which = macro_named(function.text)) return macro(std::move(target), *which, start);
  auto node = make(Node::Kind::call, start);
  node->name = function.text;
  node->name_offset = static_cast<std::uint32_t>(function.offset);
  node->name_length = static_cast<std::uint32_t>(function.length);
  node->function = find_function(function.text);
  node->is_method = target != nullptr;
  if (target) adopt(*node, std::move(target));
  if (!accept(Kind::close_paren)) {
    do {
      auto argument = expression();
      if (!argument) return nullptr;
      adopt(*node, std::move(argument));
    } while (accept(Kind::comma));
    if (!expect(Kind::close_paren, "`,` or `)`", "`,`나 `)`")) return nullptr;
  }
  if (node->function && node->function->function == Function::matches && node->children.size() == 2 &&
      node->children[1]->kind == Node::Kind::literal)
    if (const auto* pattern = node->children[1]->value.string()) node->pattern = std::make_shared<const Regex>(*pattern);
  return close(std::move(node));
}

NodePointer Parser::has(std::size_t start) {
  auto argument = expression();
  if (!argument || !expect(Kind::close_paren, "`)`", "`)`")) return nullptr;
  if (argument->kind != Node::Kind::select) return fail(complain(messages::has_field, argument->offset, argument->length));
  argument->kind = Node::Kind::has;
  argument->offset = static_cast<std::uint32_t>(start);
  return close(std::move(argument));
}

NodePointer Parser::macro(NodePointer target, Macro which, std::size_t start) {
  const Token variable = token_;
  auto misuse = [&] { return fail(complain(messages::macro_variable, variable.offset, variable.length, spelling(which))); };
  if (token_.kind != Kind::name) return misuse();
  if (is_reserved(token_.text)) return fail(complain(messages::reserved_word, token_.offset, token_.length, token_.text));
  advance();
  if (token_.kind != Kind::comma) return misuse();
  advance();
  auto node = make(Node::Kind::macro, start);
  node->macro = which;
  node->name = variable.text;
  node->name_offset = static_cast<std::uint32_t>(variable.offset);
  node->name_length = static_cast<std::uint32_t>(variable.length);
  node->slot = static_cast<int>(variables_.size());
  adopt(*node, std::move(target));
  variables_.push_back(variable.text);
  auto first = expression();
  NodePointer second;
  if (first && which == Macro::map && accept(Kind::comma)) {
    second = expression();
    if (!second) return nullptr;
  }
  variables_.pop_back();
  if (!first || !expect(Kind::close_paren, "`)`", "`)`")) return nullptr;
  if (which == Macro::map) {
    // map(x, f) has no filter; map(x, p, f) has one.
    const bool filtered = second != nullptr;
    adopt(*node, filtered ? std::move(first) : nullptr);
    adopt(*node, filtered ? std::move(second) : std::move(first));
  } else {
    adopt(*node, std::move(first));
  }
  return close(std::move(node));
}

NodePointer Parser::name(std::size_t start, bool absolute) {
  const Token word = token_;
  if (is_reserved(word.text)) return fail(complain(messages::reserved_word, word.offset, word.length, word.text));
  advance();
  if (accept(Kind::open_paren)) return word.text == "has" && !absolute ? has(start) : call(nullptr, word, start);
  auto node = make(Node::Kind::name, start);
  node->name = word.text;
  node->name_offset = static_cast<std::uint32_t>(word.offset);
  node->name_length = static_cast<std::uint32_t>(word.length);
  if (!absolute) {
    const auto found = std::find(variables_.rbegin(), variables_.rend(), word.text);
    if (found != variables_.rend()) node->slot = static_cast<int>(variables_.rend() - found) - 1;
  }
  return close(std::move(node));
}

NodePointer Parser::primary() {
  const std::size_t start = token_.offset;
  switch (token_.kind) {
    case Kind::literal: {
      auto node = make(Node::Kind::literal, start);
      node->value = std::move(token_.value);
      advance();
      return close(std::move(node));
    }
    case Kind::name: return name(start, false);
    case Kind::dot: advance(); return token_.kind == Kind::name ? name(start, true) : unexpected("a name", "이름");
    case Kind::open_paren: {
      advance();
      auto inner = expression();
      if (!inner || !expect(Kind::close_paren, "`)`", "`)`")) return nullptr;
      return inner;
    }
    case Kind::open_bracket: advance(); return list(start);
    case Kind::open_brace: advance(); return map(start);
    default: return unexpected("a value or a name", "값이나 이름");
  }
}

NodePointer Parser::list(std::size_t start) {
  auto node = make(Node::Kind::list, start);
  while (token_.kind != Kind::close_bracket) {
    if (token_.kind == Kind::question) return fail(complain(messages::not_in_subset, token_.offset, 1, "optional elements"));
    auto element = expression();
    if (!element) return nullptr;
    adopt(*node, std::move(element));
    if (!accept(Kind::comma)) break;
  }
  if (!expect(Kind::close_bracket, "`,` or `]`", "`,`나 `]`")) return nullptr;
  return close(std::move(node));
}

NodePointer Parser::map(std::size_t start) {
  auto node = make(Node::Kind::map, start);
  while (token_.kind != Kind::close_brace) {
    if (token_.kind == Kind::question) return fail(complain(messages::not_in_subset, token_.offset, 1, "optional entries"));
    auto key = expression();
    if (!key || !expect(Kind::colon, "`:` and the key's value", "`:`와 키의 값")) return nullptr;
    auto value = expression();
    if (!value) return nullptr;
    adopt(*node, std::move(key));
    adopt(*node, std::move(value));
    if (!accept(Kind::comma)) break;
  }
  if (!expect(Kind::close_brace, "`,` or `}`", "`,`나 `}`")) return nullptr;
  return close(std::move(node));
}

}  // namespace runbook::cel
