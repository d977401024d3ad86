#include "cel/text_literal.h"

#include "cel/complain.h"
#include "cel/utf8.h"

namespace runbook::cel {
namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

struct Escape {
  std::size_t length = 0;  // with the backslash; 0 = invalid
  std::uint32_t code = 0;
};

Escape numeric(std::string_view text, std::size_t from, std::size_t digits, std::uint32_t base) {
  if (text.size() < from + digits) return {};
  std::uint32_t code = 0;
  for (std::size_t i = from; i < from + digits; ++i) {
    const int d = digit(text[i]);
    if (d >= static_cast<int>(base)) return {};
    code = code * base + static_cast<std::uint32_t>(d);
  }
  return {from + digits, code};
}

// `text` begins with the backslash.
Escape read_escape(std::string_view text) {
  if (text.size() < 2) return {};
  switch (text[1]) {
    case 'a': return {2, 7};
    case 'b': return {2, 8};
    case 'f': return {2, 12};
    case 'n': return {2, 10};
    case 'r': return {2, 13};
    case 't': return {2, 9};
    case 'v': return {2, 11};
    case '\\':
    case '?':
    case '"':
    case '\'':
    case '`': return {2, static_cast<std::uint32_t>(text[1])};
    case 'x':
    case 'X': return numeric(text, 2, 2, 16);
    case 'u': return numeric(text, 2, 4, 16);
    case 'U': return numeric(text, 2, 8, 16);
    case '0':
    case '1':
    case '2':
    case '3': return numeric(text, 1, 3, 8);
    default: return {};
  }
}

}  // namespace

Result<TextLiteral, Complaint> read_text_literal(std::string_view text, std::size_t start) {
  std::size_t at = start;
  bool bytes = false, raw = false;
  if (text[at] == 'b' || text[at] == 'B') {
    bytes = true;
    ++at;
  }
  if (text[at] == 'r' || text[at] == 'R') {
    raw = true;
    ++at;
  }
  const char quote = text[at];
  const bool triple = text.substr(at, 3) == std::string(3, quote);
  const std::string closing(triple ? 3 : 1, quote);
  at += closing.size();

  std::string content;
  while (at < text.size()) {
    const char c = text[at];
    if (text.compare(at, closing.size(), closing) == 0) {
      const std::size_t length = at + closing.size() - start;
      if (bytes) return TextLiteral{length, Value::Bytes{std::move(content)}};
      return TextLiteral{length, std::move(content)};
    }
    if (!triple && (c == '\n' || c == '\r')) break;
    if (c != '\\' || raw) {
      content += c;
      ++at;
      continue;
    }
    const Escape escape = read_escape(text.substr(at));
    const bool unicode = escape.length > 4;
    const bool valid = escape.length > 0 && (bytes ? !unicode : is_scalar(escape.code));
    if (!valid) {
      const auto shown = text.substr(at, escape.length ? escape.length : 2);
      return failure(helped(complain(messages::bad_escape, at, shown.size(), shown),
                            phrase("write a backslash as `\\\\`, or the whole text raw: r\"...\"",
                                   "역슬래시는 `\\\\`로, 또는 r\"...\"처럼 그대로 씁니다")));
    }
    if (bytes && escape.code < 256) content += static_cast<char>(escape.code);
    else append_utf8(content, escape.code);
    at += escape.length;
  }
  return failure(complain(messages::unterminated_text, start, 1, closing));
}

}  // namespace runbook::cel
