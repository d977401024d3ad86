#include "runbook/unit_maker.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "base/edit_distance.h"
#include "runbook/messages.h"

namespace runbook {

UnitMaker::Made UnitMaker::make(const SourceDocument& document, const Caller& caller) {
  Made made;
  Unit& unit = made.unit;
  unit.file = document.file;
  unit.cwd = document.folder;
  unit.requires_ = document.declared.requires_;
  unit.env = document.declared.env;
  unit.unread = document.declared.unread;
  // A required variable of the environment that is not there: `run` refuses for that, and lint needs none.
  made.incomplete = std::any_of(unit.requires_.env.begin(), unit.requires_.env.end(),
                                [&](const auto& needed) { return inputs_.environment.count(needed.first) == 0; });
  for (const auto& secret : document.declared.secrets) unit.secrets.emplace(secret.what.name, secret.what);
  for (const auto& connection : document.declared.connections) unit.connections.emplace(connection.what.name, connection.what);
  for (const auto& variable : document.declared.variables) value_of(variable.what, *variable.from, caller, made);
  if (caller.unit == nullptr) unknown_inputs(unit);

  const auto scope = unit_scope(unit, inputs_.environment);
  ValueReader values(wrong_);
  values.know({scope, Known().is_each, made.incomplete, [&](const auto& references) { return reads_unread(references, unit); }});
  const auto before_folder = wrong_.size();
  if (const auto* cwd = document.root.find("cwd"))
    if (const auto text = values.text(*cwd, "cwd")) {
      if (const auto value = values.resolve_now(*text, whole(*cwd))) unit.cwd = path_in(document.folder, to_text(*value));
      else if (reads_unread(text->text.references(), unit)) unit.unread.add(Part::folder);
    }
  if (has_errors(wrong_, before_folder)) unit.unread.add(Part::folder);
  if (const auto* defaults = document.root.find("defaults");
      defaults != nullptr && values.is_map(*defaults, where_name(Where::defaults))) {
    const KeyedMap map(*defaults, Where::defaults, {}, wrong_);
    const auto take = [&](const char* key, Duration& into) {
      const auto* node = map.find(key);
      if (node == nullptr) return;
      const auto read = values.duration(*node, key);
      if (read && read->count() > 0) into = *read;
      else if (read) wrong_.push_back(diagnose(messages::not_positive, whole(*node), key));
    };
    take("timeout", unit.defaults.timeout);
    take("check_timeout", unit.defaults.check_timeout);
    take("every", unit.defaults.every);
  }
  if (caller.passed != nullptr && values.is_map(*caller.passed, phrase("`vars`", "`vars`")))
    for (const auto& [name, value] : caller.passed->entries) {
      if (unit.variables.count(name.text) != 0 || unit.unread.has(Part::variables)) continue;
      std::vector<std::string> known;
      for (const auto& [own, variable] : unit.variables) known.push_back(own);
      const auto near = nearest(name.text, known);
      wrong_.push_back(diagnose(messages::unknown_variable, whole(name), name.text)
                           .helped(near ? phrase("did you mean `{}`?", "`{}` 입니까?", *near) : Phrase{}));
    }
  return made;
}

namespace {

std::vector<cel::Reference> references_of(const Field& field) {
  std::vector<cel::Reference> out;
  each_expression(field, [&](const cel::Expression& e, const TextMap&, std::size_t) {
    out.insert(out.end(), e.references().begin(), e.references().end());
  });
  return out;
}

// It names the element, or a variable that is another one for each.
bool differs(const Field& field, const Caller& caller) {
  const auto references = references_of(field);
  return std::any_of(references.begin(), references.end(), [&](const cel::Reference& reference) {
    if (caller.each && (reference.path[0] == "item" || reference.path[0] == "index")) return true;
    if (reference.path.size() < 2 || reference.path[0] != "vars") return false;
    const auto variable = caller.unit->variables.find(reference.path[1]);
    return variable != caller.unit->variables.end() && variable->second.each.has_value();
  });
}

void of_each(Variable& variable, const Field& field, const Caller& caller) {
  variable.each = field;
  variable.each_unit = caller.index;
}

}  // namespace

void UnitMaker::value_of(const DeclaredVariable& declared, const SourceDocument& from, const Caller& caller, Made& made) {
  Variable variable = declared.variable;
  const auto before = wrong_.size();
  // Where the declarations of a file could not be read, they may have been others than those it takes over.
  const bool is_unread = caller.unread || (made.unit.unread.has(Part::variables) && from.file != made.unit.file);
  if (is_unread || variable.source == Variable::Source::unread) {
    variable.source = Variable::Source::unread;  // nothing is known that could be held against something
  } else if (caller.unit == nullptr) {
    if (const auto given = inputs_.variables.find(variable.name); given != inputs_.variables.end()) {
      variable.source = Variable::Source::given;
      accept(variable, Value(given->second), {});
    } else {
      fallback(declared, variable, made);
    }
  } else if (const auto* passed = caller.passed != nullptr ? caller.passed->find(variable.name) : nullptr) {
    variable.source = Variable::Source::passed;
    ValueReader values(wrong_);
    const auto scope = unit_scope(*caller.unit, inputs_.environment);
    if (const auto field = values.tree(*passed, variable.name, Secrets::refused)) {
      const auto value = resolve(*field, scope);
      if (value) accept(variable, *value, whole(*passed));
      else if (differs(*field, caller)) of_each(variable, *field, caller);
      else if (caller.incomplete) made.incomplete = true;
      else if (reads_unread(references_of(*field), *caller.unit)) variable.source = Variable::Source::unread;
      else wrong_.push_back(diagnose(messages::unresolved, whole(*passed), value.error()));
    }
  } else if (const auto outer = caller.unit->variables.find(variable.name); outer != caller.unit->variables.end()) {
    if (outer->second.source == Variable::Source::unread) variable.source = Variable::Source::unread;
    else if (outer->second.type != variable.type)
      wrong_.push_back(
          diagnose(messages::types_differ, variable.at, variable.name, type_name(variable.type), type_name(outer->second.type))
              .noted(outer->second.at, phrase("the caller's is declared here", "쓰는 쪽의 선언은 여기에 있습니다")));
    if (outer->second.source == Variable::Source::unset) variable.source = Variable::Source::unset;
    else if (variable.source != Variable::Source::unread) variable.source = Variable::Source::outer;
    if (variable.source == Variable::Source::unread) {
      // There is no value to take over.
    } else if (outer->second.value) accept(variable, *outer->second.value, variable.at);
    else if (const auto same = cel::Template::parse("${vars." + variable.name + "}"); outer->second.each && same)
      of_each(variable, Field{variable.at, Text{*same, TextMap(variable.at)}}, caller);
    else if (outer->second.source == Variable::Source::asked) {
      variable.source = Variable::Source::asked;
      made.incomplete = true;
    } else if (declared.fallback != nullptr) fallback(declared, variable, made);
  } else {
    fallback(declared, variable, made);
  }
  if (caller.unit != nullptr) made.incomplete = made.incomplete || caller.incomplete;
  if (has_errors(wrong_, before)) variable.source = Variable::Source::unread;
  made.unit.variables.insert_or_assign(variable.name, std::move(variable));
}

void UnitMaker::fallback(const DeclaredVariable& declared, Variable& variable, Made& made) {
  if (declared.fallback == nullptr) {
    if (!variable.required) return;
    variable.source = Variable::Source::asked;
    made.unanswered.push_back(variable.name);
    made.incomplete = true;
    return;
  }
  ValueReader values(wrong_);
  const bool is_tree = variable.type == VariableType::list;
  const auto scope = unit_scope(made.unit, inputs_.environment);  // variables above it, and the environment
  std::optional<Value> value;
  if (is_tree) {
    const auto field = values.tree(*declared.fallback, "default", Secrets::refused);
    if (!field) return;
    const auto resolved = resolve(*field, scope);
    if (resolved) value = *resolved;
    else if (reads_unread(references_of(*field), made.unit)) variable.source = Variable::Source::unread;
    else if (!made.incomplete) wrong_.push_back(diagnose(messages::unresolved, whole(*declared.fallback), resolved.error()));
  } else {
    const auto is_unread = [&](const auto& references) { return reads_unread(references, made.unit); };
    values.know({scope, Known().is_each, made.incomplete, is_unread});
    const auto& written = *declared.fallback;
    if (variable.type == VariableType::boolean && written.kind == yaml::Node::Kind::scalar && is_word_of_yaml(written.text)) {
      accept(variable, Value(written.text), whole(written));  // not "quote it": it is refused either way
      return;
    }
    const auto text = values.text(written, "default");
    if (!text) return;
    value = values.resolve_now(*text, whole(*declared.fallback));
    if (!value && is_unread(text->text.references())) variable.source = Variable::Source::unread;
  }
  if (!value) return;
  variable.source = Variable::Source::fallback;
  accept(variable, *value, whole(*declared.fallback));
}

// Converts, and holds against pattern and choices.
bool UnitMaker::accept(Variable& variable, const Value& raw, Place at) {
  const auto value = convert_variable(variable.type, raw);
  if (!value) {
    wrong_.push_back(bad_value(at, variable.name, value.error())
                         .noted(variable.at, phrase("it is declared here", "여기에 선언되어 있습니다")));
    return false;
  }
  if (to_text(*value).find('\x01') != std::string::npos) {  // what marks a secret is no value
    wrong_.push_back(diagnose(messages::control_character, at, variable.name));
    return false;
  }
  if (!variable.pattern.empty() && !RE2::FullMatch(to_text(*value), variable.pattern)) {
    wrong_.push_back(diagnose(messages::no_match, at, variable.name, to_text(*value), variable.pattern)
                         .noted(variable.at, phrase("it is declared here", "여기에 선언되어 있습니다")));
    return false;
  }
  if (!variable.choices.empty() &&
      std::find(variable.choices.begin(), variable.choices.end(), *value) == variable.choices.end()) {
    std::vector<std::string> known;
    for (const auto& choice : variable.choices) known.push_back(to_text(choice));
    const auto near = nearest(to_text(*value), known);
    wrong_.push_back(diagnose(messages::not_a_choice, at, variable.name, to_text(*value))
                         .helped(near ? phrase("did you mean `{}`?", "`{}` 입니까?", *near)
                                      : phrase("it can be: {}", "쓸 수 있는 값: {}", fmt::format("{}", fmt::join(known, ", ")))));
    return false;
  }
  variable.value = *value;
  return true;
}

void UnitMaker::unknown_inputs(const Unit& unit) {
  if (unit.unread.has(Part::variables)) return;
  for (const auto& [name, value] : inputs_.variables) {
    if (unit.variables.count(name) != 0) continue;
    std::vector<std::string> known;
    for (const auto& [own, variable] : unit.variables) known.push_back(own);
    const auto near = nearest(name, known);
    wrong_.push_back(diagnose(messages::unknown_variable, {}, name)
                         .helped(near ? phrase("did you mean `{}`?", "`{}` 입니까?", *near)
                                 : known.empty()
                                     ? phrase("the runbook has no variables", "런북에 변수가 없습니다")
                                     : phrase("there are: {}", "있는 변수: {}", fmt::format("{}", fmt::join(known, ", ")))));
  }
}

}  // namespace runbook
