// What can be known to be wrong before anything runs: names, functions, and types as far as they are known.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <type_traits>

#include "base/edit_distance.h"
#include "cel/arithmetic.h"
#include "cel/complain.h"
#include "cel/node.h"
#include "cel/template.h"

namespace runbook::cel {
namespace {

using K = Value::Kind;

// CEL's name of a type, or the short one, as a set; what is not known is any.
Types types_named(std::string_view name) {
  if (name == "duration") return K::duration;
  if (name == "timestamp") return K::timestamp;
  if (name == "null") return K::null;
  for (const K kind : {K::null, K::boolean, K::integer, K::unsigned_integer, K::number, K::string, K::bytes, K::list, K::map,
                       K::duration, K::timestamp, K::type})
    if (kind_name(kind) == name) return kind;
  return Types::any();
}

constexpr Types numbers = Types(K::integer) | K::unsigned_integer | K::number;
constexpr Types ordered = numbers | K::boolean | K::string | K::bytes | K::duration | K::timestamp;

// Types are words with an article in English ("an int"), names in Korean ("int").
template <class A>
auto english(const A& argument) {
  if constexpr (std::is_same_v<A, Types>) return type_words(argument);
  else return std::string_view(argument);
}
template <class A>
auto korean(const A& argument) {
  if constexpr (std::is_same_v<A, Types>) return type_names(argument);
  else return std::string_view(argument);
}
template <class... A>
Complaint complain_of_types(const Message& message, std::size_t offset, std::size_t length, const A&... args) {
  return {std::string(message.code),
          offset,
          length ? length : 1,
          {fmt::format(fmt::runtime(message.en), english(args)...),
           with_particles(fmt::format(fmt::runtime(message.ko), korean(args)...))},
          {}};
}

// What is known of a sub-expression: its type, and where names end in which of them.
struct Known {
  Types types = Types::any();
  const Names* names = nullptr;  // of a path of names
  std::string path;              // as a message shows it
};

class Checker {
 public:
  Checker(std::string_view text, const Names& scope) : text_(text), scope_(scope) {}

  Known visit(const Node& node) {
    switch (node.kind) {
      case Node::Kind::literal: return {node.value.kind(), nullptr, {}};
      case Node::Kind::name: return name(node);
      case Node::Kind::select: return select(node);
      case Node::Kind::has: select(node); return {K::boolean, nullptr, {}};
      case Node::Kind::index: return index(node);
      case Node::Kind::call: return {call(node), nullptr, {}};
      case Node::Kind::list:
        for (const auto& child : node.children) visit(*child);
        return {K::list, nullptr, {}};
      case Node::Kind::map: return map(node);
      case Node::Kind::negate: {
        const Types types = visit(*node.children[0]).types;
        if (!types.meets(Types(K::integer) | K::number))
          add(complain_of_types(messages::operator_type, node.offset, node.length, "-", types));
        const Types gives = types & (Types(K::integer) | K::number);
        return {gives == Types() ? Types::any() : gives, nullptr, {}};
      }
      case Node::Kind::complement: condition(*node.children[0], "!"); return {K::boolean, nullptr, {}};
      case Node::Kind::arithmetic: return {arithmetic(node), nullptr, {}};
      case Node::Kind::comparison: return {comparison(node), nullptr, {}};
      case Node::Kind::membership: return {membership(node), nullptr, {}};
      case Node::Kind::conjunction:
      case Node::Kind::disjunction:
        for (const auto& child : node.children) condition(*child, node.kind == Node::Kind::conjunction ? "&&" : "||");
        return {K::boolean, nullptr, {}};
      case Node::Kind::conditional: {
        condition(*node.children[0], "? :");
        const Types yes = visit(*node.children[1]).types, no = visit(*node.children[2]).types;
        return {yes | no, nullptr, {}};
      }
      case Node::Kind::macro: return {macro(node), nullptr, {}};
    }
    return {};
  }

  void add(Complaint complaint) { complaints.push_back(std::move(complaint)); }

