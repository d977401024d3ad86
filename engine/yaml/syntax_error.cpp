#include "yaml/syntax_error.h"

#include <algorithm>
#include <optional>

#include "base/odd_blank.h"
#include "yaml/messages.h"
#include "yaml/mistakes.h"

namespace runbook::yaml {
namespace {

using std::string_view;

std::size_t indent_of(string_view line) { return std::min(line.find_first_not_of(' '), line.size()); }
bool is_empty_line(string_view line) {
  const auto first = line.find_first_not_of(" \t");
  return first == string_view::npos || line[first] == '#';
}

// Behind the blanks and the dashes of list elements.
std::size_t content_start(string_view line) {
  std::size_t i = indent_of(line);
  while (i + 1 < line.size() && line[i] == '-' && line[i + 1] == ' ')
    i = std::min(line.find_first_not_of(' ', i + 1), line.size());
  return i;
}

// Where the value on this line begins: behind `- ` and `key: `; npos: the line has no key of its own.
std::size_t value_start(string_view line) {
  const std::size_t i = content_start(line);
  if (i < line.size() && (line[i] == '"' || line[i] == '\'')) return string_view::npos;
  const auto colon = line.find(": ", i);
  if (colon == string_view::npos) return string_view::npos;
  return std::min(line.find_first_not_of(' ', colon + 1), line.size());
}

// `|`, `>-`, `|2` at the end of a line that has a key or is an element; empty: none.
string_view block_mark(string_view line) {
  const auto value = value_start(line);
  const auto rest = line.substr(std::min(value == string_view::npos ? content_start(line) : value, line.size()));
  const auto mark = rest.substr(0, rest.find_first_of(" \t\r"));
  const bool is_mark = !mark.empty() && (mark[0] == '|' || mark[0] == '>') &&
                       mark.find_first_not_of("+-0123456789", 1) == string_view::npos && is_empty_line(rest.substr(mark.size()));
  return is_mark ? mark : string_view();
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_of_word(char c) { return is_letter(c) || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80U) != 0; }

// Behind which character of `text` somebody forgot the blank: the colon of `id:deploy`, the dash of `-id: deploy`.
std::size_t blankless(string_view text) {
  if (text.size() > 1 && text[0] == '-' && is_letter(text[1])) return 0;
  const auto colon = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_of_word) - text.begin());
  const bool is_key = colon > 0 && is_letter(text[0]) && colon + 1 < text.size() && text[colon] == ':';
  return is_key && text[colon + 1] != ' ' && text[colon + 1] != '/' ? colon : string_view::npos;  // no http://
}

// The line whose `|` or `>` was to begin a block, where the lines down to `number` are the block, not indented enough.
std::optional<std::size_t> block_above(const SourceText& source, std::size_t number) {
  const auto indent = indent_of(source.line(number));
  for (std::size_t n = number; n-- > 1;) {
    const auto line = source.line(n);
    if (is_empty_line(line)) continue;
    if (!block_mark(line).empty()) return n;
    if (indent_of(line) != indent || value_start(line) != string_view::npos) return {};
  }
  return {};
}

Diagnostic outside_block(const SourceText& source, std::size_t opening, std::size_t number) {
  const auto above = source.line(opening);
  const auto mark = block_mark(above);
  const auto line = source.line(number);
  const auto start = indent_of(line);
  return diagnose(messages::block_not_indented, source.at(source.offset_of(number) + start, line.size() - start), mark)
      .noted(source.at(source.offset_of(opening) + static_cast<std::size_t>(mark.data() - above.data()), mark.size()),
             phrase("the block begins here, and is empty", "블록이 여기서 시작하는데 비어 있습니다"))
      .helped(phrase("indent its lines deeper than the key of the block", "블록의 줄은 그 키보다 깊게 들여 쓰십시오"));
}

Diagnostic no_key(Place at) {
  return diagnose(messages::no_colon, at)
      .helped(phrase("a key is followed by a colon and a blank: `key: value`", "키 뒤에는 쌍점과 공백이 옵니다: `key: value`"));
}

