// Cuts an expression into tokens (langdef.md, "Lexis"), one at a time and without a list of them.
#pragma once
#include <string_view>

#include "cel/complain.h"

namespace runbook::cel {

struct Token {
  enum class Kind {
    end,
    error,
    name,
    quoted_name,
    literal,
    in,
    open_paren,
    close_paren,
    open_bracket,
    close_bracket,
    open_brace,
    close_brace,
    comma,
    dot,
    colon,
    question,
    exclamation,
    minus,
    plus,
    star,
    slash,
    percent,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    both,
    either,
  };
  Kind kind = Kind::end;
  std::size_t offset = 0, length = 0;
  std::string_view text;  // as written
  Value value;            // of a literal

  std::size_t end() const { return offset + length; }
  bool is_number() const { return kind == Kind::literal && (value.integer() || value.unsigned_integer() || value.number()); }
};

class Lexer {
 public:
  // The text must outlive the lexer and its tokens.
  explicit Lexer(std::string_view text, std::size_t start = 0) : text_(text), at_(start) {}
  // After `end` and `error` it gives the same again.
  Token next();
  // A number directly behind a minus sign: `-9223372036854775808` fits, `9223372036854775808` does not.
  Token next_negative();
  const Complaint& complaint() const { return complaint_; }  // of the `error` token

 private:
  Token lex(bool negative);
  void skip_space();
  Token token(Token::Kind kind, std::size_t length);
  Token literal(std::size_t length, Value value);
  Token fail(Complaint complaint);
  Token number(bool negative);
  Token quoted();
  Token punctuation();
  char ahead(std::size_t n) const { return at_ + n < text_.size() ? text_[at_ + n] : '\0'; }

  std::string_view text_;
  std::size_t at_;
  Complaint complaint_;
};

bool is_name_start(char c);
bool is_name_part(char c);
// Words that CEL keeps for the host languages: `for`, `var`, ... They may be fields, not names.
bool is_reserved(std::string_view word);

}  // namespace runbook::cel
