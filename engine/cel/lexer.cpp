#include "cel/lexer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "cel/text_literal.h"

namespace runbook::cel {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Length of the UTF-8 sequence at the start, so that a complaint shows a whole character.
std::size_t character_length(std::string_view text) {
  std::size_t n = 1;
  while (n < text.size() && n < 4 && (static_cast<unsigned char>(text[n]) & 0xC0U) == 0x80U) ++n;
  return n;
}

}  // namespace

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }

bool is_reserved(std::string_view word) {
  static constexpr std::array<std::string_view, 17> words = {"as",        "break",  "const",  "continue", "else", "for",
                                                             "function",  "if",     "import", "let",      "loop", "package",
                                                             "namespace", "return", "var",    "void",     "while"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

void Lexer::skip_space() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
      ++at_;
    } else if (c == '/' && ahead(1) == '/') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else {
      return;
    }
  }
}

Token Lexer::token(Token::Kind kind, std::size_t length) {
  Token t{kind, at_, length, text_.substr(at_, length), {}};
  at_ += length;
  return t;
}

Token Lexer::literal(std::size_t length, Value value) {
  Token t = token(Token::Kind::literal, length);
  t.value = std::move(value);
  return t;
}

Token Lexer::fail(Complaint complaint) {
  complaint_ = std::move(complaint);
  return {Token::Kind::error, complaint_.offset, complaint_.length, {}, {}};
}

Token Lexer::next() { return lex(false); }
Token Lexer::next_negative() { return lex(true); }

Token Lexer::lex(bool negative) {
  skip_space();
  if (at_ >= text_.size()) return {Token::Kind::end, text_.size(), 0, {}, {}};
  const char c = text_[at_];
  if (is_digit(c) || (c == '.' && is_digit(ahead(1)))) return number(negative);

  // A quote, perhaps behind r, b or br.
  std::size_t prefix = 0;
  if (c == 'b' || c == 'B') ++prefix;
  if (ahead(prefix) == 'r' || ahead(prefix) == 'R') ++prefix;
  if (ahead(prefix) == '"' || ahead(prefix) == '\'') return quoted();

  if (is_name_start(c)) {
    std::size_t length = 1;
    while (is_name_part(ahead(length))) ++length;
    const auto word = text_.substr(at_, length);
    if (word == "in") return token(Token::Kind::in, length);
    if (word == "true") return literal(length, true);
    if (word == "false") return literal(length, false);
    if (word == "null") return literal(length, Value());
    return token(Token::Kind::name, length);
  }
  if (c == '`') {
    const auto close = text_.find('`', at_ + 1);
    if (close == std::string_view::npos) return fail(complain(messages::unterminated_text, at_, 1, "`"));
    Token t = token(Token::Kind::quoted_name, close + 1 - at_);
    t.text = t.text.substr(1, t.length - 2);
    const bool plain = std::all_of(t.text.begin(), t.text.end(),
                                   [](char x) { return is_name_part(x) || x == '.' || x == '-' || x == '/' || x == ' '; });
    return plain && !t.text.empty()
               ? t
               : fail(complain(messages::bad_character, t.offset, t.length, text_.substr(t.offset, t.length)));
  }
  return punctuation();
}