  Complaints complaints;

 private:
  std::string_view source(const Node& node) const { return text_.substr(node.offset, node.length); }

  static Complaint with_suggestion(Complaint complaint, std::string_view name, const std::vector<std::string>& known) {
    if (const auto meant = nearest(name, known)) complaint.help = phrase("did you mean `{}`?", "혹시 `{}`인가요?", *meant);
    return complaint;
  }

  // What other languages have a function for, and CEL has not, or only of a list.
  static std::string_view said_otherwise(std::string_view name) {
    struct Row {
      std::string_view name, instead;
    };
    constexpr std::array<Row, 16> rows{{{"last", "x[size(x) - 1]"},
                                        {"first", "x[0]"},
                                        {"len", "size(x)"},
                                        {"length", "size(x)"},
                                        {"count", "size(x.filter(i, ...))"},
                                        {"any", "x.exists(i, ...)"},
                                        {"some", "x.exists(i, ...)"},
                                        {"exists", "x.exists(i, ...) of a list x"},
                                        {"exists_one", "x.exists_one(i, ...) of a list x"},
                                        {"all", "x.all(i, ...) of a list x"},
                                        {"filter", "x.filter(i, ...) of a list x"},
                                        {"map", "x.map(i, ...) of a list x"},
                                        {"keys", "m.map(k, k)"},
                                        {"values", "m.map(k, m[k])"},
                                        {"includes", "i in x"},
                                        {"format", "\"a \" + string(x)"}}};
    for (const auto& row : rows)
      if (row.name == name) return row.instead;
    return {};
  }

  static std::vector<std::string> members_of(const Names& names) {
    std::vector<std::string> all;
    for (const auto& [member, inner] : names.members) all.push_back(member);
    return all;
  }

  static Known known(const Names& names, std::string path) {
    // A name with members is a map, whatever it says of its type.
    const bool tree = !names.members.empty();
    return {tree ? Types(K::map) : types_named(names.type), &names, std::move(path)};
  }

  Known name(const Node& node) {
    if (node.slot >= 0) return bound(node);
    if (const auto* names = scope_.find(node.name)) return known(*names, node.name);
    if (is_type_name(node.name)) return {K::type, nullptr, {}};
    if (scope_.kind == Names::Kind::open) return {};
    auto complaint = complain(messages::unknown_name, node.offset, node.length, node.name);
    const auto all = members_of(scope_);
    complaint = with_suggestion(std::move(complaint), node.name, all);
    if (complaint.help.empty()) {
      // `deployment` for `vars.deployment` is the usual slip.
      for (const auto& [root, names] : scope_.members)
        if (names && names->find(node.name))
          complaint.help = phrase("did you mean `{}.{}`?", "혹시 `{}.{}`인가요?", root, node.name);
    }
    add(std::move(complaint));
    return {};
  }

  Known bound(const Node& node) const {
    const auto slot = static_cast<std::size_t>(node.slot);
    const auto* names = slot < elements_.size() ? elements_[slot] : nullptr;
    return names != nullptr ? known(*names, node.name) : Known{};
  }

  // The member of a path of names; complains where there is none.
  Known member(const Known& of, std::string_view name, std::size_t offset, std::size_t length) {
    if (!of.names) return {};
    auto path = fmt::format("{}.{}", of.path, name);
    if (const auto* names = of.names->find(name)) return known(*names, std::move(path));
    if (of.names->kind == Names::Kind::open) return {};
    add(with_suggestion(complain(messages::unknown_member, offset, length, name, of.path), name, members_of(*of.names)));
    return {};
  }

  Known select(const Node& node) {
    const Known target = visit(*node.children[0]);
    if (!target.types.has(K::map)) {
      add(complain_of_types(messages::no_fields, node.name_offset, node.name_length, target.types));
      return {};
    }
    return member(target, node.name, node.name_offset, node.name_length);
  }

