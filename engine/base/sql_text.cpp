#include "base/sql_text.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace runbook {
namespace {

bool begins_word(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool goes_on_word(char c) { return begins_word(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '$'; }

struct Token {
  enum class Kind { end, space, word, semicolon, open, close, other } kind = Kind::end;
  std::string_view text;
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : rest_(text) {}

  Token next() {
    if (rest_.empty()) return {};
    const char c = rest_[0];
    const char after = rest_.size() > 1 ? rest_[1] : '\0';
    if (std::isspace(static_cast<unsigned char>(c)) != 0) return take(Token::Kind::space, 1);
    if (c == '-' && after == '-') return take(Token::Kind::space, rest_.find('\n'));
    if (c == '/' && after == '*') return take(Token::Kind::space, comment());
    if (c == '\'') return take(Token::Kind::other, quoted('\'', 0));
    if (c == '"') return take(Token::Kind::other, quoted('"', 0));
    if ((c == 'e' || c == 'E') && after == '\'') return take(Token::Kind::other, escaped());
    if (c == '$') return take(Token::Kind::other, dollar());
    if (begins_word(c)) return take(Token::Kind::word, word());
    if (c == ';') return take(Token::Kind::semicolon, 1);
    if (c == '(') return take(Token::Kind::open, 1);
    if (c == ')') return take(Token::Kind::close, 1);
    return take(Token::Kind::other, 1);
  }

 private:
  Token take(Token::Kind kind, std::size_t length) {
    const Token token{kind, rest_.substr(0, length)};
    rest_.remove_prefix(token.text.size());
    return token;
  }
  std::size_t word() const {
    std::size_t i = 1;
    while (i < rest_.size() && goes_on_word(rest_[i])) ++i;
    return i;
  }
  std::size_t quoted(char quote, std::size_t start) const {  // a doubled quote begins the next piece: the same to us
    const auto end = rest_.find(quote, start + 1);
    return end == std::string_view::npos ? rest_.size() : end + 1;
  }
  std::size_t escaped() const {
    for (std::size_t i = 2; i < rest_.size(); ++i) {
      if (rest_[i] == '\\') ++i;
      else if (rest_[i] == '\'' && i + 1 < rest_.size() && rest_[i + 1] == '\'') ++i;
      else if (rest_[i] == '\'') return i + 1;
    }
    return rest_.size();
  }
  std::size_t dollar() const {  // $$ or $tag$; $1 is a parameter
    std::size_t end = 1;
    while (end < rest_.size() && goes_on_word(rest_[end]) && rest_[end] != '$') ++end;
    if (end >= rest_.size() || rest_[end] != '$' || (end > 1 && !begins_word(rest_[1]))) return 1;
    const auto close = rest_.find(rest_.substr(0, end + 1), end + 1);
    return close == std::string_view::npos ? rest_.size() : close + end + 1;
  }
  std::size_t comment() const {
    int depth = 0;
    for (std::size_t i = 0; i + 1 < rest_.size(); ++i) {
      if (rest_[i] == '/' && rest_[i + 1] == '*') {
        ++depth;
        ++i;
      } else if (rest_[i] == '*' && rest_[i + 1] == '/') {
        ++i;
        if (--depth == 0) return i + 1;
      }
    }
    return rest_.size();
  }

  std::string_view rest_;
};

std::string upper(std::string_view word) {
  std::string large(word);
  std::transform(large.begin(), large.end(), large.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return large;
}

// Follows one statement to see whether a semicolon ends it: as psql does (psqlscan.l), with the words of CREATE FUNCTION.
class Depth {
 public:
  void see(const Token& token) {
    if (token.kind == Token::Kind::open) ++parentheses_;
    if (token.kind == Token::Kind::close) parentheses_ = std::max(0, parentheses_ - 1);
    if (token.kind != Token::Kind::word) return;
    const std::string word = upper(token.text);
    if (words_ < 4) opening_ += " " + word;
    ++words_;
    const bool routine = opening_.starts_with(" CREATE FUNCTION") || opening_.starts_with(" CREATE PROCEDURE") ||
                         opening_.starts_with(" CREATE OR REPLACE FUNCTION") ||
                         opening_.starts_with(" CREATE OR REPLACE PROCEDURE");
    if (!routine || parentheses_ > 0) return;
    if (word == "BEGIN" || (word == "CASE" && blocks_ > 0)) ++blocks_;
    if (word == "END" && blocks_ > 0) --blocks_;
  }
  bool outermost() const { return parentheses_ == 0 && blocks_ == 0; }

 private:
  int parentheses_ = 0, blocks_ = 0, words_ = 0;
  std::string opening_;
};

}  // namespace

std::vector<std::string> split_statements(std::string_view script) {
  std::vector<std::string> statements;
  Lexer lexer(script);
  Depth depth;
  std::string current;
  bool says_something = false;
  const auto finish = [&] {
    if (says_something) statements.push_back(current);
    current.clear();
    says_something = false;
    depth = Depth();
  };
  for (Token token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next()) {
    depth.see(token);
    if (token.kind == Token::Kind::semicolon && depth.outermost()) {
      finish();
      continue;
    }
    says_something = says_something || token.kind != Token::Kind::space;
    if (says_something) current += token.text;
  }
  finish();
  return statements;
}

SqlWord first_word(std::string_view statement) {
  Lexer lexer(statement);
  Token token = lexer.next();
  while (token.kind == Token::Kind::space) token = lexer.next();
  if (token.kind != Token::Kind::word) return {};
  return {upper(token.text), static_cast<std::size_t>(token.text.data() - statement.data())};
}

std::string transaction_control(std::string_view statement) {
  Lexer lexer(statement);
  std::vector<std::string> words;
  for (Token token = lexer.next(); token.kind != Token::Kind::end && words.size() < 3; token = lexer.next()) {
    if (token.kind == Token::Kind::space) continue;
    if (token.kind != Token::Kind::word) break;
    words.push_back(upper(token.text));
  }
  if (words.empty()) return {};
  constexpr std::array<std::string_view, 7> control{"BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "PREPARE"};
  if (std::find(control.begin(), control.end(), words[0]) != control.end()) return words[0];
  if (words[0] != "SET") return {};
  for (std::size_t i = 1; i < words.size(); ++i) {  // SET [LOCAL | SESSION] TRANSACTION, SET SESSION CHARACTERISTICS
    if (words[i] == "TRANSACTION") return "SET TRANSACTION";
    if (words[i] == "CHARACTERISTICS") return "SET SESSION CHARACTERISTICS";
    if (words[i] != "LOCAL" && words[i] != "SESSION") break;
  }
  return {};
}

std::vector<std::string_view> line_comments(std::string_view script) {
  std::vector<std::string_view> out;
  Lexer lexer(script);
  for (Token token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next())
    if (token.kind == Token::Kind::space && token.text.starts_with("--")) out.push_back(token.text);
  return out;
}

std::size_t highest_parameter(std::string_view statement) {
  constexpr std::size_t most = 65'535;  // of the protocol
  std::size_t highest = 0, number = 0;
  bool is_parameter = false;
  Lexer lexer(statement);
  for (Token token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next()) {
    const bool is_digit = token.text.size() == 1 && std::isdigit(static_cast<unsigned char>(token.text[0])) != 0;
    if (token.text == "$") number = 0;
    else if (is_parameter && is_digit) number = std::min(number * 10 + static_cast<std::size_t>(token.text[0] - '0'), most);
    is_parameter = token.text == "$" || (is_parameter && is_digit);
    if (is_parameter) highest = std::max(highest, number);
  }
  return highest;
}

}  // namespace runbook
