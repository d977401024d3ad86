#include "base/diagnostic.h"

#include <algorithm>

#include "base/text_width.h"

namespace runbook {
namespace {

std::string_view line_of(std::string_view text, std::uint32_t line) {
  std::size_t begin = 0;
  for (std::uint32_t n = 1; n < line; ++n) {
    const auto end = text.find('\n', begin);
    if (end == std::string::npos) return {};
    begin = end + 1;
  }
  auto end = text.find('\n', begin);
  if (end == std::string::npos) end = text.size();
  if (end > begin && text[end - 1] == '\r') --end;
  return std::string_view(text).substr(begin, end - begin);
}

// A line may be as long as the file: what surrounds the caret is enough.
constexpr std::size_t widest_line = 160;

std::string excerpt(const Place& at, const Sources& sources, const std::string& label, std::size_t gutter) {
  if (at.line == 0 || at.file >= sources.size()) return {};
  std::string_view line = line_of(sources[at.file].text, at.line);
  std::size_t column = std::min<std::size_t>(at.column > 0 ? at.column - 1 : 0, line.size());
  std::size_t length =
      std::min<std::size_t>(std::max<std::uint32_t>(at.length, 1), std::max<std::size_t>(line.size() - column, 1));
  if (line.size() > widest_line) {
    // At most three bytes continue a character: in what is no UTF-8 there may be any number of them.
    const auto continues = [&](std::size_t i) { return (static_cast<unsigned char>(line[i]) & 0xC0U) == 0x80U; };
    std::size_t from = column > widest_line / 2 ? column - widest_line / 2 : 0;
    for (int back = 0; back < 3 && from > 0 && continues(from); ++back) --from;
    line = line.substr(from);
    column -= from;
    std::size_t to = std::min(line.size(), widest_line);
    for (int on = 0; on < 3 && to < line.size() && continues(to); ++on) ++to;
    line = line.substr(0, to);
    length = std::min(length, std::max<std::size_t>(line.size() - std::min(column, line.size()), 1));
  }
  const std::string shown = printable(line);
  const std::size_t before = display_width(printable(line.substr(0, column)));
  const std::size_t under = std::max<std::size_t>(display_width(printable(line.substr(column, length))), 1);
  const std::string margin(gutter, ' ');
  std::string out = fmt::format(" {} |\n {:>{}} | {}\n {} | {}{}", margin, at.line, gutter, shown, margin,
                                std::string(before, ' '), std::string(under, '^'));
  if (!label.empty()) out += " " + label;
  return out + "\n";
}

std::string arrow(const Place& at, const Sources& sources) {
  if (at.file >= sources.size()) return {};
  if (at.line == 0) return fmt::format("  --> {}\n", sources[at.file].name);
  return fmt::format("  --> {}:{}:{}\n", sources[at.file].name, at.line, at.column);
}

}  // namespace

bool has_errors(const Diagnostics& all, std::size_t from) {
  return std::any_of(all.begin() + static_cast<std::ptrdiff_t>(from), all.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::error; });
}

std::string render(const Diagnostic& diagnostic, const Sources& sources, RenderOptions options) {
  std::size_t gutter = std::to_string(diagnostic.at.line).size();
  for (const auto& note : diagnostic.notes) gutter = std::max(gutter, std::to_string(note.at.line).size());
  const bool is_error = diagnostic.severity == Severity::error;
  std::string head = fmt::format("{}[{}]", is_error ? "error" : "warning", diagnostic.code);
  if (options.color) head = fmt::format("\033[1;{}m{}\033[0m", is_error ? 31 : 33, head);
  std::string out = fmt::format("{}: {}\n", head, printable(diagnostic.text.in(options.language)));
  out += arrow(diagnostic.at, sources);
  out += excerpt(diagnostic.at, sources, printable(diagnostic.label.in(options.language)), gutter);
  for (const auto& note : diagnostic.notes) {
    out += arrow(note.at, sources);
    out += excerpt(note.at, sources, printable(note.text.in(options.language)), gutter);
  }
  if (!diagnostic.help.empty())
    out += fmt::format(" {} = help: {}\n", std::string(gutter, ' '), printable(diagnostic.help.in(options.language)));
  return out;
}

}  // namespace runbook
