#include "runbook/action_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/edit_distance.h"
#include "runbook/messages.h"

namespace runbook {
namespace {

using Kind = yaml::Node::Kind;

const KeyRow* row_of(std::span<const KeyRow> rows, std::string_view name) {
  for (const auto& row : rows)
    if (row.name == name) return &row;
  return nullptr;
}

std::vector<std::string> names_of(std::span<const KeyRow> rows) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.emplace_back(row.name);
  return names;
}

Phrase known_keys(std::span<const KeyRow> rows) {
  return phrase("it takes: {}", "쓸 수 있는 키: {}", fmt::format("{}", fmt::join(names_of(rows), ", ")));
}

std::string_view text_of(const yaml::Node& map, std::string_view key) {
  const auto* node = map.find(key);
  return node != nullptr && node->kind == Kind::scalar ? one_line(node->text) : std::string_view();
}

// HTTP as other tools write it: "POST http://x", {method: POST, url: http://x}. Here the verb is the key.
Phrase verb_as_key(std::string_view said, std::string_view url, std::span<const KeyRow> rows) {
  std::string verb(said);
  std::transform(verb.begin(), verb.end(), verb.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return phrase("the verb is the key: {{ {}: \"{}\" }}", "메서드가 키입니다: {{ {}: \"{}\" }}",
                row_of(rows, verb) != nullptr ? verb : "get", url);
}

template <class T>
std::optional<Field> made(Place at, std::optional<T> value) {
  if (!value) return {};
  Field field;
  field.at = at;
  field.is = std::move(*value);
  return field;
}

// One that no key tells from another kind's (`db: {}`) fits where nothing is required.
bool fits(const Connection& connection, const ActionKind& kind) {
  return std::all_of(connection.fields.begin(), connection.fields.end(),
                     [&](const auto& field) { return row_of(kind.connection_keys, field.first) != nullptr; }) &&
         std::all_of(kind.connection_keys.begin(), kind.connection_keys.end(), [&](const KeyRow& row) {
           return row.need == KeyRow::Need::optional || connection.fields.find(row.name) != connection.fields.end();
         });
}

}  // namespace

void check_connection(const Action& action, const Unit& unit, Diagnostics& wrong) {
  if (action.kind == nullptr) return;
  for (const auto& row : action.kind->keys) {
    const auto field = action.fields.find(row.name);
    if (row.type != FieldType::name || field == action.fields.end()) continue;
    const auto* value = std::get_if<Value>(&field->second.is);
    if (value == nullptr || value->string() == nullptr) continue;
    const std::string& name = *value->string();
    const auto found = unit.connections.find(name);
    if (found == unit.connections.end()) {
      if (unit.unread.has(Part::connections)) continue;
      std::vector<std::string> known;
      for (const auto& [other, connection] : unit.connections) known.push_back(other);
      const auto near = nearest(name, known);
      wrong.push_back(diagnose(messages::unknown_connection, field->second.at, name)
                          .helped(near ? phrase("did you mean `{}`?", "`{}` 입니까?", *near)
                                  : known.empty()
                                      ? phrase("`connections:` at the top of the file declares them",
                                               "파일 최상위의 `connections:` 에 선언합니다")
                                      : phrase("there are: {}", "있는 연결: {}", fmt::format("{}", fmt::join(known, ", ")))));
    } else if (found->second.unread.empty() && !fits(found->second, *action.kind)) {
      wrong.push_back(diagnose(messages::wrong_connection, field->second.at, name, action.kind->name)
                          .noted(found->second.at, phrase("it is declared here", "여기에 선언되어 있습니다")));
    }
  }
}

ActionReader::Found ActionReader::find(const yaml::Node& map) {
  Found found;
  const yaml::Scalar* first = nullptr;
  for (const auto& [key, value] : map.entries) {
    const auto* kind = find_kind(kinds_, key.text);
    if (kind == nullptr) continue;
    found.is_there = true;
    if (first != nullptr) {
      values_.wrong().push_back(diagnose(messages::two_actions, whole(key), first->text, key.text)
                                    .noted(whole(*first), phrase("the first is here", "첫 번째는 여기에 있습니다"))
                                    .helped(phrase("make two steps of it", "두 단계로 나누십시오")));
      continue;
    }
    first = &key;
    found.action = read(key, value, *kind);
  }
  return found;
}

std::optional<Action> ActionReader::read(const yaml::Scalar& key, const yaml::Node& value, const ActionKind& kind) {
  Action action;
  action.kind = &kind;
  action.at = whole(key);
  if (value.kind == Kind::scalar && !kind.plain_key.empty()) {
    const auto* row = row_of(kind.keys, kind.plain_key);
    auto only = field(value, *row, Secrets::refused);
    if (!only) return {};
    if (value.text.empty()) {
      values_.wrong().push_back(diagnose(messages::empty_text, value.at, key.text));
      if (value.style == yaml::Node::Style::block)
        values_.wrong().back().help =
            phrase("indent the lines of the block deeper than `{}`", "블록의 줄을 `{}` 보다 깊게 들여 쓰십시오", key.text);
      return {};
    }
    action.fields.emplace(std::string(kind.plain_key), std::move(*only));
  } else if (value.kind != Kind::map) {
    if (value.kind == Kind::null) {
      values_.wrong().push_back(diagnose(messages::no_value, whole(key), key.text));
      return {};
    }
    const std::string takes = (kind.plain_key.empty() ? "" : fmt::format("{} | ", kind.plain_key)) +
                              fmt::format("{{{}}}", fmt::join(names_of(kind.keys), ", "));
    auto wrong = diagnose(messages::kind_wants_map, value.at, key.text, takes);
    if (value.kind == Kind::scalar && row_of(kind.keys, "get") != nullptr) {
      const std::string_view line = one_line(value.text);
      wrong.help = line.find(' ') == std::string_view::npos
                       ? verb_as_key("get", line, kind.keys)
                       : verb_as_key(line.substr(0, line.find(' ')), line.substr(line.rfind(' ') + 1), kind.keys);
    }
    values_.wrong().push_back(std::move(wrong));
    return {};
  } else {
    auto read = fields(value, kind.keys, key.text, Secrets::refused);
    if (!read) return {};
    action.fields = std::move(*read);
  }
  if (kind.check != nullptr) kind.check(action.fields, action.at, values_.wrong());
  return action;
}

std::optional<Fields> ActionReader::fields(const yaml::Node& map, std::span<const KeyRow> rows, std::string_view whose,
                                           Secrets all_secrets) {
  Fields out;
  RefusedKeys refused;
  bool good = true;
  for (const auto& [key, value] : map.entries) {
    const auto* row = row_of(rows, key.text);
    if (row == nullptr) {
      const auto near = nearest(key.text, names_of(rows));
      if (near) refused.meant(*near);
      else refused.unclear(Where::step);
      const bool is_verb_apart = (key.text == "url" || key.text == "method") && row_of(rows, "get") != nullptr;
      values_.wrong().push_back(diagnose(messages::unknown_action_key, whole(key), whose, one_line(key.text))
                                    .helped(is_verb_apart ? verb_as_key(text_of(map, "method"), text_of(map, "url"), rows)
                                            : near        ? phrase("did you mean `{}`?", "`{}` 입니까?", *near)
                                                          : known_keys(rows)));
      good = false;
      continue;
    }
    auto one = field(value, *row, row->may_hold_secrets ? Secrets::allowed : all_secrets);
    if (one) out.emplace(key.text, std::move(*one));
    else good = false;
  }
  for (const auto& row : rows)
    if (row.need == KeyRow::Need::required && map.find(row.name) == nullptr && !refused.may_be(row.name)) {
      values_.wrong().push_back(diagnose(messages::missing_action_key, map.at, whose, row.name)
                                    .helped({std::string(row.doc_en), std::string(row.doc_ko)}));
      good = false;
    }
  if (!good) return {};
  return out;
}

std::optional<Field> ActionReader::field(const yaml::Node& node, const KeyRow& row, Secrets secrets) {
  const Place at = whole(node);
  switch (row.type) {
    case FieldType::code: {
      auto code = values_.code(node, row.name);
      if (!code) return {};
      return Field{at, Value(std::move(*code)), node.map()};
    }
    case FieldType::text:
    case FieldType::path: return made(at, values_.text(node, row.name, secrets));
    case FieldType::url: {
      auto url = values_.text(node, row.name, secrets);
      if (url) url->encode_pieces = true;
      return made(at, std::move(url));
    }
    case FieldType::expression: return made(at, values_.expression(node, row.name));
    case FieldType::boolean: {
      const auto value = values_.boolean(node, row.name);
      if (!value) return {};
      return made(at, std::optional(Value(*value)));
    }
    case FieldType::integer: {
      const auto value = values_.integer(node, row.name);
      if (!value) return {};
      return made(at, std::optional(Value(*value)));
    }
    case FieldType::duration: {
      auto value = values_.length(node, row.name);
      if (!value) return {};
      if (value->of_element) return made(at, std::move(value->of_element));
      return made(at, std::optional(Value(value->known)));
    }
    case FieldType::name: {
      auto name = values_.name(node, row.name);
      if (!name) return {};
      return made(at, std::optional(Value(std::move(*name))));
    }
    case FieldType::text_or_texts:
      if (node.kind == Kind::scalar) {
        auto only = made(at, values_.text(node, row.name, secrets));
        return only ? made(at, std::optional(Field::List{std::move(*only)})) : std::nullopt;
      }
      return text_list(node, row, secrets);
    case FieldType::texts: return text_list(node, row, secrets);
    case FieldType::text_map: return text_map(node, row, secrets);
    case FieldType::tree: return values_.tree(node, row.name, secrets);
    case FieldType::choices:
      if (node.kind == Kind::sequence) return text_list(node, row, secrets);
      return made(at, values_.expression(node, row.name));
    case FieldType::items: return items(node, row);
  }
  return {};
}

std::optional<Field> ActionReader::text_list(const yaml::Node& node, const KeyRow& row, Secrets secrets) {
  if (!values_.is_list(node, row.name)) return {};
  Field::List list;
  for (const auto& item : node.items)
    if (auto text = made(whole(item), values_.text(item, row.name, secrets))) list.push_back(std::move(*text));
  return made(node.at, std::optional(std::move(list)));
}

std::optional<Field> ActionReader::text_map(const yaml::Node& node, const KeyRow& row, Secrets secrets) {
  if (!values_.is_map(node, phrase("`{}`", "`{}`", row.name))) return {};
  Field::Map map;
  for (const auto& [name, value] : node.entries)
    if (auto text = made(whole(value), values_.text(value, name.text, secrets))) map.push_back({name.text, std::move(*text)});
  return made(node.at, std::optional(std::move(map)));
}

std::optional<Field> ActionReader::items(const yaml::Node& node, const KeyRow& row) {
  if (!values_.is_list(node, row.name)) return {};
  if (node.items.empty()) {
    values_.wrong().push_back(diagnose(messages::empty_list, node.at, row.name));
    return {};
  }
  Field::List list;
  for (const auto& item : node.items) {
    Field::Map map;
    if (item.kind == Kind::scalar) {
      auto text = made(whole(item), values_.text(item, row.name));
      if (!text) continue;
      map.push_back({"text", std::move(*text)});
    } else if (item.kind == Kind::map && item.find("text") != nullptr) {
      for (const auto& [key, value] : item.entries) {
        std::optional<Field> one;
        if (key.text == "text") {
          one = made(whole(value), values_.text(value, "text"));
        } else if (key.text == "optional") {
          if (const auto answer = values_.boolean(value, "optional")) one = made(whole(value), std::optional(Value(*answer)));
        } else if (key.text == "input") {
          if (const auto type = values_.word(value, "input", "string int number bool duration path"))
            one = made(whole(value), std::optional(Value(*type)));
        } else {
          values_.wrong().push_back(diagnose(messages::unknown_action_key, whole(key), row.name, one_line(key.text)));
        }
        if (one) map.push_back({key.text, std::move(*one)});
      }
    } else {
      // `- 롤백 후: 서비스 정상` became a map: the usual accident.
      values_.wrong().push_back(
          diagnose(messages::bad_item, item.at)
              .helped(phrase("`: ` makes a map: quote the sentence", "`: ` 는 맵이 됩니다: 문장을 따옴표로 싸십시오")));
      continue;
    }
    list.push_back(*made(item.at, std::optional(std::move(map))));
  }
  return made(node.at, std::optional(std::move(list)));
}

Fields ActionReader::connection(const yaml::Node& map, const std::string& name) {
  // Of the kinds that have connections, the one that knows most of its keys.
  const ActionKind* best = nullptr;
  std::ptrdiff_t most = -1;
  for (const auto* kind : kinds_) {
    if (kind->connection_keys.empty()) continue;
    const bool whole_kind = std::all_of(kind->connection_keys.begin(), kind->connection_keys.end(), [&](const KeyRow& row) {
      return row.need == KeyRow::Need::optional || map.find(row.name) != nullptr;
    });
    const auto known = std::count_if(map.entries.begin(), map.entries.end(),
                                     [&](const auto& entry) { return row_of(kind->connection_keys, entry.key.text) != nullptr; });
    const std::ptrdiff_t score = 2 * known + (whole_kind ? 1 : 0);
    if (score > most) {
      best = kind;
      most = score;
    }
  }
  if (best == nullptr) return {};
  auto read = fields(map, best->connection_keys, "connections." + name, Secrets::allowed);
  return read ? std::move(*read) : Fields{};
}

}  // namespace runbook
