#include "view/style.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/leaves.h"
#include "base/text_width.h"
#include "cel/expression.h"
#include "view/reasons.h"

namespace runbook {
namespace {

struct Glyph {
  std::string_view sign, word;
};
constexpr std::array<Glyph, 6> glyphs{{{"✓", "ok"}, {"✗", "FAIL"}, {"?", "?"}, {"-", "-"}, {">", ">"}, {"?", "?"}}};
constexpr std::array<std::string_view, 6> codes{"", "1", "2", "32", "31", "33"};  // SGR, as Ink lists them

// As many bytes of whole characters as fit.
std::size_t bytes_within(std::string_view text, std::size_t columns) {
  std::size_t end = 0;
  while (end < text.size()) {
    std::size_t next = end + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U) ++next;
    if (end > 0 && display_width(text.substr(0, next)) > columns) break;
    end = next;
  }
  return end;
}

}  // namespace

std::string mark(Mark mark, const Style& style) {
  const auto& glyph = glyphs[static_cast<std::size_t>(mark)];
  return std::string(style.ascii ? glyph.word : glyph.sign);
}

Ink ink_of(Mark mark) {
  switch (mark) {
    case Mark::good: return Ink::good;
    case Mark::bad: return Ink::bad;
    case Mark::unknown:
    case Mark::asks: return Ink::warn;
    case Mark::none: return Ink::faint;
    case Mark::busy: return Ink::plain;
  }
  return Ink::plain;
}

std::string ink(std::string_view text, Ink ink, const Style& style) {
  const auto code = codes[static_cast<std::size_t>(ink)];
  if (!style.color || code.empty() || text.empty()) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
  columns = std::max<std::size_t>(columns, 8);
  std::vector<std::string> lines;
  std::string line;
  std::size_t width = 0;
  const auto flush = [&] {
    lines.push_back(std::exchange(line, {}));
    width = 0;
  };
  while (!text.empty()) {
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) break;
    const auto end = std::min(text.find(' ', begin), text.size());
    std::string_view word = text.substr(begin, end - begin);
    const std::size_t gap = line.empty() ? 0 : begin;  // several spaces inside a line stay: they align
    text.remove_prefix(end);
    if (!line.empty() && width + gap + display_width(word) > columns) flush();
    if (!line.empty()) {
      line.append(gap, ' ');
      width += gap;
    }
    while (display_width(word) > columns) {
      const auto head = bytes_within(word, columns);
      line += word.substr(0, head);
      word.remove_prefix(head);
      flush();
    }
    line += word;
    width += display_width(word);
  }
  if (!line.empty() || lines.empty()) flush();
  return lines;
}

std::vector<std::string> labelled(std::string_view label, std::string_view text, std::size_t indent, const Style& style) {
  const auto columns = static_cast<std::size_t>(std::max(style.width, 40));
  const auto end = label.find_last_not_of(' ');
  if (end != std::string_view::npos) indent = std::max(indent, display_width(label.substr(0, end + 1)) + 1);
  auto lines = wrap(text, columns > indent + 8 ? columns - indent : 8);
  for (std::size_t i = 0; i < lines.size(); ++i)
    lines[i] = (i == 0 ? ink(pad_right(label, indent), Ink::faint, style) : std::string(indent, ' ')) + lines[i];
  return lines;
}

std::string join_lines(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) {
    const auto end = line.find_last_not_of(' ');
    out += end == std::string::npos ? std::string() : line.substr(0, end + 1);
    out += '\n';
  }
  return out;
}

std::string join(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const auto& part : parts) {
    if (&part != &parts.front()) out += between;
    out += part;
  }
  return out;
}

std::string shown(std::string_view text) {
  static constexpr std::string_view secret = "\x01secret:";
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto end = text.substr(i).starts_with(secret) ? text.find('\x01', i + secret.size()) : std::string_view::npos;
    if (end != std::string_view::npos) {
      out += "<secret " + std::string(text.substr(i + secret.size(), end - i - secret.size())) + ">";
      i = end + 1;
      continue;
    }
    const char c = text[i++];
    if (c != '\n' && c != '\r' && c != '\t') out += c;
    else if (!out.empty() && out.back() != ' ') out += ' ';
  }
  while (out.ends_with(' ')) out.pop_back();
  return printable(out);
}

std::string shown_value(const Value& value) {
  return shown(to_text(with_leaves(value, [](const Value& leaf) -> Value {
    const auto* text = leaf.string();
    return text == nullptr || text->find('\x01') == std::string::npos ? leaf : Value(shown(*text));
  })));
}

namespace {

// The expression stays; what stands behind it may be a reason that it could not be evaluated.
std::string in_language(std::string_view line, Language language) {
  std::string out(line);
  if (language == Language::english) return out;
  static constexpr std::string_view korean_was = "     이전: ", gap = "      ";
  if (const auto at = out.rfind(cel::was); at != std::string::npos) {
    out.replace(at, cel::was.size(), korean_was);
  } else if (const auto behind = out.rfind(gap); behind != std::string::npos) {
    const auto reason = out.substr(behind + gap.size());
    out.replace(behind + gap.size(), reason.size(), reason_in(reason, language));
  }
  return out;
}

}  // namespace

std::string explained_line(std::string_view line, const Style& style) {
  const auto begin = std::min(line.find_first_not_of(' '), line.size());
  const std::string indent(line.substr(0, begin));
  line.remove_prefix(begin);
  for (const auto m : {Mark::good, Mark::bad, Mark::unknown}) {
    const auto sign = glyphs[static_cast<std::size_t>(m)].sign;
    if (!line.starts_with(sign)) continue;
    return indent + ink(mark(m, style), ink_of(m), style) + in_language(line.substr(sign.size()), style.language);
  }
  return indent + in_language(line, style.language);
}

}  // namespace runbook
