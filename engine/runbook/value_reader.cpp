#include "runbook/value_reader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "base/edit_distance.h"
#include "base/json.h"
#include "runbook/keys.h"
#include "runbook/messages.h"

namespace runbook {
namespace {

bool is_reserved(std::string_view name) {
  const auto reserved = reserved_names();
  return std::find(reserved.begin(), reserved.end(), name) != reserved.end();
}

bool is_name(std::string_view text) {
  if (text.empty() || text[0] < 'a' || text[0] > 'z') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

// "Roll-Back 2" -> "roll_back_2"; empty where nothing is left.
std::string as_name(std::string_view text, char joint) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && std::isalnum(byte) != 0) out += static_cast<char>(std::tolower(byte));
    else if (!out.empty() && out.back() != joint && byte < 0x80) out += joint;
  }
  while (!out.empty() && out.back() == joint) out.pop_back();
  return out.empty() || out[0] < 'a' || is_reserved(out) ? "" : out;
}

bool is_environment_name(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9')) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

// `\u0001` in double quotes: no terminal shows it, and the engine marks secrets with it.
bool holds_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t' && c != '\r') || byte == 0x7F;
  });
}

// `expect: { status: 200 }`: what it equals, as an expression says it; empty: it is something else.
std::string as_comparison(const yaml::Node& node, std::string_view key) {
  if (!node.flow || node.entries.size() != 1 || (key != "expect" && key != "when")) return {};
  const auto& [name, value] = node.entries[0];
  if (value.kind != yaml::Node::Kind::scalar || !is_name(name.text)) return {};
  const auto parsed =
      value.style == yaml::Scalar::Style::quoted ? Result<Value, std::string>(Value(value.text)) : parse_json(value.text);
  return fmt::format("{} == {}", name.text, to_json(parsed && !parsed->is_null() ? *parsed : Value(value.text)));
}

constexpr std::array<std::string_view, 5> lists_of_words{"command", "argv", "commands", "env", "needs"};

// "pass show x" -> "pass, show, x".
std::string words_apart(std::string_view text) {
  std::string out;
  for (std::size_t begin = text.find_first_not_of(' '); begin != std::string_view::npos;) {
    const auto end = std::min(text.find(' ', begin), text.size());
    out += (out.empty() ? "" : ", ") + std::string(text.substr(begin, end - begin));
    begin = text.find_first_not_of(' ', end);
  }
  return out;
}

Phrase quote_it() { return phrase("quote the text", "글을 따옴표로 싸십시오"); }

}  // namespace