// Where a blank of another kind than YAML's stands in the indentation of this line, behind its dash or behind its key.
std::size_t odd_blank_in(string_view line) {
  std::size_t i = content_start(line);
  if (i < line.size() && line[i] == '-' && odd_blank(line.substr(i + 1)).length > 0) return i + 1;
  if (odd_blank(line.substr(i)).length > 0) return i;
  const std::size_t key = i;
  while (i < line.size() && is_of_word(line[i]) && (static_cast<unsigned char>(line[i]) & 0x80U) == 0) ++i;
  return i > key && i + 1 < line.size() && line[i] == ':' && odd_blank(line.substr(i + 1)).length > 0 ? i + 1 : string_view::npos;
}

// What stops the parser on a line, or a few below it, that is no part of a block.
std::optional<Diagnostic> explain_blank(const SourceText& source, std::size_t number) {
  constexpr std::size_t near = 5;
  std::optional<std::size_t> found, block;  // the indentation of the key whose block it is
  for (std::size_t n = 1; n <= number; ++n) {
    const auto line = source.line(n);
    if (is_empty_line(line) || (block && indent_of(line) > *block)) continue;
    block.reset();
    if (!block_mark(line).empty()) block = value_start(line) == string_view::npos ? indent_of(line) : content_start(line);
    if (const auto at = n + near > number ? odd_blank_in(line) : string_view::npos; at != string_view::npos)
      found = source.offset_of(n) + at;
  }
  if (!found) return {};
  return explain_odd_blank(source, *found);
}

// What is written on a line that is no key, where that is known.
std::optional<Diagnostic> explain_slip(const SourceText& source, std::size_t number) {
  if (const auto at = odd_blank_in(source.line(number)); at != string_view::npos)
    return explain_odd_blank(source, source.offset_of(number) + at);
  if (const auto block = block_above(source, number)) return outside_block(source, *block, number);
  const auto line = source.line(number);
  const auto start = content_start(line);
  const auto text = line.substr(start);
  const auto at = blankless(text);
  if (at == string_view::npos) return {};
  return diagnose(messages::no_blank, source.at(source.offset_of(number) + start, text.size()), text[at])
      .helped(phrase("write `{0} {1}`", "`{0} {1}` 로 쓰십시오", text.substr(0, at + 1), text.substr(at + 1)));
}

Phrase quote_or_block() {
  return phrase("quote the text as a whole, or write it as a block (`|` and the text on the next lines)",
                "글 전체를 따옴표로 싸거나 블록(`|` 다음 줄부터)으로 쓰십시오");
}

class Explanation {
 public:
  Explanation(const SourceText& source, std::size_t offset, const std::vector<std::size_t>& brackets)
      : source_(source),
        offset_(std::min(offset, source.size())),
        brackets_(brackets),
        number_(source.line_number(offset_)),
        line_(source.line(number_)),
        column_(offset_ - source.offset_of(number_)) {}

  Diagnostic of(const std::string& message) {
    const auto says = [&](string_view words) { return message.find(words) != std::string::npos; };
    if (tab_in_indentation() || says("illegal tab")) return tab();
    if (says("unknown escape") || says("hex number") || says("invalid unicode")) return escape();
    if (says("illegal map value")) return map_value();
    if (says("unknown token")) return reserved();
    if (says("directive") || says("YAML version")) return diagnose(messages::directive, here());
    if (says("illegal flow end")) return diagnose(messages::stray_bracket, here(), source_[offset_]);
    if (says("end of map flow") || says("end of sequence flow")) return bracket();
    if (says("anchor") || says("alias")) return alias();
    if (says("tag")) return diagnose(messages::tag, here()).helped(phrase("quote the text", "글을 따옴표로 싸십시오"));
    if (says("EOF in scalar") || says("document indicator in scalar")) return open_quote();
    if (says("end of map") || says("end of sequence") || says("illegal block entry") || says("illegal map key")) return stray();
    if (says("block scalar"))
      return diagnose(messages::syntax, here(), "only `|`, `>`, `|-` or `>-` may stand before a block")
          .helped(phrase("put the text on the next line", "글은 다음 줄부터 쓰십시오"));
    return diagnose(messages::syntax, here(), message);
  }

 private:
  Place here(std::size_t length = 1) const { return source_.at(offset_, length); }
  Place on_line(std::size_t column, std::size_t length = 1) const {
    return source_.at(source_.offset_of(number_) + column, length);
  }

