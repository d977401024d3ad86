#include "base/json.h"

#include <fmt/format.h>

#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/text_width.h"

namespace runbook {
namespace {

constexpr std::size_t deepest = 200;

// basic_parser with a handler of our own: boost's `parse` rounds doubles wrongly and drops duplicate members.
struct Handler {
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  using error_code = boost::json::error_code;
  using string_view = boost::json::string_view;

  struct Open {
    bool is_map;
    Value::List items;
    Value::Map members;
    std::string key;
  };
  std::vector<Open> open;
  Value root;
  std::string text, number, wrong;

  bool stop(error_code& ec, std::string why) {
    wrong = std::move(why);
    ec = boost::json::error::syntax;
    return false;
  }
  bool put(Value value) {
    if (open.empty()) root = std::move(value);
    else if (open.back().is_map) open.back().members.emplace(std::move(open.back().key), std::move(value));
    else open.back().items.push_back(std::move(value));
    return true;
  }
  bool begin(bool is_map, error_code& ec) {
    if (open.size() >= deepest) return stop(ec, "nested deeper than 200");
    open.push_back({is_map, {}, {}, {}});
    return true;
  }
  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code& ec) { return begin(true, ec); }
  bool on_object_end(std::size_t, error_code&) {
    auto members = std::move(open.back().members);
    open.pop_back();
    return put(std::move(members));
  }
  bool on_array_begin(error_code& ec) { return begin(false, ec); }
  bool on_array_end(std::size_t, error_code&) {
    auto items = std::move(open.back().items);
    open.pop_back();
    return put(std::move(items));
  }
  bool on_key_part(string_view s, std::size_t, error_code&) {
    text.append(s.data(), s.size());
    return true;
  }
  bool on_key(string_view s, std::size_t, error_code& ec) {
    text.append(s.data(), s.size());
    if (open.back().members.contains(Value(text))) return stop(ec, fmt::format("member `{}` appears twice", text));
    open.back().key = std::exchange(text, {});
    return true;
  }
  bool on_string_part(string_view s, std::size_t, error_code&) {
    text.append(s.data(), s.size());
    return true;
  }
  bool on_string(string_view s, std::size_t, error_code&) {
    text.append(s.data(), s.size());
    return put(std::exchange(text, {}));
  }
  bool on_number_part(string_view s, error_code&) {
    number.append(s.data(), s.size());
    return true;
  }
  bool end_number(string_view s, error_code& ec) {
    number.append(s.data(), s.size());
    const std::string digits = std::exchange(number, {});
    if (digits.find_first_of(".eE") == std::string::npos) {
      std::int64_t whole = 0;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), whole);
      if (error == std::errc() && end == digits.data() + digits.size()) return put(whole);
    }
    double real = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), real);
    if (error == std::errc::result_out_of_range) return stop(ec, fmt::format("number `{}` is out of range", digits));
    return put(real);
  }
  bool on_int64(std::int64_t, string_view s, error_code& ec) { return end_number(s, ec); }
  bool on_uint64(std::uint64_t, string_view s, error_code& ec) { return end_number(s, ec); }
  bool on_double(double, string_view s, error_code& ec) { return end_number(s, ec); }
  bool on_bool(bool b, error_code&) { return put(b); }
  bool on_null(error_code&) { return put(Value()); }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }
};

std::string real_text(double v) {
  std::string out = fmt::format("{}", v);
  if (out.find_first_of(".eE") == std::string::npos) out += ".0";
  return out;
}

class Writer {
 public:
  explicit Writer(std::optional<int> indent) : indent_(indent) {}
  std::string out;

  void write(const Value& value, int level = 0) {
    switch (value.kind()) {
      case Value::Kind::null:
      case Value::Kind::boolean:
      case Value::Kind::integer:
      case Value::Kind::unsigned_integer: out += to_text(value); return;
      case Value::Kind::number:
        out += std::isfinite(*value.number()) ? real_text(*value.number()) : json_quote(to_text(value));
        return;
      case Value::Kind::list: return sequence(*value.list(), level);
      case Value::Kind::map: return mapping(*value.map(), level);
      default: out += json_quote(to_text(value)); return;
    }
  }

 private:
  void line(int level) {
    if (!indent_) return;
    out += '\n';
    out.append(static_cast<std::size_t>(level) * static_cast<std::size_t>(*indent_), ' ');
  }
  void sequence(const Value::List& items, int level) {
    out += '[';
    bool first = true;
    for (const auto& item : items) {
      if (!std::exchange(first, false)) out += ',';
      line(level + 1);
      write(item, level + 1);
    }
    if (!items.empty()) line(level);
    out += ']';
  }
  void mapping(const Value::Map& members, int level) {
    out += '{';
    bool first = true;
    for (const auto& [key, member] : members) {
      if (!std::exchange(first, false)) out += ',';
      line(level + 1);
      out += json_quote(to_text(key));
      out += indent_ ? ": " : ":";
      write(member, level + 1);
    }
    if (!members.empty()) line(level);
    out += '}';
  }
  std::optional<int> indent_;
};

