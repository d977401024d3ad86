#include "cel/template.h"

#include <fmt/format.h>

#include <algorithm>

#include "cel/lexer.h"

namespace runbook::cel {
namespace {

// Where the `}` that closes the expression stands; braces of maps and within literals are not it. Nothing: there is none.
std::optional<std::size_t> find_end(std::string_view text, std::size_t start) {
  Lexer lexer(text, start);
  std::size_t depth = 0;
  while (true) {
    const Token token = lexer.next();
    switch (token.kind) {
      case Token::Kind::open_brace: ++depth; break;
      case Token::Kind::close_brace:
        if (depth == 0) return token.offset;
        --depth;
        break;
      case Token::Kind::end: return {};
      // What is wrong in it, the parser says better: it gets the text up to the next brace.
      case Token::Kind::error: {
        const auto close = text.find('}', token.offset);
        if (close == std::string_view::npos) return {};
        return close;
      }
      default: break;
    }
  }
}

bool is_exactly_one(const Template& text) { return text.pieces().size() == 1 && text.pieces()[0].expression.root(); }

Result<std::string, std::string> in_text(const Template::Piece& piece, const Scope& scope) {
  auto value = compute(piece.expression, scope);
  if (!value) return failure(fmt::format("${{{}}}: {}", piece.expression.text(), value.error()));
  const auto kind = value->kind();
  if (kind == Value::Kind::null || kind == Value::Kind::list || kind == Value::Kind::map)
    return failure(fmt::format("${{{}}}: {} cannot stand in a text", piece.expression.text(),
                               kind == Value::Kind::null ? "null" : "a " + std::string(kind_name(kind))));
  return to_text(*value);
}

}  // namespace

Result<Template, Complaints> Template::parse(std::string_view text) {
  Template result;
  result.text_ = text;
  Complaints complaints;
  std::string literal;
  std::size_t literal_start = 0;
  const auto flush = [&] {
    if (!literal.empty()) result.pieces_.push_back({std::move(literal), {}, literal_start});
    literal.clear();
  };
  std::size_t at = 0;
  while (at < text.size()) {
    if (literal.empty()) literal_start = at;
    if (text.compare(at, 3, "$${") == 0) {
      literal += "${";
      at += 3;
      continue;
    }
    if (text.compare(at, 2, "${") != 0) {
      literal += text[at++];
      continue;
    }
    flush();
    const std::size_t start = at + 2;
    const auto end = find_end(text, start);
    if (!end) {
      complaints.push_back(helped(complain(messages::open_template, at, 2),
                                  phrase("a literal `${{` is written `$${{`", "글자 그대로의 `${{`는 `$${{`로 씁니다")));
      return failure(std::move(complaints));
    }
    auto expression = Expression::parse(text.substr(start, *end - start));
    if (expression) {
      result.pieces_.push_back({{}, std::move(*expression), start});
    } else {
      for (auto& complaint : expression.error()) {
        complaint.offset += start;
        complaints.push_back(std::move(complaint));
      }
    }
    at = *end + 1;
  }
  flush();
  if (!complaints.empty()) return failure(std::move(complaints));
  return result;
}

Template Template::literal(std::string text) {
  Template result;
  result.text_ = std::move(text);
  return result;
}

bool Template::is_literal() const {
  return std::none_of(pieces_.begin(), pieces_.end(), [](const Piece& piece) { return piece.expression.root() != nullptr; });
}

std::vector<Reference> Template::references() const {
  std::vector<Reference> all;
  for (const auto& piece : pieces_)
    for (auto reference : piece.expression.references()) {
      reference.offset += piece.offset;
      all.push_back(std::move(reference));
    }
  return all;
}

Result<Value, std::string> expand(const Template& text, const Scope& scope) {
  if (is_exactly_one(text)) {
    auto value = compute(text.pieces()[0].expression, scope);
    if (!value) return failure(fmt::format("{}: {}", text.text(), value.error()));
    return value;
  }
  if (text.pieces().empty()) return Value(text.text());
  std::string all;
  for (const auto& piece : text.pieces()) {
    if (!piece.expression.root()) {
      all += piece.literal;
      continue;
    }
    const auto part = in_text(piece, scope);
    if (!part) return failure(part.error());
    all += *part;
  }
  return Value(std::move(all));
}

std::string preview(const Template& text, const Scope& scope) {
  if (is_exactly_one(text)) {
    const auto value = compute(text.pieces()[0].expression, scope);
    return value ? to_text(*value) : text.text();
  }
  if (text.pieces().empty()) return text.text();
  std::string all;
  for (const auto& piece : text.pieces()) {
    if (!piece.expression.root()) all += piece.literal;
    else if (const auto part = in_text(piece, scope)) all += *part;
    else all += "${" + piece.expression.text() + "}";
  }
  return all;
}

}  // namespace runbook::cel