  // Of an answer's headers, whose names the engine writes small (RFC 9113, 8.2).
  void lower_case(const std::string& name, const Node& key) {
    std::string lower = name;
    for (char& c : lower)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (lower == name) return;
    auto complaint = complain(messages::unknown_member, key.offset, key.length, name, "headers");
    complaint.help =
        phrase("names of headers are in lower case: headers[\"{}\"]", "헤더 이름은 소문자입니다: headers[\"{}\"]", lower);
    add(std::move(complaint));
  }

  Known index(const Node& node) {
    const Known target = visit(*node.children[0]);
    const Node& key = *node.children[1];
    const Types key_types = visit(key).types;
    if (!target.types.meets(Types(K::list) | K::map)) {
      add(complain_of_types(messages::no_elements, node.children[0]->offset, node.children[0]->length, target.types));
      return {};
    }
    Types takes;
    if (target.types.has(K::list)) takes = takes | numbers;
    if (target.types.has(K::map)) takes = takes | numbers | K::boolean | K::string;
    if (!key_types.meets(takes)) add(complain_of_types(messages::key_type, key.offset, key.length, key_types));
    if (target.types.has(K::map) && key.kind == Node::Kind::literal)
      if (const auto* name = key.value.string()) {
        if (source(*node.children[0]) == "headers") lower_case(*name, key);
        return member(target, *name, key.offset, key.length);
      }
    if (target.names && target.names->element) return known(*target.names->element, std::string(source(node)));
    return {};
  }

  Known map(const Node& node) {
    for (std::size_t i = 0; i < node.children.size(); i += 2) {
      const Types key = visit(*node.children[i]).types;
      if (!key.meets(Types(K::boolean) | K::integer | K::unsigned_integer | K::string))
        add(complain_of_types(messages::key_type, node.children[i]->offset, node.children[i]->length, key));
      visit(*node.children[i + 1]);
    }
    return {K::map, nullptr, {}};
  }

  void condition(const Node& node, std::string_view of) {
    const Types types = visit(node).types;
    if (!types.has(K::boolean)) add(complain_of_types(messages::operator_type, node.offset, node.length, of, types));
  }

  Types call(const Node& node) {
    std::vector<Types> given;
    for (const auto& child : node.children) given.push_back(visit(*child).types);
    const auto* signature = node.function;
    if (!signature) {
      auto complaint = with_suggestion(complain(messages::unknown_function, node.name_offset, node.name_length, node.name),
                                       node.name, function_names());
      if (const auto instead = said_otherwise(node.name); !instead.empty())
        complaint.help = phrase("write {}", "{} 로 쓰십시오", instead);
      add(std::move(complaint));
      return Types::any();
    }
    if (signature->style != Signature::Style::both && (signature->style == Signature::Style::method) != node.is_method) {
      add(complain(messages::not_a_method, node.name_offset, node.name_length, node.name,
                   node.is_method ? node.name + "(x)" : "x." + node.name + "()"));
      return signature->gives;
    }
    if (given.size() < signature->least || given.size() > signature->most) {
      // The receiver is not an argument to the reader.
      const std::size_t own = node.is_method ? 1 : 0;
      const std::size_t least = signature->least - own, most = signature->most - own;
      const auto takes = least == most ? fmt::format("{}", least) : fmt::format("{}..{}", least, most);
      Complaint complaint =
          complain(messages::argument_count, node.name_offset, node.name_length, node.name, takes, given.size() - own);
      complaint.text.en = fmt::format(fmt::runtime(messages::argument_count.en), node.name,
                                      takes + (takes == "1" ? " argument" : " arguments"), given.size() - own);
      add(std::move(complaint));
      return signature->gives;
    }
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (given[i].meets(signature->takes[i])) continue;
      const Node& argument = *node.children[i];
      add(complain_of_types(messages::argument_type, argument.offset, argument.length, node.name, signature->takes[i], given[i]));
    }
    if (node.pattern && !node.pattern->error().empty())
      add(complain(messages::bad_pattern, node.children[1]->offset, node.children[1]->length, node.pattern->error()));
    return signature->gives;
  }

