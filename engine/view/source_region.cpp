#include "view/source_region.h"

#include <algorithm>

#include "base/percent.h"

namespace runbook {
namespace {

std::string_view line_of(std::string_view text, std::uint32_t number) {
  for (; number > 1; --number) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

// UTF-8 bytes as UTF-16 units: what needs four bytes is a pair.
std::uint32_t units(std::string_view bytes) {
  std::uint32_t count = 0;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) count += byte >= 0xF0U ? 2 : 1;
  }
  return count;
}

}  // namespace

SourceRegion source_region(const Place& at, const Sources& sources) {
  if (at.line == 0 || at.file >= sources.size()) return {};
  const auto line = line_of(sources[at.file].text, at.line);
  const auto begin = std::min<std::size_t>(at.column > 0 ? at.column - 1 : 0, line.size());
  const auto column = units(line.substr(0, begin)) + 1;
  return {at.line, column, column + std::max<std::uint32_t>(units(line.substr(begin, at.length)), 1)};
}

std::string source_uri(const Place& at, const Sources& sources) {
  if (at.file >= sources.size()) return "";
  const std::string& name = sources[at.file].name;
  std::string out = name.starts_with('/') ? "file://" : "";
  for (std::size_t begin = 0; begin <= name.size();) {
    const auto end = std::min(name.find('/', begin), name.size());
    const auto part = std::string_view(name).substr(begin, end - begin);
    out += part == "." || part == ".." ? std::string(part) : percent_encode(part);  // here it may climb
    if (end < name.size()) out += '/';
    begin = end + 1;
  }
  return out;
}

}  // namespace runbook
