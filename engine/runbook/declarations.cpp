#include "runbook/declarations.h"

#include <re2/re2.h>

#include <algorithm>
#include <filesystem>

#include "runbook/messages.h"
#include "runbook/read_runbook.h"

namespace runbook {
namespace {

using Kind = yaml::Node::Kind;

bool compiles(const std::string& pattern, std::string& why) {
  RE2::Options quiet;
  quiet.set_log_errors(false);
  const RE2 regex(pattern, quiet);
  why = regex.error();
  return regex.ok();
}

}  // namespace

Diagnostic bad_value(Place at, const std::string& variable, const Phrase& why) {
  auto d = diagnose(messages::bad_value, at, variable, why.en);
  d.text.ko = fmt::format(fmt::runtime(messages::bad_value.ko), variable, why.ko);
  return d;
}

std::string path_in(const std::string& folder, const std::string& path) {
  std::string normal = (std::filesystem::path(folder) / path).lexically_normal().string();
  while (normal.size() > 1 && normal.back() == '/') normal.pop_back();
  return normal;
}

Declarations DeclarationReader::read() {
  Declarations out;
  const auto& root = document_.root;
  const auto map_of = [&](std::string_view key) -> const yaml::Node* {
    const auto* node = root.find(key);
    return node != nullptr && values_.is_map(*node, phrase("`{}`", "`{}`", key)) ? node : nullptr;
  };
  out.unread = document_.refused.parts();
  const auto watched = [&](std::string_view key, const auto& read) {
    const auto before = values_.wrong().size();
    read();
    if (has_errors(values_.wrong(), before)) out.unread.add(part_of(key));
  };
  // `take` is false where one could not be read: there may be more names than those that are known.
  const auto each_of = [&](std::string_view key, Part part, const auto& take) {
    if (root.find(key) == nullptr) return;
    const auto* map = map_of(key);
    if (map == nullptr) return out.unread.add(part);
    for (const auto& [name, node] : map->entries)
      if (!take(name, node)) out.unread.add(part);
  };
  each_of("vars", Part::variables, [&](const auto& name, const auto& node) {
    auto one = variable(name, node);
    if (one) out.variables.push_back({std::move(*one), &node, &document_});
    return one.has_value();
  });
  watched("secrets", [&] {
    if (const auto* secrets = map_of("secrets"))
      for (const auto& [name, node] : secrets->entries)
        if (auto one = secret(name, node)) out.secrets.push_back({std::move(*one), &node, &document_});
  });
  each_of("connections", Part::connections, [&](const auto& name, const auto& node) {
    auto one = connection(name, node);
    if (one) out.connections.push_back({std::move(*one), &node, &document_});
    return one.has_value();
  });
  watched("env", [&] {
    if (const auto* env = root.find("env")) out.env = values_.environment(*env, "env", Secrets::refused);
  });
  watched("requires", [&] {
    if (const auto* needed = root.find("requires")) out.requires_ = requirements(*needed);
  });
  return out;
}

std::optional<Connection> DeclarationReader::connection(const yaml::Scalar& name, const yaml::Node& node) {
  if (!values_.check_name(name.text, whole(name))) return {};
  const auto before = values_.wrong().size();
  Connection out{name.text, whole(name), {}, {}};
  if (node.kind == Kind::null || values_.is_map(node, phrase("a connection", "연결")))
    out.fields = actions_.connection(node, name.text);
  if (has_errors(values_.wrong(), before)) out.unread.add(Part::rest);
  return out;
}

std::optional<DeclaredVariable> DeclarationReader::variable(const yaml::Scalar& name, const yaml::Node& node) {
  DeclaredVariable out;
  if (!values_.check_name(name.text, whole(name))) return {};
  out.variable.name = name.text;
  out.variable.at = whole(name);
  const auto bad = [&](Place at, const Phrase& why) {
    auto d = diagnose(messages::bad_variable, at, name.text, why.en);
    d.text.ko = fmt::format(fmt::runtime(messages::bad_variable.ko), name.text, why.ko);
    values_.wrong().push_back(std::move(d));
  };
  if (node.kind != Kind::map) {
    bad(whole(name), phrase("a variable is written as a map", "변수는 맵으로 씁니다"));
    values_.wrong().back().help = node.kind == Kind::scalar
                                      ? phrase("{0}: {{ type: string, default: {1} }}", "{0}: {{ type: string, default: {1} }}",
                                               name.text, one_line(node.text))
                                      : phrase("{}: {{ type: string }}", "{}: {{ type: string }}", name.text);
    out.variable.source = Variable::Source::unread;
    return out;
  }
  const auto before = values_.wrong().size();
  const KeyedMap map(node, Where::variable, kinds_, values_.wrong());
  bool good = true;
  if (const auto* type = map.find("type")) {
    const auto word = values_.word(*type, "type", "string int number bool duration path enum list");
    if (word) out.variable.type = *parse_type(*word);
    good = good && word;
  } else {
    if (map.lacks("type")) {
      bad(whole(name), phrase("it needs a `type`", "`type` 이 필요합니다"));
      values_.wrong().back().help = phrase("string, int, number, bool, duration, path, enum or list",
                                           "string, int, number, bool, duration, path, enum, list");
    }
    good = false;
  }
  out.fallback = map.find("default");
  if (const auto* help = map.find("help")) out.variable.help = values_.text(*help, "help").value_or(Text{});
  if (const auto* ask = map.find("ask")) {
    out.variable.ask = values_.text(*ask, "ask").value_or(Text{});
    out.variable.required = true;
    if (out.fallback != nullptr)
      bad(map.place_of("ask"), phrase("either `default` or `ask`", "`default` 와 `ask` 중 하나만 쓰십시오"));
  }
  if (const auto* required = map.find("required"))
    if (const auto yes = values_.boolean(*required, "required"); yes && *yes) {
      out.variable.required = true;
      if (out.fallback != nullptr)
        bad(map.place_of("required"), phrase("either `default` or `required`", "`default` 와 `required` 중 하나만 쓰십시오"));
    }
  if (const auto* pattern = map.find("pattern"))
    if (auto text = values_.literal(*pattern, "pattern")) {
      std::string why;
      if (compiles(*text, why)) out.variable.pattern = std::move(*text);
      else values_.wrong().push_back(diagnose(messages::bad_regex, whole(*pattern), why));
    }
  if (const auto* node_of_choices = map.find("choices")) choices(*node_of_choices, out.variable);
  else if (good && out.variable.type == VariableType::enumeration && map.lacks("choices"))
    bad(map.place_of("type"), phrase("an enum needs `choices`", "enum 에는 `choices` 가 필요합니다"));
  if (has_errors(values_.wrong(), before)) out.variable.source = Variable::Source::unread;
  return out;
}

void DeclarationReader::choices(const yaml::Node& node, Variable& variable) {
  if (node.kind == Kind::map) {
    const KeyedMap map(node, Where::candidates, kinds_, values_.wrong());
    auto found = actions_.find(node);
    if (!found.is_there && map.lacks("action")) values_.wrong().push_back(diagnose(messages::no_action, node.at, "`choices`"));
    if (!found.action) return;
    const auto& kind = *found.action->kind;
    const bool only_reads = !kind.asks_people && (kind.effect == nullptr || kind.effect(found.action->fields) != Effect::changes);
    if (only_reads) variable.candidates = std::move(*found.action);
    else
      values_.wrong().push_back(diagnose(messages::no_candidates, found.action->at, kind.name)
                                    .helped(phrase("a list, or an action that prints one candidate a line",
                                                   "목록, 또는 한 줄에 하나씩 후보를 출력하는 동작")));
    return;
  }
  if (!values_.is_list(node, "choices")) return;
  for (const auto& item : node.items) {
    const auto text = values_.literal(item, "choices");
    if (!text) continue;
    const auto value = parse_variable(variable.type, *text);
    if (value) variable.choices.push_back(*value);
    else values_.wrong().push_back(bad_value(whole(item), variable.name, value.error()));
  }
  if (node.items.empty()) values_.wrong().push_back(diagnose(messages::empty_list, node.at, "choices"));
}

std::optional<Secret> DeclarationReader::secret(const yaml::Scalar& name, const yaml::Node& node) {
  if (!values_.check_name(name.text, whole(name)) || !values_.is_map(node, where_name(Where::secret))) return {};
  const KeyedMap map(node, Where::secret, kinds_, values_.wrong());
  Secret out;
  out.name = name.text;
  out.at = whole(name);
  int sources = 0;
  if (const auto* env = map.find("env")) {
    ++sources;
    out.from = Secret::From::env;
    out.what = {values_.literal(*env, "env").value_or("")};
    if (env->kind == Kind::scalar) values_.check_environment_name(env->text, whole(*env));
  }
  if (const auto* file = map.find("file")) {
    ++sources;
    out.from = Secret::From::file;
    out.what = {path_in(document_.folder, values_.literal(*file, "file").value_or(""))};
  }
  if (const auto* command = map.find("command")) {
    ++sources;
    out.from = Secret::From::command;
    out.what = values_.literals(*command, "command");
    if (out.what.empty()) {
      if (command->kind == Kind::sequence && command->items.empty())
        values_.wrong().push_back(diagnose(messages::empty_list, command->at, "command"));
      return {};
    }
  }
  if (const auto* late = map.find("late")) out.late = values_.boolean(*late, "late").value_or(false);
  if (sources == 1) return out;
  values_.wrong().push_back(diagnose(messages::one_source, whole(name)));
  return {};
}

Requires DeclarationReader::requirements(const yaml::Node& node) {
  Requires out;
  if (!values_.is_map(node, where_name(Where::requirements))) return out;
  const KeyedMap map(node, Where::requirements, kinds_, values_.wrong());
  const auto take = [&](const char* key, std::vector<std::pair<std::string, Place>>& into) {
    const auto* list = map.find(key);
    if (list == nullptr || !values_.is_list(*list, key)) return;
    for (const auto& item : list->items)
      if (auto text = values_.literal(item, key)) into.emplace_back(std::move(*text), whole(item));
  };
  const auto named = [&](const auto& one) { return values_.check_environment_name(one.first, one.second); };
  take("env", out.env);
  std::for_each(out.env.begin(), out.env.end(), named);
  take("commands", out.commands);
  return out;
}

}  // namespace runbook