  Types arithmetic(const Node& node) {
    const Types left = visit(*node.children[0]).types, right = visit(*node.children[1]).types;
    const Types gives = arithmetic_result(node.op, left, right);
    if (gives == Types()) {
      auto complaint = complain_of_types(messages::operator_types, node.offset, node.length, spelling(node.op), left, right);
      suggest_conversion(complaint, node, left, right);
      add(std::move(complaint));
      return Types::any();
    }
    return gives;
  }

  // Text beside a number is the usual mistake: say which conversion mends it.
  void suggest_conversion(Complaint& complaint, const Node& node, Types left, Types right) const {
    const auto suggest = [&](std::string_view function, const Node& what) {
      const bool ends_with_newline = function != "string" && (source(what) == "stdout" || source(what) == "stderr");
      complaint.help =
          phrase("write {}({}{})", "{}({}{})로 바꾸십시오", function, source(what), ends_with_newline ? ".trim()" : "");
    };
    const Node &a = *node.children[0], &b = *node.children[1];
    const auto single_number = [](Types t) { return t.is_single() && t.meets(numbers); };
    const auto name_of = [](Types t) { return t.has(K::integer) ? "int" : t.has(K::unsigned_integer) ? "uint" : "double"; };
    const bool adds = node.kind == Node::Kind::arithmetic && node.op == Operator::add;
    if (left == K::string && single_number(right)) adds ? suggest("string", b) : suggest(name_of(right), a);
    else if (right == K::string && single_number(left)) adds ? suggest("string", a) : suggest(name_of(left), b);
    else if (single_number(left) && single_number(right) && !(left == right)) {
      if (left == K::number) suggest("double", b);
      else if (right == K::number) suggest("double", a);
      else suggest("int", left == K::integer ? b : a);
    }
  }

  Types comparison(const Node& node) {
    const Known left = visit(*node.children[0]), right = visit(*node.children[1]);
    if (node.op == Operator::equal || node.op == Operator::not_equal) {
      equality(node, *node.children[0], left, *node.children[1], right);
      return K::boolean;
    }
    const bool both_numbers = left.types.meets(numbers) && right.types.meets(numbers);
    if (both_numbers || (left.types & right.types).meets(ordered)) return K::boolean;
    auto complaint =
        complain_of_types(messages::operator_types, node.offset, node.length, spelling(node.op), left.types, right.types);
    suggest_conversion(complaint, node, left.types, right.types);
    add(std::move(complaint));
    return K::boolean;
  }

  // `at`: what is complained about where the types never fit, a comparison or an element of a list.
  void equality(const Node& at, const Node& a, const Known& left, const Node& b, const Known& right) {
    never_a_value(left, b);
    never_a_value(right, a);
    const bool both_numbers = left.types.meets(numbers) && right.types.meets(numbers);
    // null is compared with anything: that is how its absence is asked for.
    if (left.types.meets(right.types) || both_numbers || left.types == K::null || right.types == K::null) return;
    auto complaint = complain_of_types(messages::never_equal, at.offset, at.length, left.types, right.types);
    if (at.kind == Node::Kind::comparison) suggest_conversion(complaint, at, left.types, right.types);
    add(std::move(complaint));
  }