bool is_word_of_yaml(std::string_view text) {
  constexpr std::array<std::string_view, 12> words{"no", "No", "NO", "yes", "Yes", "YES", "off", "Off", "OFF", "on", "On", "ON"};
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::string_view one_line(std::string_view text) {
  text = text.substr(0, text.find('\n'));
  if (text.size() <= 60) return text;
  std::size_t end = 60;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

Place whole(const yaml::Scalar& scalar) {
  if (scalar.text.empty()) return scalar.at;
  return scalar.map().at(0, std::min(scalar.text.find('\n'), scalar.text.size()));
}

std::optional<Value> plain_value(std::string_view text) {
  if (text == "null" || text == "~") return Value();
  if (text == "true") return Value(true);
  if (text == "false") return Value(false);
  if (text.empty() || (text[0] != '-' && (text[0] < '0' || text[0] > '9'))) return {};
  const auto number = parse_json(text);
  if (!number || (number->integer() == nullptr && number->number() == nullptr)) return {};
  return *number;
}

const std::string* ValueReader::scalar(const yaml::Node& node, std::string_view key) {
  using Kind = yaml::Node::Kind;
  switch (node.kind) {
    case Kind::scalar:
      if (!holds_control_character(node.text)) return &node.text;
      wrong_.push_back(diagnose(messages::control_character, whole(node), key));
      break;
    case Kind::null:
      wrong_.push_back(diagnose(messages::no_value, node.at, key)
                           .helped(node.text.empty() ? phrase("write a value, or leave the key out", "값을 쓰거나 키를 빼십시오")
                                                     : quote_it()));
      break;
    case Kind::sequence:
      wrong_.push_back(
          diagnose(messages::list_for_text, node.at, key)
              .helped(node.flow ? phrase("[ ] makes a list: quote the text", "[ ] 는 목록이 됩니다: 글을 따옴표로 싸십시오")
                                : phrase("`- ` makes a list: write one text", "`- ` 는 목록이 됩니다: 글 하나로 쓰십시오")));
      break;
    case Kind::map: {
      const auto comparison = as_comparison(node, key);
      wrong_.push_back(
          diagnose(messages::map_for_text, node.entries.empty() ? node.at : node.entries[0].key.at, key)
              .helped(!comparison.empty() ? phrase("write an expression: {}", "식으로 쓰십시오: {}", comparison)
                      : node.flow
                          ? phrase("{{ }} makes a map: quote the text", "{{ }} 는 맵이 됩니다: 글을 따옴표로 싸십시오")
                          : phrase("`: ` makes a map: quote the sentence", "`: ` 는 맵이 됩니다: 문장을 따옴표로 싸십시오")));
      break;
    }
  }
  return nullptr;
}

void ValueReader::complain(const cel::Complaints& complaints, const TextMap& map, std::size_t offset) {
  for (const auto& complaint : complaints) {
    Diagnostic d;
    d.code = complaint.code;
    d.at = map.at(offset + complaint.offset, complaint.length);
    d.text = complaint.text;
    d.help = complaint.help;
    wrong_.push_back(std::move(d));
  }
}

void ValueReader::refuse_secrets(const std::vector<cel::Reference>& references, const TextMap& map, std::size_t offset) {
  for (const auto& reference : references)
    if (!reference.path.empty() && reference.path[0] == "secrets")
      wrong_.push_back(
          diagnose(messages::secret_not_here, map.at(offset + reference.offset, reference.length))
              .helped(phrase("secrets go only into a step's `env`, `connections`, and `headers` and `json` of `http`",
                             "비밀 값은 단계의 `env`, `connections`, `http` 의 `headers` 와 `json` 에만 쓸 수 있습니다")));
}

std::optional<Text> ValueReader::text(const yaml::Node& node, std::string_view key, Secrets secrets) {
  const std::string* raw = scalar(node, key);
  if (raw == nullptr) return {};
  if (node.style == yaml::Node::Style::plain && is_word_of_yaml(*raw))
    wrong_.push_back(
        diagnose(messages::word_in_text, node.at, *raw).helped(phrase("quote it: \"{}\"", "따옴표로 싸십시오: \"{}\"", *raw)));
  if (raw->find("${") == std::string::npos) return Text{cel::Template::literal(*raw), node.map()};
  auto parsed = cel::Template::parse(*raw);
  if (!parsed) {
    complain(parsed.error(), node.map());
    return {};
  }
  if (secrets == Secrets::refused) refuse_secrets(parsed->references(), node.map());
  return Text{std::move(*parsed), node.map()};
}

std::optional<std::string> ValueReader::literal(const yaml::Node& node, std::string_view key) {
  const std::string* raw = scalar(node, key);
  if (raw == nullptr) return {};
  const auto braces = raw->find("${");
  if (braces == std::string::npos) return *raw;
  wrong_.push_back(diagnose(messages::braces_not_here, node.map().at(braces, 2), key));
  return {};
}

std::optional<std::string> ValueReader::word(const yaml::Node& node, std::string_view key, std::string_view words) {
  const std::string* raw = scalar(node, key);
  if (raw == nullptr) return {};
  std::vector<std::string> known;
  for (std::size_t begin = 0; begin < words.size();) {
    const std::size_t end = std::min(words.find(' ', begin), words.size());
    known.emplace_back(words.substr(begin, end - begin));
    begin = end + 1;
  }
  if (std::find(known.begin(), known.end(), *raw) != known.end()) return *raw;
  auto near = nearest(*raw, known);
  if (near && *raw == "un" + *near) near.reset();  // `unsafe` is not `safe`
  wrong_.push_back(diagnose(messages::bad_word, whole(node), key, one_line(*raw))
                       .helped(near ? phrase("did you mean `{}`?", "`{}` 입니까?", *near)
                                    : phrase("it can be: {}", "쓸 수 있는 값: {}", words)));
  return {};
}

std::optional<std::string> ValueReader::code(const yaml::Node& node, std::string_view key) {
  const std::string* raw = scalar(node, key);
  if (raw == nullptr) return {};
  // bash has a `${}` of its own; only what can hardly be meant for it is pointed out.
  for (auto at = raw->find("${"); at != std::string::npos; at = raw->find("${", at + 2)) {
    const auto end = raw->find('}', at);
    if (end == std::string::npos) break;
    const std::string inside = raw->substr(at + 2, end - at - 2);
    for (const std::string_view root : {"vars.", "steps.", "env.", "secrets.", "run.", "checks."}) {
      if (inside.rfind(root, 0) != 0) continue;
      const std::string name = inside.substr(root.size());
      const auto at_code = node.map().at(at, end - at + 1);
      wrong_.push_back(
          diagnose(messages::braces_in_code, at_code, inside)
              .helped(
                  root == "vars."
                      ? phrase(
                            "use \"${0}\": variables reach the code as environment variables (python: os.environ[\"{0}\"], sql: `params`)",
                            "\"${0}\" 로 쓰십시오: 변수는 환경 변수로 전달됩니다 (python: os.environ[\"{0}\"], sql: `params`)",
                            name)
                      : phrase("set it in the step's `env` (in sql: in `params`) and use its name",
                               "단계의 `env` 에 (sql 에서는 `params` 에) 정하고 그 이름을 쓰십시오")));
    }
  }
  return *raw;
}

std::optional<Condition> ValueReader::expression(const yaml::Node& node, std::string_view key) {
  const std::string* raw = scalar(node, key);
  if (raw == nullptr) return {};
  if (raw->rfind("${", 0) == 0) {
    const bool whole_text = raw->back() == '}' && raw->find("${", 2) == std::string::npos;
    wrong_.push_back(diagnose(messages::expression_in_braces, node.map().at(0, raw->size()))
                         .helped(whole_text ? phrase("write {}", "{} 로 쓰십시오", raw->substr(2, raw->size() - 3)) : Phrase{}));
    return {};
  }
  auto parsed = cel::Expression::parse(*raw);
  if (!parsed) {
    complain(parsed.error(), node.map());
    return {};
  }
  refuse_secrets(parsed->references(), node.map());
  return Condition{std::move(*parsed), node.map()};
}

std::optional<bool> ValueReader::boolean(const yaml::Node& node, std::string_view key) {
  const std::string* raw = scalar(node, key);
  if (raw == nullptr) return {};
  if (*raw == "true") return true;
  if (*raw == "false") return false;
  wrong_.push_back(diagnose(messages::bad_boolean, whole(node), key, one_line(*raw)));
  return {};
}

std::optional<std::int64_t> ValueReader::integer(const yaml::Node& node, std::string_view key) {
  const std::string* raw = scalar(node, key);
  if (raw == nullptr) return {};
  if (raw->find("${") != std::string::npos) {
    const auto parsed = text(node, key);
    if (!parsed) return {};
    const auto value = resolve_now(*parsed, whole(node));
    if (!value) return {};
    if (const auto* known = value->integer()) return *known;
    wrong_.push_back(diagnose(messages::bad_integer, whole(node), key, one_line(to_text(*value))));
    return {};
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(raw->data(), raw->data() + raw->size(), number);
  if (error == std::errc() && end == raw->data() + raw->size()) return number;
  wrong_.push_back(diagnose(messages::bad_integer, whole(node), key, one_line(*raw)));
  return {};
}

std::optional<Value> ValueReader::resolve_now(const Text& text, Place at) {
  auto value = resolve(text, known_.scope);
  if (value) return std::move(*value);
  if (!known_.incomplete && !known_.is_unread(text.text.references()))
    wrong_.push_back(diagnose(messages::unresolved, at, value.error())
                         .helped(phrase("only variables with a value and the environment can be named here",
                                        "여기에는 값이 있는 변수와 환경 변수만 쓸 수 있습니다")));
  return {};
}

bool ValueReader::is_of_element(const Text& text) const {
  const auto references = text.text.references();
  return std::any_of(references.begin(), references.end(), [this](const cel::Reference& r) {
    return r.path[0] == "item" || r.path[0] == "index" || (r.path[0] == "vars" && r.path.size() > 1 && known_.is_each(r.path[1]));
  });
}

std::optional<Duration> ValueReader::duration(const yaml::Node& node, std::string_view key) {
  const auto read = length(node, key);
  if (!read) return {};
  if (read->of_element) resolve_now(*read->of_element, whole(node));  // complains: here there is no element
  return read->of_element ? std::nullopt : std::optional(read->known);
}

std::optional<ValueReader::Length> ValueReader::length(const yaml::Node& node, std::string_view key) {
  const std::string* raw = scalar(node, key);
  if (raw == nullptr) return {};
  std::string written = *raw;
  if (raw->find("${") != std::string::npos) {
    const auto parsed = text(node, key);
    if (!parsed) return {};
    if (parsed->text.pieces().size() != 1) {
      wrong_.push_back(diagnose(messages::braces_not_here, whole(node), key)
                           .helped(phrase("a duration may be `${{vars.name}}` alone",
                                          "시간에는 `${{vars.name}}` 만 단독으로 쓸 수 있습니다")));
      return {};
    }
    if (is_of_element(*parsed)) return Length{{}, *parsed};
    const auto value = resolve_now(*parsed, whole(node));
    if (!value) return {};
    if (const auto* known = value->duration()) return Length{std::chrono::duration_cast<Duration>(*known), {}};
    written = to_text(*value);
  }
  const auto parsed = parse_duration(written);
  if (parsed) return Length{*parsed, {}};
  wrong_.push_back(diagnose(messages::bad_duration, whole(node), ""));
  wrong_.back().text = parsed.error();
  return {};
}

std::optional<DurationRange> ValueReader::duration_range(const yaml::Node& node, std::string_view key) {
  const std::string* raw = scalar(node, key);
  if (raw == nullptr) return {};
  if (raw->find("${") != std::string::npos) {
    const auto fixed = duration(node, key);
    if (!fixed) return {};
    return DurationRange{*fixed, *fixed};
  }
  const auto parsed = parse_duration_range(*raw);
  if (parsed) return *parsed;
  wrong_.push_back(diagnose(messages::bad_duration, whole(node), ""));
  wrong_.back().text = parsed.error();
  return {};
}

bool ValueReader::check_name(const std::string& name, Place at) {
  if (is_reserved(name)) {
    wrong_.push_back(diagnose(messages::reserved_id, at, name).helped(phrase("choose another name", "다른 이름을 쓰십시오")));
    return false;
  }
  if (is_name(name)) return true;
  const std::string better = as_name(name, '_');
  const Phrase rule = phrase("a name is lower-case letters, digits and `_`, and begins with a letter",
                             "이름은 소문자, 숫자, `_` 이고 소문자로 시작합니다");
  wrong_.push_back(diagnose(messages::bad_id, at, one_line(name))
                       .helped(better.empty() ? rule : phrase("did you mean `{}`? {}", "`{}` 입니까? {}", better, rule.en)));
  if (!better.empty()) wrong_.back().help.ko = fmt::format("`{}` 입니까? {}", better, rule.ko);
  return false;
}

bool ValueReader::check_file_id(const std::string& id, Place at) {
  const bool starts_well = !id.empty() && id[0] >= 'a' && id[0] <= 'z';
  if (starts_well && std::all_of(id.begin(), id.end(), [](char c) { return c == '-' || is_name(std::string{'a', c}); }))
    return true;
  const std::string better = as_name(id, '-');
  wrong_.push_back(diagnose(messages::bad_id, at, one_line(id))
                       .helped(better.empty() ? phrase("lower-case letters, digits, `_` and `-`, beginning with a letter",
                                                       "소문자, 숫자, `_`, `-` 이고 소문자로 시작합니다")
                                              : phrase("did you mean `{}`?", "`{}` 입니까?", better)));
  return false;
}

bool ValueReader::check_environment_name(const std::string& name, Place at) {
  if (is_environment_name(name)) return true;
  wrong_.push_back(diagnose(messages::bad_environment_name, at, one_line(name)));
  return false;
}

std::optional<std::string> ValueReader::name(const yaml::Node& node, std::string_view key) {
  const std::string* raw = scalar(node, key);
  if (raw == nullptr || !check_name(*raw, whole(node))) return {};
  return *raw;
}

bool ValueReader::is_list(const yaml::Node& node, std::string_view key) {
  if (node.kind == yaml::Node::Kind::sequence) return true;
  if (node.kind == yaml::Node::Kind::null) {
    wrong_.push_back(diagnose(messages::no_value, node.at, key));
  } else {
    const bool short_text =
        node.kind == yaml::Node::Kind::scalar && node.text.find('\n') == std::string::npos && node.text.size() < 40;
    // The words of a command are its program and what that is given, and no name holds a blank: one text would be one long name.
    const bool is_words = std::find(lists_of_words.begin(), lists_of_words.end(), key) != lists_of_words.end() &&
                          node.text.find_first_of("'\"\\$,") == std::string::npos;
    wrong_.push_back(diagnose(messages::not_a_list, node.at, key)
                         .helped(short_text
                                     ? phrase("write [{}]", "[{}] 로 쓰십시오", is_words ? words_apart(node.text) : node.text)
                                     : phrase("begin each entry with `- `", "항목마다 `- ` 로 시작하십시오")));
  }
  return false;
}

bool ValueReader::is_map(const yaml::Node& node, const Phrase& what) {
  if (node.kind == yaml::Node::Kind::map) return true;
  auto complaint = diagnose(messages::not_a_map, node.at, what.en);
  complaint.text.ko = fmt::format(fmt::runtime(messages::not_a_map.ko), what.ko);
  wrong_.push_back(std::move(complaint));
  return false;
}

std::vector<Text> ValueReader::texts(const yaml::Node& node, std::string_view key) {
  std::vector<Text> out;
  if (!is_list(node, key)) return out;
  for (const auto& item : node.items)
    if (auto one = text(item, key)) out.push_back(std::move(*one));
  return out;
}

std::vector<std::string> ValueReader::literals(const yaml::Node& node, std::string_view key) {
  std::vector<std::string> out;
  if (!is_list(node, key)) return out;
  for (const auto& item : node.items)
    if (auto one = literal(item, key)) out.push_back(std::move(*one));
  return out;
}

std::map<std::string, Text> ValueReader::environment(const yaml::Node& node, std::string_view key, Secrets secrets) {
  std::map<std::string, Text> out;
  if (!is_map(node, phrase("`{}`", "`{}`", key))) return out;
  for (const auto& [name, value] : node.entries) {
    check_environment_name(name.text, whole(name));
    if (auto one = text(value, name.text, secrets)) out.emplace(name.text, std::move(*one));
  }
  return out;
}

std::vector<std::pair<std::string, Condition>> ValueReader::expressions(const yaml::Node& node, std::string_view key) {
  std::vector<std::pair<std::string, Condition>> out;
  if (!is_map(node, phrase("`{}`", "`{}`", key))) return out;
  for (const auto& [name, value] : node.entries) {
    check_name(name.text, whole(name));
    if (auto one = expression(value, name.text)) out.emplace_back(name.text, std::move(*one));
  }
  return out;
}

std::optional<Field> ValueReader::tree(const yaml::Node& node, std::string_view key, Secrets secrets) {
  using Kind = yaml::Node::Kind;
  Field field;
  field.at = node.at;
  if (node.kind == Kind::null) return field;
  if (node.kind == Kind::sequence) {
    Field::List items;
    for (const auto& item : node.items)
      if (auto one = tree(item, key, secrets)) items.push_back(std::move(*one));
    field.is = std::move(items);
    return field;
  }
  if (node.kind == Kind::map) {
    Field::Map entries;
    for (const auto& [name, value] : node.entries)
      if (auto one = tree(value, key, secrets)) entries.push_back({name.text, std::move(*one)});
    field.is = std::move(entries);
    return field;
  }
  if (node.style == yaml::Node::Style::plain)
    if (auto typed = plain_value(node.text)) {
      field.is = std::move(*typed);
      return field;
    }
  auto one = text(node, key, secrets);
  if (!one) return {};
  field.is = std::move(*one);
  return field;
}

}  // namespace runbook
