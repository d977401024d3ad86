#include "plan/names.h"

#include <fmt/format.h>

#include "plan/graph.h"
#include "plan/messages.h"

namespace runbook {
namespace {

using cel::Names;
using NamesPointer = std::shared_ptr<const Names>;

NamesPointer open_name(std::string type = "dyn") { return std::make_shared<Names>(Names{Names::Kind::open, std::move(type), {}}); }

std::string cel_type(VariableType type) {
  switch (type) {
    case VariableType::string:
    case VariableType::path:
    case VariableType::enumeration: return "string";
    case VariableType::integer: return "int";
    case VariableType::number: return "double";
    case VariableType::boolean: return "bool";
    case VariableType::duration: return std::string(kind_name(Value::Kind::duration));
    case VariableType::list: return "list";
  }
  return "dyn";
}

// Which of the three sorts of a step's expressions: they see different results.
enum class Sees { nothing, own_result };

class Checker {
 public:
  Checker(const Plan& plan, Diagnostics& wrong) : plan_(plan), wrong_(wrong) {}

  void run() {
    for (StepIndex i = 0; i < plan_.steps.size(); ++i) step(i);
    for (const auto& item : plan_.runbook.after) {
      text(item.title, {}, item.unit, Sees::nothing);
      for (const auto& line : item.items) text(line, {}, item.unit, Sees::nothing);
    }
    for (const auto& lock : plan_.runbook.locks) text(lock, {}, 0, Sees::nothing);
    for (std::size_t u = 0; u < plan_.runbook.units.size(); ++u)
      for (const auto& [name, connection] : plan_.runbook.units[u].connections)
        for (const auto& [key, field] : connection.fields) fields(field, {}, static_cast<unsigned>(u), Sees::nothing);
  }

 private:
  void step(StepIndex i) {
    const Step& s = plan_.at(i).step;
    text(s.title, i, s.unit, Sees::nothing);
    text(s.changes_text, i, s.unit, Sees::nothing);
    if (s.when) condition(*s.when, i, s.unit, Sees::nothing, "bool");
    if (s.expect) condition(*s.expect, i, s.unit, Sees::own_result, "bool");
    for (const auto& [name, output] : s.outputs) condition(output, i, s.unit, Sees::own_result, "");
    for (const auto& [name, value] : s.env) text(value, i, s.unit, Sees::nothing);
    if (s.confirm) text(*s.confirm, i, s.unit, Sees::nothing);
    if (s.optional_question) text(*s.optional_question, i, s.unit, Sees::nothing);
    if (s.cwd) text(*s.cwd, i, s.unit, Sees::nothing);
    for (const auto& [name, field] : s.action.fields) fields(field, i, s.unit, Sees::nothing);
    if (s.undo) {
      for (const auto& [name, value] : s.undo->env) text(value, i, s.unit, Sees::own_result);
      for (const auto& [name, field] : s.undo->action.fields) fields(field, i, s.unit, Sees::own_result);
    }
  }
  void text(const Text& t, std::optional<StepIndex> i, unsigned unit, Sees sees) {
    for (const auto& piece : t.text.pieces())
      if (!piece.expression.text().empty()) expression(piece.expression, t.map, piece.offset, i, unit, sees, "");
  }
  void condition(const Condition& c, std::optional<StepIndex> i, unsigned unit, Sees sees, std::string_view wanted) {
    expression(c.expression, c.map, 0, i, unit, sees, wanted);
  }
  void fields(const Field& field, std::optional<StepIndex> i, unsigned unit, Sees sees) {
    each_expression(field, [&](const cel::Expression& e, const TextMap& map, std::size_t offset) { expression(e, map, offset, i, unit, sees, ""); });
  }