  // A name that is one of a few texts, compared with a text that is none of them.
  void never_a_value(const Known& known, const Node& compared) {
    if (!known.names || known.names->values.empty() || compared.kind != Node::Kind::literal) return;
    const auto* text = compared.value.string();
    const auto& values = known.names->values;
    if (!text || std::find(values.begin(), values.end(), *text) != values.end()) return;
    auto complaint = complain(messages::never_has_value, compared.offset, compared.length, known.path, *text);
    if (const auto meant = value_meant(*text, values)) complaint.help = phrase("did you mean `{}`?", "혹시 `{}`인가요?", *meant);
    else complaint.help = phrase("it can be: {}", "쓸 수 있는 값: {}", fmt::format("{}", fmt::join(values, ", ")));
    add(std::move(complaint));
  }
  // The nearest; else the only one with the same beginning: `fail` for `failed`, `success` for `succeeded`.
  static std::optional<std::string> value_meant(std::string_view text, const std::vector<std::string>& values) {
    if (auto near = nearest(text, values)) return near;
    std::optional<std::string> found;
    for (const auto& value : values) {
      const auto end = std::mismatch(text.begin(), text.end(), value.begin(), value.end()).first;
      const auto same = static_cast<std::size_t>(end - text.begin());
      if (same < 4 || 2 * same <= text.size()) continue;
      if (found) return {};
      found = value;
    }
    return found;
  }

  Types membership(const Node& node) {
    const Node &a = *node.children[0], &list = *node.children[1];
    const Known left = visit(a);
    if (list.kind == Node::Kind::list) {
      for (const auto& element : list.children) equality(*element, a, left, *element, visit(*element));
      return K::boolean;
    }
    const Types range = visit(list).types;
    if (!range.meets(Types(K::list) | K::map)) {
      auto complaint = complain_of_types(messages::operator_type, list.offset, list.length, "in", range);
      if (range == K::string)
        complaint.help = phrase("a part of a text is asked for with {}.contains(...)",
                                "문자열의 일부는 {}.contains(...)로 묻습니다", source(list));
      add(std::move(complaint));
    }
    return K::boolean;
  }

  Types macro(const Node& node) {
    const Node& target = *node.children[0];
    const Known over = visit(target);
    const Types range = over.types;
    const auto word = spelling(node.macro);
    if (const auto slot = static_cast<std::size_t>(node.slot); over.names && over.names->element) {
      elements_.resize(std::max(elements_.size(), slot + 1), nullptr);
      elements_[slot] = over.names->element.get();
    } else if (slot < elements_.size()) {
      elements_[slot] = nullptr;
    }
    if (!range.meets(Types(K::list) | K::map))
      add(complain_of_types(messages::operator_type, target.offset, target.length, word, range));
    if (node.macro == Macro::map) {
      if (node.children[1]) condition(*node.children[1], word);
      visit(*node.children[2]);
      return K::list;
    }
    condition(*node.children[1], word);
    return node.macro == Macro::filter ? K::list : K::boolean;
  }

  std::string_view text_;
  const Names& scope_;
  std::vector<const Names*> elements_;  // by the slot of a macro's variable: what it is bound to, where that is known
};

bool never_in_text(const Types& types) {
  const Types unwritable = Types(K::null) | K::list | K::map;
  return (types | unwritable) == unwritable;
}

}  // namespace

Complaints check(const Expression& expression, const Names& names, std::string_view wanted) {
  if (!expression.root()) return {};
  Checker checker(expression.text(), names);
  const Types types = checker.visit(*expression.root()).types;
  if (wanted == "text") {
    if (checker.complaints.empty() && never_in_text(types))
      checker.add(complain_of_types(messages::not_text, 0, expression.text().size(), types));
  } else if (!wanted.empty() && checker.complaints.empty() && !types.meets(types_named(wanted)))
    checker.add(complain_of_types(messages::wanted_type, 0, expression.text().size(), types_named(wanted), types));
  return std::move(checker.complaints);
}

Complaints check(const Template& text, const Names& names) {
  Complaints all;
  const bool whole = text.pieces().size() == 1;
  for (const auto& piece : text.pieces()) {
    if (!piece.expression.root()) continue;
    Checker checker(piece.expression.text(), names);
    const Types types = checker.visit(*piece.expression.root()).types;
    if (!whole && checker.complaints.empty() && never_in_text(types))
      checker.add(complain_of_types(messages::not_text, 0, piece.expression.text().size(), types));
    for (auto& complaint : checker.complaints) {
      complaint.offset += piece.offset;
      all.push_back(std::move(complaint));
    }
  }
  return all;
}

}  // namespace runbook::cel
