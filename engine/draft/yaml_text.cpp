#include "draft/yaml_text.h"

#include <algorithm>
#include <cctype>

#include "base/json.h"
#include "base/text_width.h"

namespace runbook::draft {
namespace {

// Words and numbers that other readers of YAML take for something else than text.
bool is_other_than_text(std::string_view text) {
  static constexpr std::string_view words[] = {"true", "false", "yes", "no", "on", "off", "null", "~", "y", "n"};
  std::string lower(text);
  for (auto& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (std::find(std::begin(words), std::end(words), lower) != std::end(words)) return true;
  return std::isalpha(static_cast<unsigned char>(text[0])) == 0 &&
         text.find_first_not_of("0123456789.+-_:eExX") == std::string_view::npos;
}

bool is_plain(std::string_view text) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.back() == ':' || is_other_than_text(text)) return false;
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80 && std::isalnum(first) == 0 && text[0] != '/' && text[0] != '.' && text[0] != '(') return false;
  if (text.find(": ") != std::string_view::npos || text.find('#') != std::string_view::npos) return false;
  return std::none_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20) || std::string_view("\"'`{}[]\\\x7f").find(c) != std::string_view::npos;
  });
}

std::string scalar(std::string_view text) { return is_plain(text) ? std::string(text) : json_quote(text); }

}  // namespace

std::string yaml_text(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '$' && i + 1 < text.size() && text[i + 1] == '{') out += '$';
    out += text[i];
  }
  return scalar(out);
}

std::string yaml_code(std::string_view code) { return scalar(code); }

std::vector<std::string> yaml_code_lines(std::string_view key, std::string_view code) {
  while (!code.empty() && (code.back() == '\n' || code.back() == ' ' || code.back() == '\t')) code.remove_suffix(1);
  while (!code.empty() && code.front() == '\n') code.remove_prefix(1);
  const std::string begin = std::string(key) + ": ";
  const bool fits_block =
      !code.empty() && code.front() != ' ' && code.front() != '\t' && std::none_of(code.begin(), code.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
      });
  if (!fits_block || (code.find('\n') == std::string_view::npos && is_plain(code))) return {begin + scalar(code)};
  std::vector<std::string> out{begin + "|"};
  while (!code.empty()) {
    const auto end = std::min(code.find('\n'), code.size());
    out.push_back(end == 0 ? "" : "  " + std::string(code.substr(0, end)));
    code.remove_prefix(std::min(end + 1, code.size()));
  }
  return out;
}

std::string comment_text(std::string_view text) { return printable(text); }

}  // namespace runbook::draft