Token Lexer::number(bool negative) {
  std::size_t n = 0;
  bool fraction = false;
  const bool hex = ahead(0) == '0' && (ahead(1) == 'x' || ahead(1) == 'X') && is_hex(ahead(2));
  if (hex) {
    n = 2;
    while (is_hex(ahead(n))) ++n;
  } else {
    while (is_digit(ahead(n))) ++n;
    if (ahead(n) == '.' && is_digit(ahead(n + 1))) {
      fraction = true;
      ++n;
      while (is_digit(ahead(n))) ++n;
    }
    if (ahead(n) == 'e' || ahead(n) == 'E') {
      const std::size_t sign = ahead(n + 1) == '+' || ahead(n + 1) == '-' ? 1 : 0;
      if (is_digit(ahead(n + 1 + sign))) {
        fraction = true;
        n += 1 + sign;
        while (is_digit(ahead(n))) ++n;
      }
    }
  }
  const bool is_unsigned = !fraction && (ahead(n) == 'u' || ahead(n) == 'U');
  const std::size_t length = n + (is_unsigned ? 1 : 0);
  if (is_name_part(ahead(length))) {
    std::size_t whole = length;
    while (is_name_part(ahead(whole))) ++whole;
    const auto word = text_.substr(at_, whole);
    return fail(helped(complain(messages::bad_number, at_, whole, word),
                       phrase("a length of time is written duration(\"{}\")", "시간은 duration(\"{}\")처럼 씁니다", word)));
  }
  const auto* first = text_.data() + at_;
  if (fraction) {
    double value = 0;
    const auto r = std::from_chars(first, first + n, value);
    // from_chars leaves the value alone where the text is too large or too small for a double; strtod's answers are wanted.
    if (r.ec == std::errc::result_out_of_range) value = std::strtod(std::string(first, n).c_str(), nullptr);
    return literal(length, negative ? -value : value);
  }
  std::uint64_t magnitude = 0;
  const auto r = std::from_chars(first + (hex ? 2 : 0), first + n, magnitude, hex ? 16 : 10);
  constexpr std::uint64_t top = std::uint64_t{1} << 63U;
  const bool fits = r.ec == std::errc() && (is_unsigned || magnitude < top + (negative ? 1 : 0));
  if (!fits) return fail(complain(messages::number_out_of_range, at_, length, text_.substr(at_, length)));
  if (is_unsigned) return literal(length, magnitude);
  if (!negative) return literal(length, static_cast<std::int64_t>(magnitude));
  return literal(length, magnitude == top ? INT64_MIN : -static_cast<std::int64_t>(magnitude));
}

Token Lexer::quoted() {
  auto result = read_text_literal(text_, at_);
  if (!result) return fail(std::move(result.error()));
  return literal(result->length, std::move(result->value));
}

Token Lexer::punctuation() {
  using Kind = Token::Kind;
  const char c = text_[at_], d = ahead(1);
  switch (c) {
    case '(': return token(Kind::open_paren, 1);
    case ')': return token(Kind::close_paren, 1);
    case '[': return token(Kind::open_bracket, 1);
    case ']': return token(Kind::close_bracket, 1);
    case '{': return token(Kind::open_brace, 1);
    case '}': return token(Kind::close_brace, 1);
    case ',': return token(Kind::comma, 1);
    case '.': return token(Kind::dot, 1);
    case ':': return token(Kind::colon, 1);
    case '?': return token(Kind::question, 1);
    case '-': return token(Kind::minus, 1);
    case '+': return token(Kind::plus, 1);
    case '*': return token(Kind::star, 1);
    case '/': return token(Kind::slash, 1);
    case '%': return token(Kind::percent, 1);
    case '!': return d == '=' ? token(Kind::not_equal, 2) : token(Kind::exclamation, 1);
    case '<': return d == '=' ? token(Kind::less_equal, 2) : token(Kind::less, 1);
    case '>': return d == '=' ? token(Kind::greater_equal, 2) : token(Kind::greater, 1);
    case '=':
      if (d == '=') return token(Kind::equal, 2);
      return fail(
          helped(complain(messages::bad_character, at_, 1, "="), phrase("equality is written `==`", "같음은 `==`로 씁니다")));
    case '&':
      if (d == '&') return token(Kind::both, 2);
      return fail(helped(complain(messages::bad_character, at_, 1, "&"),
                         phrase("\"and\" is written `&&`", "\"그리고\"는 `&&`로 씁니다")));
    case '|':
      if (d == '|') return token(Kind::either, 2);
      return fail(
          helped(complain(messages::bad_character, at_, 1, "|"), phrase("\"or\" is written `||`", "\"또는\"은 `||`로 씁니다")));
    default: break;
  }
  const auto shown = text_.substr(at_, character_length(text_.substr(at_)));
  auto complaint = complain(messages::bad_character, at_, shown.size(), shown);
  if (c == '$')
    complaint.help =
        phrase("expressions stand here without `${{ }}`: write the name alone", "여기에는 `${{ }}` 없이 이름만 씁니다");
  return fail(std::move(complaint));
}

}  // namespace runbook::cel