  bool tab_in_indentation() const {
    const auto first = line_.find_first_not_of(" \t");
    return first != string_view::npos && line_.substr(0, first).find('\t') != string_view::npos;
  }
  Diagnostic tab() const {
    const auto at = line_.find('\t');
    return diagnose(messages::tab, on_line(at == string_view::npos ? 0 : at))
        .helped(phrase("replace each tab by spaces", "탭을 공백으로 바꾸십시오"));
  }
  Diagnostic escape() const {
    // yaml-cpp stops behind the character that is no escape.
    std::size_t at = offset_;
    for (std::size_t back = 0; back < 12 && at > 0 && source_[at] != '\\'; ++back) --at;
    return diagnose(messages::unknown_escape, source_.at(at, 2), source_[at + 1])
        .helped(phrase("use single quotes, or write `\\\\`", "작은따옴표를 쓰거나 `\\\\` 로 쓰십시오"));
  }
  Diagnostic map_value() const {
    const auto value = value_start(line_);
    if (value != string_view::npos && value <= column_) {
      if (const auto quote = closed_quote(value)) return behind_quote(*quote);
      return diagnose(messages::colon_in_text, here()).helped(quote_or_block());
    }
    // The text began on an earlier line, and this line's colon came into it.
    std::size_t above = number_ - 1;
    while (above > 0 && is_empty_line(source_.line(above))) --above;
    if (above == 0) {
      if (column_ > 0 && line_.substr(0, column_).find(':') != string_view::npos) return no_key(on_line(0, line_.size()));
      return diagnose(messages::syntax, here(), "`:` stands where no key is");
    }
    const auto text = source_.line(above);
    const auto start = indent_of(text);
    if (auto slip = explain_slip(source_, above)) return *std::move(slip);
    if (value_start(text) == string_view::npos && text.back() != ':' && indent_of(line_) <= start)
      return no_key(source_.at(source_.offset_of(above) + start, text.size() - start));
    return diagnose(messages::indentation, on_line(indent_of(line_), line_.size() - indent_of(line_)))
        .noted(source_.at(source_.offset_of(above) + start, text.size() - start),
               phrase("the text of this line goes on below", "이 줄의 글이 아래로 이어집니다"))
        .helped(phrase("indent it as the keys beside it", "나란한 키와 같이 들여 쓰십시오"));
  }
  // Of a value that begins with a quote: behind its closing one, when that lies before the place of the error.
  std::optional<std::size_t> closed_quote(std::size_t value) const {
    if (value >= line_.size() || (line_[value] != '"' && line_[value] != '\'')) return {};
    const auto end = line_.find(line_[value], value + 1);
    if (end == string_view::npos || end > column_) return {};
    return end + 1;
  }
  Diagnostic behind_quote(std::size_t column) const {
    const auto rest = std::min(line_.find_first_not_of(' ', column), line_.size());
    const char quote = line_[column - 1];
    auto found = diagnose(messages::after_quote, on_line(rest, line_.size() - rest));
    // Right behind it a word, and one more quote: it was to be of the text (`'it's on'`).
    const bool is_of_text =
        rest == column && rest < line_.size() && is_of_word(line_[rest]) && line_.find(quote, rest) != string_view::npos;
    if (!is_of_text)
      found.help = phrase("an expression that begins with a quote must be quoted as a whole",
                          "따옴표로 시작하는 식은 전체를 따옴표로 싸야 합니다");
    else if (quote == '\'')
      found.help = phrase("write a quote inside of '...' twice ('it''s'), or use double quotes",
                          "작은따옴표 안의 작은따옴표는 두 번 쓰거나('it''s') 큰따옴표로 싸십시오");
    else
      found.help = phrase("write a quote inside of \"...\" as `\\\"`, or use single quotes",
                          "큰따옴표 안의 큰따옴표는 `\\\"` 로 쓰거나 작은따옴표로 싸십시오");
    return found;
  }
  Diagnostic reserved() const {
    const char c = source_[offset_];
    if (c == '\t') return tab();
    const bool ends_a_text = c == '?' && offset_ > 0 && string_view(" \t\n[{,:").find(source_[offset_ - 1]) == string_view::npos;
    if (ends_a_text) return diagnose(messages::question_mark, here()).helped(phrase("quote the text", "글을 따옴표로 싸십시오"));
    return diagnose(messages::reserved_character, here(), c).helped(phrase("quote the text", "글을 따옴표로 싸십시오"));
  }
  Diagnostic bracket() const {
    if (brackets_.empty()) return diagnose(messages::syntax, here(), "a list or map in brackets does not end");
    const std::size_t open = brackets_.back();
    auto found = diagnose(messages::open_bracket, source_.at(open), source_[open])
                     .noted(here(), phrase("the end was expected here at the latest", "늦어도 여기에서 끝나야 합니다"));
    if (ends_a_text(open))
      found.help =
          phrase("inside {{ }} and [ ] a text that holds brackets or `?` must be quoted: {{ expect: \"rows[0].n == 0\" }}",
                 "{{ }} 와 [ ] 안에서 괄호나 `?` 가 든 글은 따옴표로 싸야 합니다: {{ expect: \"rows[0].n == 0\" }}");
    return found;
  }
  // What ended the text is of the text: `rows[0].n`, `which one?`.
  bool ends_a_text(std::size_t open) const {
    for (std::size_t at = offset_; at > open + 1 && at + 1 >= offset_; --at)
      if (string_view("[{?").find(source_[at]) != string_view::npos &&
          string_view(" \t\n,:").find(source_[at - 1]) == string_view::npos)
        return true;
    return false;
  }
  Diagnostic alias() const {
    if (source_[offset_] == '&' || (offset_ > 0 && source_[offset_ - 1] == '&'))
      return diagnose(messages::reserved_character, here(), '&').helped(phrase("quote the text", "글을 따옴표로 싸십시오"));
    std::size_t at = offset_;
    while (at > source_.line_start(offset_) && source_[at] != '*') --at;
    return diagnose(messages::unknown_alias, source_.at(source_[at] == '*' ? at : offset_))
        .helped(phrase("quote the text", "글을 따옴표로 싸십시오"));
  }
  Diagnostic open_quote() const {
    // The last quote that opens a value on a line above.
    for (std::size_t n = number_; n > 0; --n) {
      const auto text = source_.line(n);
      const auto value = value_start(text);
      if (value == string_view::npos || value >= text.size() || (text[value] != '"' && text[value] != '\'')) continue;
      if (text.find(text[value], value + 1) == string_view::npos)
        return diagnose(messages::unterminated_quote, source_.at(source_.offset_of(n) + value));
    }
    return diagnose(messages::unterminated_quote, here());
  }
  Diagnostic stray() const {
    const auto value = value_start(line_);
    if (value != string_view::npos)
      if (const auto quote = closed_quote(value)) return behind_quote(*quote);
    const auto first = indent_of(line_);
    if (const auto block = block_above(source_, number_)) return outside_block(source_, *block, number_);
    if (first < line_.size() && (line_[first] == '"' || line_[first] == '\'') && column_ > first) {
      const auto end = line_.find(line_[first], first + 1);
      if (end != string_view::npos && end < column_) return behind_quote(end + 1);
    }
    if (source_[offset_] == '-' && value != string_view::npos && value <= column_)
      return diagnose(messages::reserved_character, here(), "- ")
          .helped(
              phrase("put the list on the next line, or quote the text", "목록은 다음 줄부터 쓰고, 글이면 따옴표로 싸십시오"));
    return diagnose(messages::indentation, on_line(first, line_.size() - first))
        .helped(phrase("indent it as the lines that it belongs to", "함께 속하는 줄과 같이 들여 쓰십시오"));
  }

  const SourceText& source_;
  std::size_t offset_;
  const std::vector<std::size_t>& brackets_;
  std::size_t number_;
  string_view line_;
  std::size_t column_;
};

}  // namespace

Diagnostic explain_no_colon(const SourceText& source, Place at) {
  if (auto slip = explain_slip(source, at.line)) return *std::move(slip);
  return no_key(at);
}

Diagnostic explain_syntax_error(const SourceText& source, const std::string& message, std::size_t offset,
                                const std::vector<std::size_t>& open_brackets) {
  if (auto blank = explain_blank(source, source.line_number(std::min(offset, source.size())))) return *std::move(blank);
  return Explanation(source, offset, open_brackets).of(message);
}

}  // namespace runbook::yaml
