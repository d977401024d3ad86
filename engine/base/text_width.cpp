#include "base/text_width.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <functional>

namespace runbook {
namespace {

// code < 0: an invalid byte
struct Piece {
  utf8proc_int32_t code;
  std::string_view bytes;
};

template <class F>
void each_piece(std::string_view text, F visit) {
  while (!text.empty()) {
    utf8proc_int32_t code = -1;
    const auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                    static_cast<utf8proc_ssize_t>(text.size()), &code);
    const std::size_t length = n > 0 ? static_cast<std::size_t>(n) : 1;
    visit(Piece{n > 0 ? code : -1, text.substr(0, length)});
    text.remove_prefix(length);
  }
}

bool is_bidirectional(utf8proc_int32_t c) {
  return c == 0x200e || c == 0x200f || c == 0x061c || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool is_inert(utf8proc_int32_t c) {
  return c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0) && !is_bidirectional(c) && c != 0x2028 && c != 0x2029 && c != 0xfeff;
}

std::size_t width_of(utf8proc_int32_t c) {
  if (c < 0 || c == '\t') return 1;
  if (c < 0x20) return 0;
  const int w = utf8proc_charwidth(c);
  return w < 0 ? 0 : static_cast<std::size_t>(w);
}

std::string shown(std::string_view text, std::string_view kept) {
  std::string out;
  each_piece(text, [&](const Piece& p) {
    if (p.code >= 0 && p.code < 0x80 && kept.find(static_cast<char>(p.code)) != std::string_view::npos) out += p.bytes;
    else if (p.code == '\t') out += ' ';
    else if (p.code < 0) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(p.bytes[0]));
    else if (is_inert(p.code)) out += p.bytes;
    else if (p.code < 0x20) out += fmt::format("^{}", static_cast<char>(p.code + '@'));
    else out += fmt::format("<U+{:04X}>", static_cast<unsigned>(p.code));
  });
  return out;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  each_piece(text, [&](const Piece& p) { width += width_of(p.code); });
  return width;
}

std::string fit(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return pad_right(text, columns);
  const std::string_view more = columns > 3 ? "..." : "";
  std::string out;
  std::size_t width = 0;
  bool full = false;
  each_piece(text, [&](const Piece& p) {
    full = full || width + width_of(p.code) + more.size() > columns;
    if (full) return;
    out += p.bytes;
    width += width_of(p.code);
  });
  return pad_right(out + std::string(more), columns);
}

std::string pad_right(std::string_view text, std::size_t columns) {
  const auto width = display_width(text);
  return std::string(text) + std::string(width < columns ? columns - width : 0, ' ');
}

std::string pad_left(std::string_view text, std::size_t columns) {
  const auto width = display_width(text);
  return std::string(width < columns ? columns - width : 0, ' ') + std::string(text);
}

bool is_valid_utf8(std::string_view text) {
  bool valid = true;
  each_piece(text, [&](const Piece& p) { valid = valid && p.code >= 0; });
  return valid;
}

std::string valid_utf8(std::string_view text) {
  if (is_valid_utf8(text)) return std::string(text);
  std::string out;
  each_piece(text, [&](const Piece& p) { out += p.code >= 0 ? p.bytes : std::string_view("\xEF\xBF\xBD"); });
  return out;
}

std::string printable(std::string_view text) { return shown(text, ""); }
std::string printable_lines(std::string_view text) { return shown(text, "\n\t"); }

}  // namespace runbook
