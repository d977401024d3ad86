#include "cel/brief.h"

#include <fmt/format.h>

#include <cmath>

#include "base/json.h"
#include "base/text_width.h"
#include "cel/moment.h"
#include "cel/utf8.h"

namespace runbook::cel {
namespace {

constexpr std::size_t brief_length = 60;  // code points
constexpr std::size_t longest_text = 1024;
constexpr std::size_t most_nodes = 64;
constexpr int deepest = 12;

std::string cut(const std::string& text) {
  const auto at = byte_offset(text, brief_length);
  if (at == std::string::npos || at >= text.size()) return text;
  return text.substr(0, byte_offset(text, brief_length - 3)) + "...";
}

Value abridge_within(const Value& value, std::size_t& nodes, int depth) {
  if (nodes > 0) --nodes;
  if (const auto* text = value.string()) {
    if (text->size() <= longest_text) return value;
    std::size_t end = 0;
    while (end < longest_text - 4) end += sequence_length(*text, end);
    return fmt::format("{}... {} bytes", std::string_view(*text).substr(0, end), text->size());
  }
  if (const auto* bytes = value.bytes()) {
    if (bytes->data.size() <= longest_text) return value;
    return Value::Bytes{bytes->data.substr(0, longest_text)};
  }
  if (const auto* list = value.list()) {
    Value::List some;
    for (const auto& element : *list) {
      if (nodes == 0 || depth >= deepest) {
        some.emplace_back(fmt::format("... {} more", list->size() - some.size()));
        break;
      }
      some.push_back(abridge_within(element, nodes, depth + 1));
    }
    return some;
  }
  if (const auto* map = value.map()) {
    Value::Map some;
    for (const auto& [key, element] : *map) {
      if (nodes == 0 || depth >= deepest) {
        some.emplace("...", fmt::format("{} more", map->size() - some.size()));
        break;
      }
      some.emplace(abridge_within(key, nodes, depth + 1), abridge_within(element, nodes, depth + 1));
    }
    return some;
  }
  return value;
}

}  // namespace

Value abridge(const Value& value) {
  std::size_t nodes = most_nodes;
  return abridge_within(value, nodes, 0);
}

std::string brief(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::unsigned_integer: return fmt::format("{}u", *value.unsigned_integer());
    case Value::Kind::duration: return fmt::format("duration(\"{}\")", write_length(*value.duration()));
    case Value::Kind::timestamp: return fmt::format("timestamp(\"{}\")", write_timestamp(*value.timestamp()));
    case Value::Kind::bytes: return "b" + cut(json_quote(value.bytes()->data.substr(0, longest_text)));
    case Value::Kind::type: return value.type()->name;
    case Value::Kind::string: {
      // Cut before quoting, so that the closing quote stays.
      const auto& text = *value.string();
      const auto head = text.substr(0, 4 * brief_length);
      const auto shown = cut(head);
      return json_quote(shown);
    }
    case Value::Kind::list:
    case Value::Kind::map: return cut(to_json(abridge(value)));
    case Value::Kind::number:
      if (std::isnan(*value.number())) return "NaN";  // whatever its sign
      return std::isinf(*value.number()) ? to_text(value) : to_json(value);
    default: return to_json(value);
  }
}

}  // namespace runbook::cel
