#include "runbook/channels.h"

#include <algorithm>

#include "runbook/messages.h"

namespace runbook {
namespace {

constexpr std::string_view notices = "waiting failed in_doubt finished";

std::set<Notice> notices_of(const yaml::Node* node, ValueReader& values) {
  const std::set<Notice> all{Notice::waiting, Notice::failed, Notice::in_doubt, Notice::finished};
  if (node == nullptr || !values.is_list(*node, "tell")) return all;
  if (node->items.empty()) values.wrong().push_back(diagnose(messages::empty_list, node->at, "tell"));
  const auto words = words_of(notices);
  std::set<Notice> out;
  for (const auto& item : node->items)
    if (const auto word = values.word(item, "tell", notices))
      out.insert(static_cast<Notice>(std::find(words.begin(), words.end(), *word) - words.begin()));
  return out;
}

std::map<std::string, Text> headers_of(const yaml::Node* node, ValueReader& values) {
  std::map<std::string, Text> out;
  if (node == nullptr || !values.is_map(*node, phrase("`headers`", "`headers`"))) return out;
  for (const auto& [name, value] : node->entries)
    if (auto text = values.text(value, name.text, Secrets::allowed)) out.emplace(name.text, std::move(*text));
  return out;
}

std::optional<Channel> read_channel(const yaml::Node& node, ValueReader& values, Kinds kinds) {
  if (!values.is_map(node, where_name(Where::channel))) {
    if (node.kind == yaml::Node::Kind::scalar && !node.text.empty())
      values.wrong().back().help = phrase("write {{ url: {} }}", "{{ url: {} }} 로 쓰십시오", one_line(node.text));
    return {};
  }
  const KeyedMap map(node, Where::channel, kinds, values.wrong());
  Channel out;
  const auto* url = map.find("url");
  if (url == nullptr) {
    values.wrong().push_back(missing_key(node.at, Where::channel, "url"));
    return {};
  }
  auto text = values.text(*url, "url", Secrets::allowed);
  if (!text) return {};
  out.url = std::move(*text);
  if (const auto* format = map.find("format"); format != nullptr && values.word(*format, "format", "slack json") == "json")
    out.format = Channel::Format::json;
  out.tell = notices_of(map.find("tell"), values);
  out.headers = headers_of(map.find("headers"), values);
  return out;
}

}  // namespace

std::vector<Channel> read_channels(const yaml::Node& list, ValueReader& values, Kinds kinds) {
  std::vector<Channel> out;
  if (list.kind == yaml::Node::Kind::scalar && !list.text.empty()) {
    values.wrong().push_back(diagnose(messages::not_a_list, list.at, "notify")
                                 .helped(phrase("write [{{ url: {} }}]", "[{{ url: {} }}] 로 쓰십시오", one_line(list.text))));
    return out;
  }
  if (!values.is_list(list, "notify")) return out;
  for (const auto& node : list.items)
    if (auto one = read_channel(node, values, kinds)) out.push_back(std::move(*one));
  return out;
}

}  // namespace runbook