Value tagged(std::string_view kind, Value content) { return Value::Map{{Value("$" + std::string(kind)), std::move(content)}}; }

}  // namespace

Result<Value, std::string> parse_json(std::string_view text) {
  boost::json::parse_options options;
  options.max_depth = deepest + 1;
  boost::json::basic_parser<Handler> parser(options);
  boost::json::error_code ec;
  const auto used = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && used < text.size()) ec = boost::json::error::extra_data;
  if (ec) {
    const auto& why = parser.handler().wrong;
    return failure(fmt::format("not JSON at byte {}: {}", used, why.empty() ? ec.message() : why));
  }
  return std::move(parser.handler().root);
}

std::string json_quote(std::string_view raw) {
  const std::string text = valid_utf8(raw);
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (byte < 0x20 || byte == 0x7f) out += fmt::format("\\u{:04x}", byte);
        else out += c;
    }
  }
  return out + '"';
}

std::string to_json(const Value& value) {
  Writer writer({});
  writer.write(value);
  return std::move(writer.out);
}

std::string to_json(const Value& value, int indent) {
  Writer writer(indent);
  writer.write(value);
  return std::move(writer.out);
}

Value pack(const Value& value) {
  switch (value.kind()) {
    case Value::Kind::unsigned_integer: return tagged("uint", to_text(value));
    case Value::Kind::number: return std::isfinite(*value.number()) ? value : tagged("double", to_text(value));
    case Value::Kind::bytes: {
      std::string hex;
      for (const char c : value.bytes()->data) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
      return tagged("bytes", hex);
    }
    case Value::Kind::duration: return tagged("duration", static_cast<std::int64_t>(value.duration()->count()));
    case Value::Kind::timestamp:
      return tagged("timestamp", Value::List{value.timestamp()->seconds, std::int64_t{value.timestamp()->nanos}});
    case Value::Kind::type: return tagged("type", value.type()->name);
    case Value::Kind::string: {
      const std::string valid = valid_utf8(*value.string());
      if (valid == *value.string()) return value;
      return Value(valid);
    }
    case Value::Kind::list: {
      Value::List items;
      for (const auto& item : *value.list()) items.push_back(pack(item));
      return items;
    }
    case Value::Kind::map: {
      bool plain = true;
      for (const auto& [key, member] : *value.map()) plain = plain && key.string() && !key.string()->starts_with('$');
      if (plain) {
        Value::Map members;
        for (const auto& [key, member] : *value.map()) members.emplace(key, pack(member));
        return members;
      }
      Value::List pairs;
      for (const auto& [key, member] : *value.map()) pairs.push_back(Value::List{pack(key), pack(member)});
      return tagged("map", pairs);
    }
    default: return value;
  }
}

Value unpack(const Value& value) {
  if (const auto* items = value.list()) {
    Value::List out;
    for (const auto& item : *items) out.push_back(unpack(item));
    return out;
  }
  const auto* members = value.map();
  if (!members) return value;
  if (members->size() == 1 && members->begin()->first.string() && members->begin()->first.string()->starts_with('$')) {
    const auto& kind = *members->begin()->first.string();
    const auto& content = members->begin()->second;
    if (const auto* text = content.string()) {
      if (kind == "$uint") return std::uint64_t{std::stoull(*text)};
      if (kind == "$double") return std::stod(*text);
      if (kind == "$type") return Value::Type{*text};
      if (kind == "$bytes") {
        Value::Bytes bytes;
        for (std::size_t i = 0; i + 1 < text->size(); i += 2)
          bytes.data += static_cast<char>(std::stoi(text->substr(i, 2), nullptr, 16));
        return bytes;
      }
    }
    if (const auto* count = content.integer(); count && kind == "$duration") return Value::Length(*count);
    if (const auto* items = content.list()) {
      if (kind == "$timestamp" && items->size() == 2 && (*items)[0].integer() && (*items)[1].integer())
        return Value::Timestamp{*(*items)[0].integer(), static_cast<std::int32_t>(*(*items)[1].integer())};
      if (kind == "$map") {
        Value::Map out;
        for (const auto& pair : *items)
          if (pair.list() && pair.list()->size() == 2) out.emplace(unpack((*pair.list())[0]), unpack((*pair.list())[1]));
        return out;
      }
    }
  }
  Value::Map out;
  for (const auto& [key, member] : *members) out.emplace(key, unpack(member));
  return out;
}

}  // namespace runbook
