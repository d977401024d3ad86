#include "tests/schema/mutation.h"

#include <algorithm>

#include "base/json.h"
#include "runbook/keys.h"

namespace runbook::tests {
namespace {

using yaml::Node;
using Kind = Node::Kind;

Node scalar(std::string text, Node::Style style = Node::Style::plain) {
  Node out;
  out.kind = Kind::scalar;
  out.style = style;
  out.text = std::move(text);
  return out;
}
Node list(std::vector<Node> items) {
  Node out;
  out.kind = Kind::sequence;
  out.items = std::move(items);
  return out;
}
Node map(std::vector<Node::Entry> entries) {
  Node out;
  out.kind = Kind::map;
  out.entries = std::move(entries);
  return out;
}

// A value of every kind, and texts that are right for one field and wrong for others.
std::vector<Node> strangers() {
  std::vector<Node> out{Node(),
                        list({}),
                        list({scalar("a"), scalar("b")}),
                        list({list({})}),
                        list({map({})}),
                        map({}),
                        map({{scalar("a"), scalar("b")}}),
                        map({{scalar("a"), map({{scalar("b"), list({})}})}}),
                        map({{scalar("id"), scalar("a")}, {scalar("shell"), scalar("ls")}})};
  for (const char* plain : {"true", "false", "7", "0", "-1", "1.5", "1e3", "0777", "null", "yes", "no", "none"})
    out.push_back(scalar(plain));
  for (const char* text :
       {"",         "30s",  "5",     "2m..3m",   "2-3m",    "1h30m",       "true",      "none",        "없음",
        "critical", "safe", "allow", "continue", "ask",     "pause",       "string",    "enum",        "UPPER",
        "a b",      "a-b",  "a_b",   "in",       "items",   "${vars.tag}", "exit == 0", "verify.yaml", "[a-z]+",
        "(",        "HOME", "A-B",   "user:kim", "/health", "SELECT 1"})
    out.push_back(scalar(text, Node::Style::quoted));
  return out;
}

struct Places {
  std::vector<Node*> maps, lists, values;  // maps and lists that hold something
};
void collect(Node& node, Places& into) {
  into.values.push_back(&node);
  if (!node.entries.empty()) into.maps.push_back(&node);
  if (!node.items.empty()) into.lists.push_back(&node);
  if (!node.items.empty())
    for (auto& item : node.items.made()) collect(item, into);
  if (!node.entries.empty())
    for (auto& entry : node.entries.made()) collect(entry.value, into);
}

class Mutation {
 public:
  Mutation(Node& root, std::mt19937& random) : random_(random) { collect(root, places_); }

  // Empty: what was drawn changes nothing.
  std::string make() {
    switch (random_() % 9) {
      case 0: return remove_key();
      case 1: return misspell_key();
      case 2: return rename_key();
      case 3: return duplicate_key();
      case 4: return move_key();
      case 5: return add_key();
      case 6: return replace_by_own();
      case 7: return change_list();
      default: return replace_by_stranger();
    }
  }

 private:
  template <class T>
  T& any_of(std::vector<T>& all) {
    return all[random_() % all.size()];
  }
  Node::Entry& any_entry() { return any_of(any_of(places_.maps)->entries.made()); }

  std::string remove_key() {
    auto& entries = any_of(places_.maps)->entries.made();
    const auto at = entries.begin() + static_cast<std::ptrdiff_t>(random_() % entries.size());
    std::string what = "key removed: " + at->key.text;
    entries.erase(at);
    return what;
  }
  std::string misspell_key() {
    std::string& key = any_entry().key.text;
    const std::string before = key;
    const std::size_t at = random_() % key.size();
    if (random_() % 2 == 0) key.erase(at, 1);
    else key.insert(at, 1, 'e');
    return "key misspelt: " + before + " -> " + key;
  }
  std::string rename_key() {
    auto& entry = any_entry();
    std::string what = "key renamed: " + entry.key.text;
    const auto keys = all_keys();
    entry.key = scalar(std::string(keys[random_() % keys.size()].name));
    return what + " -> " + entry.key.text;
  }
  std::string duplicate_key() {
    auto& entries = any_of(places_.maps)->entries.made();
    auto copy = any_of(entries);
    entries.push_back(copy);
    return "key duplicated: " + copy.key.text;
  }
  std::string move_key() {
    auto copy = any_entry();
    auto& into = *any_of(places_.maps);
    if (into.find(copy.key.text) != nullptr) return "";
    into.entries.made().push_back(copy);
    return "key added from elsewhere: " + copy.key.text;
  }
  std::string add_key() {
    const auto keys = all_keys();
    const std::string name(keys[random_() % keys.size()].name);
    auto& into = *any_of(places_.maps);
    if (into.find(name) != nullptr) return "";
    auto all = strangers();
    into.entries.made().push_back({scalar(name), any_of(all)});
    return "key added: " + name + ": " + written(into.entries.made().back().value);
  }
  std::string replace_by_own() {
    const Node copy = *any_of(places_.values);
    return replace(copy);
  }
  std::string replace_by_stranger() {
    auto all = strangers();
    return replace(any_of(all));
  }
  std::string replace(const Node& by) {
    auto& entry = any_entry();
    const std::string before = written(entry.value), after = written(by);
    entry.value = by;
    return before == after ? ""
                           : "value of " + entry.key.text + " replaced: " + before.substr(0, 60) + " -> " + after.substr(0, 60);
  }
  std::string change_list() {
    auto& items = any_of(places_.lists)->items.made();
    if (random_() % 2 == 0) {
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(random_() % items.size()));
      return "item removed";
    }
    auto all = strangers();
    any_of(items) = any_of(all);
    return "item replaced";
  }

  std::mt19937& random_;
  Places places_;
};

bool is_word(const std::string& text) {
  return !text.empty() && text != "-" && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-';
  });
}

std::string written_text(const yaml::Scalar& scalar) {
  return scalar.style == Node::Style::plain && is_word(scalar.text) ? scalar.text : to_json(Value(scalar.text));
}

}  // namespace

std::string written(const Node& node) {
  std::string out;
  switch (node.kind) {
    case Kind::null: return "null";
    case Kind::scalar: return written_text(node);
    case Kind::sequence:
      for (const auto& item : node.items) out += (out.empty() ? "" : ", ") + written(item);
      return "[" + out + "]";
    case Kind::map:
      for (const auto& [key, value] : node.entries) out += (out.empty() ? "" : ", ") + written_text(key) + ": " + written(value);
      return "{" + out + "}";
  }
  return out;
}

Mutant mutate(Node runbook, std::mt19937& random) {
  for (;;) {
    Node changed = runbook;
    const std::string what = Mutation(changed, random).make();
    if (!what.empty()) return {what, written(changed) + "\n"};
  }
}

}  // namespace runbook::tests
