#include "yaml/scalar.h"

#include <algorithm>

namespace runbook::yaml {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_space(char c) { return is_blank(c) || c == '\n'; }

std::size_t utf8_length(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// The end of a quoted text, behind its closing quote; npos: there is none.
std::size_t closing_quote(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
      continue;
    }
    if (text[i] != quote) continue;
    if (quote == '\'' && i + 1 < text.size() && text[i + 1] == '\'') {
      ++i;
      continue;
    }
    return i + 1;
  }
  return std::string_view::npos;
}

// Length of an escape sequence in double quotes: `\n`, `\x41`, `\u00e9`, `\U0001f600`.
std::size_t escape_length(char kind) {
  switch (kind) {
    case 'x': return 4;
    case 'u': return 6;
    case 'U': return 10;
    default: return 2;
  }
}

// Walks source and decoded text together; a new segment wherever they stop going in step.
class Walk {
 public:
  Walk(const SourceText& source, std::size_t begin, const std::string& decoded, TextMap& map)
      : source_(source),
        decoded_(decoded),
        map_(map),
        s_(begin) {}

  // Plain and quoted texts: line ends fold, quotes and escapes shrink.
  std::size_t flow(char quote, std::size_t end) {
    mark();
    while (d_ < decoded_.size() && s_ < end) {
      const char c = source_[s_];
      if (quote == '"' && c == '\\') escape();
      else if (quote == '\'' && c == '\'') {
        s_ += 2;
        ++d_;
        mark();
      } else if (is_space(c) && line_break_ahead()) fold();
      else if (c == decoded_[d_]) {
        ++s_;
        ++d_;
      } else break;
    }
    return s_;
  }

  // Block scalars: indentation goes, `>` folds. Words are the same in both, only the room between them differs.
  std::size_t block() {
    while (d_ < decoded_.size()) {
      while (d_ < decoded_.size() && is_space(decoded_[d_])) ++d_;
      while (s_ < source_.size() && is_space(source_[s_])) ++s_;
      if (d_ == decoded_.size() || s_ == source_.size()) break;
      mark();
      const std::size_t before = d_;
      while (d_ < decoded_.size() && s_ < source_.size() && decoded_[d_] == source_[s_] && source_[s_] != '\n') ++d_, ++s_;
      if (d_ == before) break;  // they have parted: what is mapped so far stays
    }
    return s_;
  }

 private:
  void mark() { map_.add(static_cast<std::uint32_t>(d_), source_.at(s_)); }

  bool line_break_ahead() const {
    std::size_t i = s_;
    while (is_blank(source_[i])) ++i;
    return source_[i] == '\n';
  }
  void skip_spaces() {
    while (s_ < source_.size() && is_space(source_[s_])) ++s_;
  }
  void fold() {
    std::size_t breaks = 0;
    for (std::size_t i = s_; i < source_.size() && is_space(source_[i]); ++i) breaks += source_[i] == '\n';
    skip_spaces();
    d_ += breaks == 1 ? 1 : breaks - 1;
    mark();
  }
  void escape() {
    std::size_t i = s_ + 1;
    while (source_[i] == '\r') ++i;
    if (source_[i] == '\n') {  // an escaped line end joins the lines: a segment of its own, without a length
      mark();
      s_ = i + 1;
      while (is_blank(source_[s_])) ++s_;
    } else {
      s_ += escape_length(source_[s_ + 1]);
      d_ += utf8_length(decoded_[d_]);
    }
    mark();
  }

  const SourceText& source_;
  const std::string& decoded_;
  TextMap& map_;
  std::size_t s_, d_ = 0;
};

bool stands_here(const SourceText& source, std::size_t begin, const std::string& decoded) {
  return source.text().compare(begin, decoded.size(), decoded) == 0;
}

ScalarSource quoted(const SourceText& source, std::size_t begin, const std::string& decoded) {
  ScalarSource found;
  found.style = Node::Style::quoted;
  found.begin = begin;
  const char quote = source[begin];
  found.end = stands_here(source, begin + 1, decoded) && source[begin + 1 + decoded.size()] == quote &&
                      decoded.find(quote) == std::string::npos && (quote == '\'' || decoded.find('\\') == std::string::npos) &&
                      !(quote == '\'' && source[begin + 2 + decoded.size()] == '\'')
                  ? begin + 2 + decoded.size()
                  : closing_quote(source.text(), begin);
  found.closed = found.end != std::string_view::npos;
  if (!found.closed) found.end = source.size();
  found.at = source.at(begin, found.end - begin);
  Walk(source, begin + 1, decoded, found.map).flow(quote, found.end);
  return found;
}

ScalarSource block(const SourceText& source, std::size_t begin, const std::string& decoded) {
  ScalarSource found;
  found.style = Node::Style::block;
  found.begin = begin;
  found.at = source.at(begin);
  const std::size_t first_line = std::min(source.line_end(begin) + 1, source.size());
  found.end = Walk(source, first_line, decoded, found.map).block();
  return found;
}

ScalarSource plain(const SourceText& source, std::size_t begin, const std::string& decoded) {
  ScalarSource found;
  found.begin = begin;
  found.at = source.at(begin, decoded.size());
  if (stands_here(source, begin, decoded) && decoded.find('\n') == std::string::npos) {
    found.end = begin + decoded.size();
    found.map = TextMap(found.at);
  } else {
    found.end = Walk(source, begin, decoded, found.map).flow('\0', source.size());
  }
  return found;
}

}  // namespace

ScalarSource locate_scalar(const SourceText& source, std::size_t begin, const std::string& decoded) {
  switch (source[begin]) {
    case '"':
    case '\'': return quoted(source, begin, decoded);
    case '|':
    case '>': return block(source, begin, decoded);
    default: return plain(source, begin, decoded);
  }
}

std::size_t skip_properties(const SourceText& source, std::size_t offset) {
  while (source[offset] == '&' || source[offset] == '!') {
    while (offset < source.size() && !is_space(source[offset])) ++offset;
    for (;;) {
      while (offset < source.size() && is_space(source[offset])) ++offset;
      if (source[offset] != '#') break;
      offset = source.line_end(offset);
    }
  }
  return offset;
}

}  // namespace runbook::yaml