  void expression(const cel::Expression& e, const TextMap& map, std::size_t offset, std::optional<StepIndex> i, unsigned unit, Sees sees,
                  std::string_view wanted) {
    if (e.text().empty()) return;
    const Names names = names_for(i, unit, sees);
    for (const auto& complaint : cel::check(e, names, wanted)) {
      Diagnostic d;
      d.code = complaint.code;
      d.at = map.at(offset + complaint.offset, complaint.length);
      d.text = complaint.text;
      d.help = complaint.help;
      wrong_.push_back(std::move(d));
    }
    for (const auto& reference : e.references()) ended(reference, map, offset, i);
  }

  // A step's values may be read only where it has certainly ended.
  void ended(const cel::Reference& reference, const TextMap& map, std::size_t offset, std::optional<StepIndex> i) {
    if (reference.path.size() < 2 || reference.path[0] != "steps" || !i || plan_.is_undo) return;
    StepIndex from = *i;
    if (plan_.at(from).owner) from = *plan_.at(from).owner;
    if (plan_.at(from).role != Role::step && plan_.at(from).role != Role::cleanup) return;
    const auto named = visible_step(plan_, from, reference.path[1]);
    if (!named || *named == from) return;
    StepIndex target = *named;
    for (std::size_t part = 2; part < reference.path.size() && plan_.at(target).step.is_group && !plan_.at(target).step.is_use; ++part) {
      const auto child = plan_.find(plan_.at(target).path + "/" + reference.path[part]);
      if (!child) break;
      target = *child;
    }
    if (plan_.at(target).role != plan_.at(from).role || ends_before(plan_, target, from)) return;
    wrong_.push_back(diagnose(messages::not_ended, map.at(offset + reference.offset, reference.length), reference.path[1])
                         .noted(plan_.at(target).step.at, phrase("`{}` is defined here", "`{}` 는 여기에 있습니다", plan_.at(target).path))
                         .helped(phrase("name it in `needs`, or move this below it", "`needs` 에 쓰거나 그 아래로 옮기십시오")));
  }

