#include "cel/strings.h"

#include <fmt/format.h>

#include "cel/brief.h"
#include "cel/utf8.h"

namespace runbook::cel {
namespace {

using Arguments = std::vector<const Value*>;

const std::string& text_of(const Arguments& a, std::size_t i) { return *a[i]->string(); }
std::int64_t number_of(const Arguments& a, std::size_t i) { return *a[i]->integer(); }

Fault out_of_range(std::int64_t index, std::size_t length) {
  return {fmt::format("index {} out of range: the text has {} characters", index, length)};
}

bool is_space(std::uint32_t c) {
  return (c >= 9 && c <= 13) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

// The pieces between the separators, at most `limit` of them (< 0: all); an empty separator cuts between characters.
std::vector<std::string_view> pieces(std::string_view text, std::string_view separator, std::int64_t limit) {
  std::vector<std::string_view> all;
  if (limit == 0) return all;
  if (separator.empty() && text.empty()) return all;
  const auto full = [&] { return limit > 0 && static_cast<std::int64_t>(all.size()) + 1 >= limit; };
  while (!full()) {
    const std::size_t at = separator.empty() ? sequence_length(text, 0) : text.find(separator);
    if (at == std::string_view::npos || (separator.empty() && at >= text.size())) break;
    all.push_back(text.substr(0, at));
    text.remove_prefix(at + separator.size());
  }
  all.push_back(text);
  return all;
}

Outcome split(const Arguments& a, Budget& budget) {
  const auto parts = pieces(text_of(a, 0), text_of(a, 1), a.size() > 2 ? number_of(a, 2) : -1);
  if (!budget.spend(static_cast<std::int64_t>(parts.size()))) return Budget::fault();
  Value::List list;
  list.reserve(parts.size());
  for (const auto part : parts) list.emplace_back(part);
  return Value(std::move(list));
}

// An empty text is found before every character and at the end, as in Go.
Outcome replace(const Arguments& a, Budget& budget) {
  const std::string &text = text_of(a, 0), &from = text_of(a, 1), &to = text_of(a, 2);
  std::int64_t left = a.size() > 3 ? number_of(a, 3) : -1;
  std::string result;
  std::size_t at = 0;
  while (left != 0) {
    std::size_t found = at;
    if (!from.empty()) found = text.find(from, at);
    if (found == std::string::npos) break;
    if (!budget.spend(1) || !budget.spend_bytes(to.size())) return Budget::fault();
    result.append(text, at, found - at).append(to);
    at = found + from.size();
    if (left > 0) --left;
    if (!from.empty()) continue;
    if (at >= text.size()) return Value(std::move(result));
    const std::size_t length = sequence_length(text, at);
    result.append(text, at, length);
    at += length;
  }
  return Value(result.append(text, at, std::string::npos));
}

Outcome join(const Arguments& a, Budget& budget) {
  const std::string_view separator = a.size() > 1 ? std::string_view(text_of(a, 1)) : std::string_view();
  std::string result;
  bool first = true;
  for (const auto& element : *a[0]->list()) {
    const auto* text = element.string();
    if (!text) return Fault{fmt::format("join() takes a list of strings, not one with {}", type_with_article(element.kind()))};
    if (!budget.spend(1) || !budget.spend_bytes(text->size() + separator.size())) return Budget::fault();
    if (!first) result += separator;
    first = false;
    result += *text;
  }
  return Value(std::move(result));
}

Outcome substring(const Arguments& a) {
  const std::string& text = text_of(a, 0);
  const std::size_t length = count_code_points(text);
  const std::int64_t start = number_of(a, 1);
  const std::int64_t end = a.size() > 2 ? number_of(a, 2) : static_cast<std::int64_t>(length);
  for (const std::int64_t index : {start, end})
    if (index < 0 || index > static_cast<std::int64_t>(length)) return out_of_range(index, length);
  if (start > end) return Fault{fmt::format("substring() begins at {}, behind its end {}", start, end)};
  const std::size_t from = byte_offset(text, static_cast<std::size_t>(start));
  return Value(std::string_view(text).substr(from, byte_offset(text, static_cast<std::size_t>(end)) - from));
}

Outcome char_at(const Arguments& a) {
  const std::string& text = text_of(a, 0);
  const std::size_t length = count_code_points(text);
  const std::int64_t index = number_of(a, 1);
  if (index < 0 || index > static_cast<std::int64_t>(length)) return out_of_range(index, length);
  const std::size_t at = byte_offset(text, static_cast<std::size_t>(index));
  if (at >= text.size()) return Value("");
  return Value(std::string_view(text).substr(at, sequence_length(text, at)));
}

Value position(const std::string& text, std::size_t at) {
  if (at == std::string::npos) return Value(-1);
  return Value(static_cast<std::int64_t>(count_code_points(std::string_view(text).substr(0, at))));
}

Outcome index_of(const Arguments& a) {
  const std::string &text = text_of(a, 0), &wanted = text_of(a, 1);
  const std::int64_t start = a.size() > 2 ? number_of(a, 2) : 0;
  const std::size_t length = count_code_points(text);
  if (start < 0) return out_of_range(start, length);
  if (start > static_cast<std::int64_t>(length)) return Value(-1);
  return position(text, text.find(wanted, byte_offset(text, static_cast<std::size_t>(start))));
}

Outcome last_index_of(const Arguments& a) {
  const std::string &text = text_of(a, 0), &wanted = text_of(a, 1);
  const std::size_t length = count_code_points(text);
  if (a.size() < 3) return position(text, text.rfind(wanted));
  const std::int64_t start = number_of(a, 2);
  if (start < 0) return out_of_range(start, length);
  if (start > static_cast<std::int64_t>(length)) return Value(-1);
  return position(text, text.rfind(wanted, byte_offset(text, static_cast<std::size_t>(start))));
}

Value shifted(const std::string& text, char first, char last, int by) {
  std::string result = text;
  for (char& c : result)
    if (c >= first && c <= last) c = static_cast<char>(c + by);
  return result;
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(code_point_at(text, 0))) text.remove_prefix(sequence_length(text, 0));
  while (!text.empty()) {
    std::size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) --at;
    if (!is_space(code_point_at(text, at))) break;
    text.remove_suffix(text.size() - at);
  }
  return text;
}

Outcome call_string_function(Function function, const Arguments& a, Budget& budget) {
  if (const auto* text = a[0]->string(); text && !budget.spend_bytes(text->size())) return Budget::fault();
  switch (function) {
    case Function::contains: return Value(text_of(a, 0).find(text_of(a, 1)) != std::string::npos);
    case Function::starts_with: return Value(text_of(a, 0).starts_with(text_of(a, 1)));
    case Function::ends_with: return Value(text_of(a, 0).ends_with(text_of(a, 1)));
    case Function::trim: return Value(trim(text_of(a, 0)));
    case Function::split: return split(a, budget);
    case Function::replace: return replace(a, budget);
    case Function::lower_ascii: return shifted(text_of(a, 0), 'A', 'Z', 'a' - 'A');
    case Function::upper_ascii: return shifted(text_of(a, 0), 'a', 'z', 'A' - 'a');
    case Function::substring: return substring(a);
    case Function::join: return join(a, budget);
    case Function::char_at: return char_at(a);
    case Function::index_of: return index_of(a);
    case Function::last_index_of: return last_index_of(a);
    default: return Fault{"not a function of texts"};
  }
}

}  // namespace runbook::cel
