#include "yaml/text_check.h"

#include <array>
#include <optional>

#include "yaml/messages.h"

namespace runbook::yaml {
namespace {

constexpr std::size_t reported_at_most = 20;

// length 0: no valid UTF-8
struct Character {
  char32_t code = 0;
  std::size_t length = 0;
};

Character decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return {};
  char32_t code = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    code = code << 6U | (byte(i) & 0x3FU);
  }
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < smallest[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, length};
}

bool is_bidirectional(char32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

// Also what breaks lines in some readers and not in others, and what is not there for the eye at all.
bool is_control(char32_t c) {
  return (c < 0x20 && c != '\t' && c != '\n') || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 || c == 0x200B ||
         c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F);
}

// How deep a line may open brackets that it does not close. yaml-cpp reads a whole line before it says that one begins, as each
// could be a key: it would take 200 times the memory of a line of brackets.
constexpr std::size_t open_in_a_line = 1000;

// Where a line opens too many; nothing: no line does.
std::optional<std::size_t> too_many_brackets(const SourceText& source) {
  for (std::size_t n = 1; n <= source.lines(); ++n) {
    const std::size_t begin = source.offset_of(n), end = n < source.lines() ? source.offset_of(n + 1) : source.size();
    std::size_t open = 0;
    for (std::size_t i = begin; end - begin > open_in_a_line && i < end; ++i) {  // nearly all lines are too short
      const char c = source[i];
      if (c == '[' || c == '{') ++open;
      else if ((c == ']' || c == '}') && open > 0) --open;
      if (open > open_in_a_line) return i;
    }
  }
  return {};
}

// A table: every character of a long file is asked for.
constexpr auto plain = [] {
  std::array<bool, 256> out{};
  for (unsigned c = ' '; c < 0x7F; ++c) out[c] = true;
  out['\n'] = true;
  return out;
}();

std::size_t skip_plain(std::string_view text, std::size_t i) {
  while (i < text.size() && plain[static_cast<unsigned char>(text[i])]) ++i;
  return i;
}

Phrase remove_it() {
  return phrase("delete it, or write it as an escape inside double quotes", "지우거나, 큰따옴표 안에서 이스케이프로 쓰십시오");
}

Phrase convert(std::string_view from, std::string_view name) {
  return phrase("save the file as UTF-8; out of {0}: iconv -f {1} -t utf-8 OLD > NEW",
                "파일을 UTF-8 로 저장하십시오. {0} 에서 바꾸려면: iconv -f {1} -t utf-8 OLD > NEW", from, name);
}

}  // namespace

Readable check_text(const SourceText& source, Diagnostics& wrong) {
  const std::string_view text = source.text();
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    wrong.push_back(diagnose(messages::empty_file, {source.file(), 0, 0, 1}));
    return Readable::no;
  }
  const std::size_t already = wrong.size();
  for (std::size_t i = skip_plain(text, 0); i < text.size(); i = skip_plain(text, i)) {
    const Character c = decode(text.substr(i, 4));
    if (c.length == 0) {
      const bool is_utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
      wrong.push_back(
          diagnose(messages::not_utf8, source.at(i)).helped(is_utf16 ? convert("UTF-16", "utf-16") : convert("CP949", "cp949")));
      return Readable::no;
    }
    if (c.code == 0) {
      auto found = diagnose(messages::nul_byte, source.at(i));
      if (i < 2) found.help = convert("UTF-16", i == 0 ? "utf-16be" : "utf-16le");  // each ASCII character has one
      wrong.push_back(std::move(found));
      return Readable::no;
    }
    const bool line_end = c.code == '\r' && source[i + 1] == '\n';
    const bool is_told = wrong.size() < already + reported_at_most;
    if (is_told && is_bidirectional(c.code))
      wrong.push_back(
          diagnose(messages::bidi_character, source.at(i, c.length), static_cast<unsigned>(c.code)).helped(remove_it()));
    else if (is_told && is_control(c.code) && !line_end)
      wrong.push_back(
          diagnose(messages::control_character, source.at(i, c.length), static_cast<unsigned>(c.code)).helped(remove_it()));
    i += c.length;
  }
  if (const auto at = too_many_brackets(source)) {
    wrong.push_back(diagnose(messages::too_deep, source.at(*at), open_in_a_line));
    return Readable::no;
  }
  if (text.back() != '\n')
    wrong.push_back(
        diagnose(messages::no_last_newline, source.at(text.size()))
            .helped(phrase("look whether its end is there, then add a newline", "끝까지 있는지 확인하고 줄바꿈을 넣으십시오")));
  return Readable::yes;
}

}  // namespace runbook::yaml