  Names names_for(std::optional<StepIndex> i, unsigned unit, Sees sees) {
    Names names;
    names.members = unit_names(unit);
    names.members.emplace_back("steps", steps_names(i, unit));
    names.members.emplace_back("checks", checks_names(unit));
    names.members.emplace_back("run", run_names());
    if (sees == Sees::own_result && i) {
      const Step& s = plan_.at(*i).step;
      if (s.is_use) {
        // Declared outputs of a used file see that file's steps.
        for (auto& [name, member] : names.members)
          if (name == "steps") member = children_names(*i);
      } else if (s.action.kind) {
        for (const auto& row : s.action.kind->result)
          names.members.emplace_back(std::string(row.name), open_name(std::string(row.type)));
      }
    }
    return names;
  }
  const std::vector<std::pair<std::string, NamesPointer>>& unit_names(unsigned unit) {
    auto& cached = units_[unit];
    if (!cached.empty()) return cached;
    const Unit& u = plan_.runbook.units[unit];
    Names vars, env, secrets;
    for (const auto& [name, variable] : u.variables) vars.members.emplace_back(name, open_name(cel_type(variable.type)));
    for (const auto& [name, at] : u.requires_.env) env.members.emplace_back(name, open_name("string"));
    for (const auto& [name, value] : u.env) env.members.emplace_back(name, open_name("string"));
    for (const auto& [name, secret] : u.secrets) secrets.members.emplace_back(name, open_name("string"));
    cached.emplace_back("vars", std::make_shared<Names>(std::move(vars)));
    cached.emplace_back("env", std::make_shared<Names>(std::move(env)));
    cached.emplace_back("secrets", std::make_shared<Names>(std::move(secrets)));
    return cached;
  }
  NamesPointer run_names() {
    if (!run_) {
      Names run;
      for (const char* name : {"id", "operator", "started", "state", "reason"}) run.members.emplace_back(name, open_name());
      run_ = std::make_shared<Names>(std::move(run));
    }
    return run_;
  }
  NamesPointer checks_names(unsigned unit) {
    auto& cached = checks_[unit];
    if (cached) return cached;
    Names checks;
    for (StepIndex i = 0; i < plan_.steps.size(); ++i)
      if (plan_.at(i).role == Role::precondition) checks.members.emplace_back(plan_.at(i).step.id, one_step(i));
    return cached = std::make_shared<Names>(std::move(checks));
  }
  // Of every list from the step's own outwards, the innermost first.
  NamesPointer steps_names(std::optional<StepIndex> i, unsigned unit) {
    std::optional<StepIndex> list;
    if (i) {
      StepIndex from = plan_.at(*i).owner.value_or(*i);
      if (plan_.at(from).role == Role::step || plan_.at(from).role == Role::cleanup) list = plan_.at(from).parent;
    }
    if (!list && unit != 0) return std::make_shared<Names>();  // spliced lists of used files see no steps
    auto& cached = lists_[list];
    if (cached) return cached;
    Names steps;
    for (std::optional<StepIndex> at = list;; at = plan_.at(*at).parent) {
      for (StepIndex k = 0; k < plan_.steps.size(); ++k) {
        const auto& other = plan_.at(k);
        if (other.parent != at || (other.role != Role::step && other.role != Role::cleanup)) continue;
        if (!steps.find(other.step.id)) steps.members.emplace_back(other.step.id, one_step(k));
      }
      if (!at || plan_.at(*at).step.is_use) break;
    }
    if (!list || !lists_border(*list))
      for (const auto& [path, value] : plan_.recorded)
        if (path.find_first_of("/:") == std::string::npos && !steps.find(path)) steps.members.emplace_back(path, open_name());
    return cached = std::make_shared<Names>(std::move(steps));
  }
  bool lists_border(StepIndex list) const { return plan_.at(list).step.is_use; }
  NamesPointer children_names(StepIndex group) {
    Names steps;
    for (const auto child : plan_.at(group).children) steps.members.emplace_back(plan_.at(child).step.id, one_step(child));
    return std::make_shared<Names>(std::move(steps));
  }
  NamesPointer one_step(StepIndex i) {
    auto& cached = one_[i];
    if (cached) return cached;
    const auto& planned = plan_.at(i);
    Names names;
    names.members.emplace_back("state", open_name("string"));
    for (const auto& [name, output] : planned.step.outputs) names.members.emplace_back(name, open_name());
    if (planned.step.is_group)  // from outside: its steps too, so that a criterion can say what it relies on
      for (const auto child : planned.children) names.members.emplace_back(plan_.at(child).step.id, one_step(child));
    else if (planned.step.action.kind)
      for (const auto& row : planned.step.action.kind->result)
        if (row.lasting) names.members.emplace_back(std::string(row.name), open_name(std::string(row.type)));
    return cached = std::make_shared<Names>(std::move(names));
  }

  const Plan& plan_;
  Diagnostics& wrong_;
  std::map<unsigned, std::vector<std::pair<std::string, NamesPointer>>> units_;
  std::map<unsigned, NamesPointer> checks_;
  std::map<std::optional<StepIndex>, NamesPointer> lists_;
  std::map<StepIndex, NamesPointer> one_;
  NamesPointer run_;
};

}  // namespace

std::optional<StepIndex> visible_step(const Plan& plan, StepIndex from, std::string_view id) {
  const StepIndex origin = plan.at(from).owner.value_or(from);
  const Role role = plan.at(origin).role;
  const bool in_list = role == Role::step || role == Role::cleanup;
  const std::string prefix(path_prefix(role));
  for (std::optional<StepIndex> list = in_list ? plan.at(origin).parent : std::nullopt; list; list = plan.at(*list).parent) {
    if (const auto found = plan.find(plan.at(*list).path + "/" + std::string(id))) return found;
    if (plan.at(*list).step.is_use) return {};
  }
  if (role == Role::cleanup)
    if (const auto found = plan.find(prefix + std::string(id))) return found;
  return plan.find(id);
}

void check_names(const Plan& plan, Diagnostics& wrong) { Checker(plan, wrong).run(); }

}  // namespace runbook
