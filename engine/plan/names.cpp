#include "plan/names.h"

#include <set>
#include <tuple>

#include "base/edit_distance.h"
#include "plan/graph.h"
#include "plan/messages.h"
#include "plan/status.h"
#include "runbook/read_runbook.h"

namespace runbook {
namespace {

using cel::Names;
using NamesPointer = std::shared_ptr<const Names>;

NamesPointer open_name(std::string type = "dyn") {
  return std::make_shared<Names>(Names{Names::Kind::open, std::move(type), {}});
}

// Where something could not be read there may be more names than those that are known.
Names names_of(Unread unread, Part part) { return {unread.has(part) ? Names::Kind::open : Names::Kind::closed, "dyn", {}}; }

// A name that is one of a few texts.
template <class Words>
NamesPointer one_of(const Words& words) {
  Names names{Names::Kind::open, "string", {}};
  names.values.assign(words.begin(), words.end());
  return std::make_shared<Names>(std::move(names));
}

NamesPointer variable_name(const Variable& variable) {
  if (variable.source == Variable::Source::unread) return open_name();
  Names names{Names::Kind::open, std::string(cel_type(variable.type)), {}};
  // A path becomes another text than the one that was chosen.
  if (variable.type == VariableType::string || variable.type == VariableType::enumeration)
    for (const auto& choice : variable.choices) names.values.push_back(to_text(choice));
  return std::make_shared<Names>(std::move(names));
}

// Of a result what the step's fields say of it, where they could be read.
KnownResult known_result(const Action& action, Unread unread, const ResultRow& row) {
  const bool fields_say_more = action.kind->known_result != nullptr && !unread.has(Part::action);
  return fields_say_more ? action.kind->known_result(action.fields, row) : KnownResult{row.type, {}};
}
NamesPointer result_name(std::string_view type, std::vector<std::string> values) {
  Names names{Names::Kind::open, std::string(type), {}};
  names.values = std::move(values);
  return std::make_shared<Names>(std::move(names));
}

// Where an expression stands.
struct Standing {
  // before: `lock`, `connections`, titles of the file: variables and the environment. closing: `finally` and `after`.
  enum class When { before, during, closing } when = When::during;
  std::optional<StepIndex> step;  // nothing: beside the steps
  unsigned unit = 0;
  bool in_undo = false;  // every step has ended, or never starts
  Unread unread = {};    // of the step: there may be an `item`, or results
};

// Nobody reads more; and each costs a search for the name that was meant.
constexpr std::size_t enough = 100;

class Checker {
 public:
  Checker(const Plan& plan, Diagnostics& wrong) : plan_(plan), wrong_(wrong), order_(plan) {
    for (const auto& planned : plan_.steps) {
      if (planned.step.unread.has(Part::id)) nameless_.insert(planned.role);
      declared_in_steps_[planned.step.unit].add(planned.step.unread);
    }
  }

  void run() {
    for (StepIndex i = 0; i < plan_.steps.size(); ++i) planned(i);
    for (const auto& item : plan_.runbook.after) {
      const Standing at{Standing::When::closing, {}, item.unit};
      text(item.title, at);
      for (const auto& line : item.items) text(line, at);
    }
    for (const auto& [name, output] : plan_.runbook.outputs) condition(output, {Standing::When::during, {}, 0}, nullptr, "");
    header();
    for (unsigned u = 0; u < plan_.runbook.units.size(); ++u) unit(plan_.runbook.units[u], {Standing::When::before, {}, u});
  }

 private:
  void header() {
    const Runbook& book = plan_.runbook;
    const Standing at{Standing::When::before, {}, 0};
    for (const auto* line :
         {&book.title, &book.description, &book.use_when, &book.owner, &book.approver, &book.contact, &book.impact})
      text(*line, at);
    for (const auto& lock : book.locks) text(lock, at);
    for (const auto& channel : book.notify) {
      text(channel.url, at);
      for (const auto& [name, value] : channel.headers) text(value, at);
    }
  }
  void unit(const Unit& u, const Standing& at) {
    for (const auto& [name, connection] : u.connections)
      for (const auto& [key, value] : connection.fields) field(value, at);
    for (const auto& [name, value] : u.env) text(value, at);
    for (const auto& [name, variable] : u.variables) {
      text(variable.ask, at);
      text(variable.help, at);
      if (variable.candidates)
        for (const auto& [key, value] : variable.candidates->fields) field(value, at);
    }
  }

  void planned(StepIndex i) {
    const Step& s = plan_.at(i).step;
    Standing at{plan_.at(i).role == Role::cleanup ? Standing::When::closing : Standing::When::during, i, s.unit, plan_.is_undo};
    for (std::optional<StepIndex> around = plan_.at(i).owner.value_or(i); around; around = plan_.at(*around).parent)
      if (plan_.at(*around).step.unread.has(Part::for_each)) at.unread.add(Part::for_each);
    step(s, at);
    at.in_undo = true;
    if (s.undo) step(*s.undo, at);
  }
  void step(const Step& s, Standing at) {
    at.unread.add(s.unread);
    const Action* own = s.action.kind != nullptr ? &s.action : nullptr;
    text(s.title, at);
    for (const auto* line : {&s.changes_text, &s.confirm, &s.optional_question, &s.cwd})
      if (*line) text(**line, at);
    for (const auto& [name, value] : s.env) text(value, at);
    if (s.of_element)  // known when the list is, before any step of the element
      for (const auto* time :
           {&s.of_element->timeout, &s.of_element->expected, &s.of_element->hold, &s.of_element->every, &s.of_element->limit})
        if (*time) text(**time, {Standing::When::before, at.step, at.unit});
    for (const auto& [name, value] : s.action.fields) field(value, at);
    if (s.for_each) {
      if (const auto* list = std::get_if<Condition>(&s.for_each->list.is)) condition(*list, at, nullptr, "list");
      else field(s.for_each->list, at);
    }
    if (s.when) condition(*s.when, at, nullptr, "bool");
    if (s.expect) condition(*s.expect, at, own, "bool");
    for (const auto& [name, output] : s.outputs) {
      if (s.is_use) used_output(output, *at.step, s.outputs_unit);
      else condition(output, at, own, "");
    }
    // Of an undo: its guards are planned with it, when there is something to undo.
    for (const auto& guard : s.preconditions) step(guard, at);
  }

  void text(const Text& t, const Standing& at) {
    const auto& pieces = t.text.pieces();
    for (const auto& piece : pieces)
      expression(piece.expression, t.map, piece.offset, at, nullptr, pieces.size() > 1 ? "text" : "");
  }
  void condition(const Condition& c, const Standing& at, const Action* own, std::string_view wanted) {
    expression(c.expression, c.map, 0, at, own, wanted);
  }
  void field(const Field& f, const Standing& at) {
    each_expression(f, [&](const cel::Expression& e, const TextMap& map, std::size_t offset) {
      expression(e, map, offset, at, nullptr, "");
    });
  }

  void expression(const cel::Expression& e, const TextMap& map, std::size_t offset, const Standing& at, const Action* own,
                  std::string_view wanted) {
    if (e.text().empty() || wrong_.size() >= enough) return;
    Names names{Names::Kind::closed, "dyn", unit_names(at.unit)};
    if (at.unread.has(Part::for_each) || at.unread.has(Part::action)) names.kind = Names::Kind::open;
    if (at.when != Standing::When::before) {
      names.members.emplace_back("steps", steps_names(e, at));
      names.members.emplace_back("checks", checks_names());
      names.members.emplace_back("run", run_names(at.when));
      if (sees_baseline(at)) names.members.emplace_back("was", baseline_names());
    }
    if (const auto& place = at.step ? plan_.at(*at.step).element : nullptr; place && place->unit == at.unit) {
      names.members.emplace_back("item", open_name());
      names.members.emplace_back("index", open_name("int"));
    }
    if (own != nullptr)
      for (const auto& row : own->kind->result) {
        auto known = known_result(*own, at.unread, row);
        names.members.emplace_back(std::string(row.name), result_name(known.type, std::move(known.values)));
      }
    complain(e, names, wanted, map, offset, at);
    for (const auto& reference : e.references()) {
      has_value(reference, map, offset, at.unit);
      has_ended(reference, map, offset, at);
    }
  }
  // A declared output of a used file sees that file's steps, when all have ended, and its variables.
  void used_output(const Condition& output, StepIndex group, unsigned unit) {
    Names steps = names_of(plan_.at(group).step.unread, Part::action);
    for (const auto child : plan_.at(group).children) {
      if (plan_.at(child).step.unread.has(Part::id)) steps.kind = Names::Kind::open;
      steps.members.emplace_back(plan_.at(child).step.id, one_step(child));
    }
    Names names{Names::Kind::closed, "dyn", unit_names(unit)};
    names.members.emplace_back("steps", std::make_shared<Names>(std::move(steps)));
    names.members.emplace_back("checks", checks_names());
    names.members.emplace_back("run", run_names(Standing::When::during));
    names.members.emplace_back("was", baseline_names());
    complain(output.expression, names, "", output.map, 0, {Standing::When::during, {}, unit});
    for (const auto& reference : output.expression.references()) has_value(reference, output.map, 0, unit);
  }

  void complain(const cel::Expression& e, const Names& names, std::string_view wanted, const TextMap& map, std::size_t offset,
                const Standing& at) {
    for (const auto& complaint : cel::check(e, names, wanted)) {
      Diagnostic d;
      d.code = complaint.code;
      d.at = map.at(offset + complaint.offset, complaint.length);
      d.text = complaint.text;
      d.help = complaint.help;
      if (d.help.empty()) d.help = way_to_say(e, complaint, at);
      if (const auto meant = definition_meant(e, complaint, names, at))
        d.notes.push_back({meant->first, phrase("`{}` is defined here", "`{}` 는 여기에 있습니다", meant->second)});
      wrong_.push_back(std::move(d));
    }
  }
  // Of names that exist, but not there, how to come by what they stand for.
  Phrase way_to_say(const cel::Expression& e, const cel::Complaint& complaint, const Standing& at) const {
    const auto unknown = std::string_view(e.text()).substr(complaint.offset, complaint.length);
    if (complaint.code == "RB320" && (unknown == "item" || unknown == "index")) return way_to_element(at);
    if (complaint.code != "RB321" || !at.step) return {};
    for (const auto& reference : e.references()) {
      const bool is_of_baseline = !reference.path.empty() && reference.path[0] == "was";
      if (reference.path.size() < 3 || (reference.path[0] != "steps" && !is_of_baseline) || complaint.offset < reference.offset ||
          complaint.offset >= reference.offset + reference.length)
        continue;
      auto named =
          is_of_baseline ? plan_.find("baseline:" + reference.path[1]) : visible_step(plan_, *at.step, reference.path[1]);
      for (std::size_t part = 2; named && reference.path[part] != unknown; ++part) {
        if (part + 1 == reference.path.size()) return {};
        named = plan_.find(plan_.at(*named).path + "/" + reference.path[part]);
      }
      if (!named) return {};
      const auto& planned = plan_.at(*named);
      if (planned.step.for_each)
        return phrase("of each element: `{0}.items` is a list of {{key, state, outputs}}",
                      "요소마다의 결과는 `{0}.items` 에 있습니다: {{key, state, outputs}} 의 목록", "steps." + planned.step.id);
      const auto* kind = planned.step.action.kind;
      if (kind == nullptr) return {};
      for (const auto& row : kind->result)
        if (row.name == unknown)
          return phrase("only the step itself sees it: give it `outputs: {{ name: {} }}`",
                        "그 단계만 볼 수 있습니다: 그 단계에 `outputs: {{ name: {} }}` 를 쓰십시오", unknown);
    }
    return {};
  }
  Phrase way_to_element(const Standing& at) const {
    if (!at.step) return {};
    for (std::optional<StepIndex> i = at.step; i; i = plan_.at(*i).parent)
      if (plan_.at(*i).is_rescue && plan_.at(*plan_.at(*i).parent).step.for_each)
        return phrase(
            "this `rescue` is of the whole `for_each`; of each element: steps: [{{ id: one, steps: [...], rescue: [...] }}]",
            "이 `rescue` 는 `for_each` 전체의 것입니다. 요소마다는: steps: [{{ id: one, steps: [...], rescue: [...] }}]");
    const auto& planned = plan_.at(*at.step);
    if (planned.step.for_each)
      return phrase("this is asked once for all elements; to leave some out: `for_each: LIST.filter(x, ...)`",
                    "모든 요소에 대해 한 번 정해집니다. 일부를 빼려면: `for_each: LIST.filter(x, ...)`");
    if (planned.element && planned.element->unit != at.unit)
      return phrase("a used file is given it: `use: {{ file: FILE, vars: {{ name: \"${{item}}\" }} }}`",
                    "쓰는 파일에는 넘겨줍니다: `use: {{ file: FILE, vars: {{ name: \"${{item}}\" }} }}`");
    return phrase("it is known in a step with `for_each`, and in what is in it",
                  "`for_each` 가 있는 단계와 그 안에서만 쓸 수 있습니다");
  }
  // Of `steps.db_verfy` the place of `db_verify`, with its name; of variables and preconditions the same.
  std::optional<std::pair<Place, std::string>> definition_meant(const cel::Expression& e, const cel::Complaint& complaint,
                                                                const Names& names, const Standing& at) {
    const auto unknown = std::string_view(e.text()).substr(complaint.offset, complaint.length);
    for (const auto& reference : e.references()) {
      const bool is_it = reference.path.size() > 1 && reference.path[1] == unknown && reference.offset < complaint.offset &&
                         complaint.offset < reference.offset + reference.length;
      const auto* known = is_it ? names.find(reference.path[0]) : nullptr;
      if (known == nullptr || known->find(unknown) != nullptr) continue;
      std::vector<std::string> ids;
      for (const auto& [id, member] : known->members) ids.push_back(id);
      const auto near = nearest(unknown, ids);
      if (!near) return {};
      if (const auto place = definition(reference.path[0], *near, at)) return std::pair(*place, *near);
    }
    return {};
  }
  std::optional<Place> definition(std::string_view root, const std::string& name, const Standing& at) const {
    if (root == "vars") return plan_.runbook.units[at.unit].variables.at(name).at;
    std::optional<StepIndex> step;
    if (root == "steps") step = at.step ? visible_step(plan_, *at.step, name) : plan_.find(name);
    if (root == "checks") step = plan_.find("preconditions:" + name);
    if (root == "was") step = plan_.find("baseline:" + name);
    return step ? std::optional(plan_.at(*step).step.at) : std::nullopt;
  }

  // A variable without `default`, `ask` and `required` may be given or not; where it is used it must have been.
  void has_value(const cel::Reference& reference, const TextMap& map, std::size_t offset, unsigned unit) {
    if (reference.path.size() < 2 || reference.path[0] != "vars" || reference.only_has || plan_.runbook.is_part) return;
    const auto& variables = plan_.runbook.units[unit].variables;
    const auto found = variables.find(reference.path[1]);
    if (found == variables.end() || found->second.value || found->second.source != Variable::Source::unset) return;
    const Place& declared = found->second.at;  // the remedy is there: it is said once
    if (!unset_.emplace(declared.file, declared.line, declared.column).second) return;
    wrong_.push_back(diagnose(messages::unset_variable, map.at(offset + reference.offset, reference.length), reference.path[1])
                         .noted(declared, phrase("it is declared here", "여기에 선언되어 있습니다"))
                         .helped(phrase("give it a `default`, `ask` for it, or make it `required: true`",
                                        "`default` 나 `ask` 를 쓰거나 `required: true` 로 하십시오")));
  }

  // A step's values may be read only where it has certainly ended.
  void has_ended(const cel::Reference& reference, const TextMap& map, std::size_t offset, const Standing& at) {
    if (reference.path.size() < 2 || !at.step || at.in_undo) return;
    const StepIndex from = plan_.at(*at.step).owner.value_or(*at.step);
    const bool in_list = plan_.at(from).role == Role::step || plan_.at(from).role == Role::cleanup;
    std::optional<StepIndex> named;
    if (reference.path[0] == "steps") named = visible_step(plan_, from, reference.path[1]);
    else if (reference.path[0] == "checks" && plan_.at(from).role == Role::precondition)
      named = plan_.find("preconditions:" + reference.path[1]);
    if (!named || plan_.at(from).role == Role::criterion) return;
    if (in_list && (*named == from || plan_.at(*named).role != plan_.at(from).role)) return;
    StepIndex target = *named;
    for (std::size_t part = 2; part < reference.path.size() && plan_.at(target).step.is_group; ++part) {
      const auto child = plan_.find(plan_.at(target).path + "/" + reference.path[part]);
      if (!child) break;
      target = *child;
    }
    if (order_.ends_before(target, from) != EndOrder::Answer::no || failed_before(target, from)) return;
    auto complaint =
        diagnose(messages::not_ended, map.at(offset + reference.offset, reference.length),
                 reference.path[0] + "." + reference.path[1])
            .noted(plan_.at(target).step.at, phrase("`{}` is defined here", "`{}` 는 여기에 있습니다", plan_.at(target).path));
    if (in_list) complaint.help = phrase("name it in `needs`, or move this below it", "`needs` 에 쓰거나 그 아래로 옮기십시오");
    else if (reference.path[0] == "steps" && plan_.at(from).role == Role::watch)
      complaint.help = phrase("a watch looks while the steps run", "watch 는 단계가 도는 동안 봅니다");
    else if (reference.path[0] == "steps")
      complaint.help = phrase("preconditions are evaluated before the first step", "사전 조건은 첫 단계 전에 봅니다");
    else complaint.help = phrase("preconditions are evaluated side by side", "사전 조건은 나란히 봅니다");
    wrong_.push_back(std::move(complaint));
  }

  // What is done when a step has failed sees that step, and what is in it.
  bool failed_before(StepIndex target, StepIndex from) const {
    for (std::optional<StepIndex> at = from; at; at = plan_.at(*at).parent) {
      if (!plan_.at(*at).is_rescue) continue;
      for (std::optional<StepIndex> t = target; t && !plan_.at(*t).is_rescue; t = plan_.at(*t).parent)
        if (t == plan_.at(*at).parent) return true;
    }
    return false;
  }

  const std::vector<std::pair<std::string, NamesPointer>>& unit_names(unsigned unit) {
    auto& cached = units_[unit];
    if (!cached.empty()) return cached;
    const Unit& u = plan_.runbook.units[unit];
    Names env = names_of(u.unread, Part::environment);
    Unread unread = u.unread;
    unread.add(declared_in_steps_[unit]);
    Names vars = names_of(unread, Part::variables), secrets = names_of(unread, Part::secrets);
    for (const auto& [name, variable] : u.variables) vars.members.emplace_back(name, variable_name(variable));
    for (const auto& [name, at] : u.requires_.env) env.members.emplace_back(name, open_name("string"));
    for (const auto& [name, value] : u.env) env.members.emplace_back(name, open_name("string"));
    for (const auto& [name, secret] : u.secrets) secrets.members.emplace_back(name, open_name("string"));
    cached.emplace_back("vars", std::make_shared<Names>(std::move(vars)));
    cached.emplace_back("env", std::make_shared<Names>(std::move(env)));
    cached.emplace_back("secrets", std::make_shared<Names>(std::move(secrets)));
    return cached;
  }
  NamesPointer run_names(Standing::When when) {
    auto& cached = run_[when];
    if (cached) return cached;
    Names run;
    for (const char* name : {"id", "operator", "started"}) run.members.emplace_back(name, open_name());
    if (when == Standing::When::closing) {
      run.members.emplace_back("state", one_of(run_status_words));
      run.members.emplace_back("reason", open_name("string"));
    }
    return cached = std::make_shared<Names>(std::move(run));
  }
  // It is measured when the preconditions hold.
  bool sees_baseline(const Standing& at) const {
    if (!at.step) return true;
    const Role role = plan_.at(plan_.at(*at.step).owner.value_or(*at.step)).role;
    return role != Role::precondition && role != Role::baseline;
  }
  NamesPointer baseline_names() {
    if (was_) return was_;
    Names was{nameless_.contains(Role::baseline) ? Names::Kind::open : Names::Kind::closed, "dyn", {}};
    for (StepIndex i = 0; i < plan_.steps.size(); ++i)
      if (plan_.at(i).role == Role::baseline) was.members.emplace_back(plan_.at(i).step.id, one_step(i));
    for (const auto& [path, value] : plan_.recorded)
      if (path.starts_with(path_prefix(Role::baseline)))
        was.members.emplace_back(path.substr(path_prefix(Role::baseline).size()), open_name());
    return was_ = std::make_shared<Names>(std::move(was));
  }
  NamesPointer checks_names() {
    if (checks_) return checks_;
    Names checks{nameless_.contains(Role::precondition) ? Names::Kind::open : Names::Kind::closed, "dyn", {}};
    for (StepIndex i = 0; i < plan_.steps.size(); ++i)
      if (plan_.at(i).role == Role::precondition) checks.members.emplace_back(plan_.at(i).step.id, one_step(i));
    return checks_ = std::make_shared<Names>(std::move(checks));
  }

  // Of all that is visible only what the expression names: lists are long, and every group has its own view of them.
  NamesPointer steps_names(const cel::Expression& e, const Standing& at) {
    Names steps;
    // Any of those that are named may be one of those that have no name.
    if (nameless_.contains(Role::step) || nameless_.contains(Role::cleanup)) steps.kind = Names::Kind::open;
    for (const auto& reference : e.references()) {
      if (reference.path[0] != "steps") continue;
      const auto found = reference.path.size() > 1 ? seen(reference.path[1], at) : nullptr;
      if (!found && steps.kind == Names::Kind::open) continue;
      if (!found) return all_steps(at);  // to suggest the one that was meant
      if (!steps.find(reference.path[1])) steps.members.emplace_back(reference.path[1], found);
    }
    return std::make_shared<Names>(std::move(steps));
  }
  NamesPointer seen(const std::string& id, const Standing& at) {
    if (plan_.is_undo) return at.step && recorded_step(plan_, *at.step, id) != nullptr ? open_name() : nullptr;
    if (is_spliced(at)) return nullptr;
    const auto found = at.step ? visible_step(plan_, *at.step, id) : plan_.find(id);
    if (found && at.in_undo && plan_.at(*found).step.for_each && undoes_element_of(*found, *at.step))
      return element_and_all(*found);
    return found ? one_step(*found) : nullptr;
  }
  bool undoes_element_of(StepIndex for_each, StepIndex undone) const {
    const auto& elements = plan_.at(for_each).children;
    const bool is_one_step = !elements.empty() && !plan_.at(elements[0]).step.is_group;
    return is_one_step && (undone == for_each || plan_.at(undone).parent == for_each);
  }
  // The undo of one element sees what this one left behind, beside the list of all.
  NamesPointer element_and_all(StepIndex for_each) {
    Names names = *one_step(for_each);
    for (const auto& [name, output] : plan_.at(plan_.at(for_each).children[0]).step.outputs)
      names.members.emplace_back(name, open_name());
    return std::make_shared<Names>(std::move(names));
  }
  // Spliced lists of used files see no steps.
  bool is_spliced(const Standing& at) const {
    if (!at.step) return at.unit != 0;
    const auto& from = plan_.at(plan_.at(*at.step).owner.value_or(*at.step));
    return from.step.unit != 0 && from.role != Role::step && from.role != Role::cleanup;
  }
  NamesPointer all_steps(const Standing& at) {
    Names steps;
    std::set<std::string, std::less<>> known;
    const auto add = [&](const std::string& id) {
      if (!known.insert(id).second) return;
      if (const auto names = seen(id, at)) steps.members.emplace_back(id, names);
    };
    for (const auto& planned : plan_.steps)
      if (planned.role == Role::step || planned.role == Role::cleanup) add(planned.step.id);
    for (const auto& [path, value] : plan_.recorded) add(path.substr(path.rfind('/') + 1));
    return std::make_shared<Names>(std::move(steps));
  }
  NamesPointer elements_names() const {
    Names one;
    one.members = {{"key", open_name()}, {"state", state_}, {"outputs", open_name()}};
    Names list{Names::Kind::open, "list", {}};
    list.element = std::make_shared<Names>(std::move(one));
    return std::make_shared<Names>(std::move(list));
  }
  NamesPointer one_step(StepIndex i) {
    auto& cached = one_[i];
    if (cached) return cached;
    const auto& planned = plan_.at(i);
    Names names;
    for (const Part part : {Part::outputs, Part::action, Part::for_each})
      if (planned.step.unread.has(part)) names.kind = Names::Kind::open;
    names.members.emplace_back("state", state_);
    if (planned.step.for_each) {
      names.members.emplace_back("items", elements_);
      return cached = std::make_shared<Names>(std::move(names));
    }
    for (const auto& [name, output] : planned.step.outputs) names.members.emplace_back(name, open_name());
    if (planned.step.is_group)  // from outside: its steps too, so that a criterion can say what it relies on
      for (const auto child : planned.children) {
        if (plan_.at(child).step.unread.has(Part::id)) names.kind = Names::Kind::open;
        names.members.emplace_back(plan_.at(child).step.id, one_step(child));
      }
    else if (planned.step.action.kind)
      for (const auto& row : planned.step.action.kind->result)
        if (row.lasting)
          names.members.emplace_back(std::string(row.name),
                                     result_name(row.type, known_result(planned.step.action, planned.step.unread, row).values));
    return cached = std::make_shared<Names>(std::move(names));
  }

  const Plan& plan_;
  Diagnostics& wrong_;
  EndOrder order_;
  std::map<unsigned, std::vector<std::pair<std::string, NamesPointer>>> units_;
  std::map<StepIndex, NamesPointer> one_;
  std::map<Standing::When, NamesPointer> run_;
  NamesPointer checks_, was_;
  const NamesPointer state_ = one_of(step_status_words), elements_ = elements_names();
  std::set<std::tuple<std::uint16_t, std::uint32_t, std::uint32_t>> unset_;  // variables that were complained about
  std::set<Role> nameless_;                                                  // lists of which not all could be read
  std::map<unsigned, Unread> declared_in_steps_;  // by the unit: what stands where it cannot be declared
};

}  // namespace

const Value* recorded_step(const Plan& plan, StepIndex from, std::string_view id) {
  for (const auto& list : plan.at(plan.at(from).owner.value_or(from)).undone_lists)
    if (const auto found = plan.recorded.find(list + std::string(id)); found != plan.recorded.end()) return &found->second;
  return nullptr;
}

const Value* recorded_element(const Plan& plan, StepIndex from, std::string_view id) {
  const auto& planned = plan.at(plan.at(from).owner.value_or(from));
  if (!planned.element) return nullptr;
  const std::string& undone = planned.step.id;
  const std::string key = "[" + planned.element->element.key + "]";
  for (const auto& list : planned.undone_lists)
    if (undone == list + std::string(id) + key)
      if (const auto found = plan.recorded.find(undone); found != plan.recorded.end()) return &found->second;
  return nullptr;
}

std::optional<StepIndex> visible_step(const Plan& plan, StepIndex from, std::string_view id) {
  const StepIndex origin = plan.at(from).owner.value_or(from);
  const Role role = plan.at(origin).role;
  const bool in_list = role == Role::step || role == Role::cleanup;
  const std::string prefix(path_prefix(role));
  for (std::optional<StepIndex> list = in_list ? plan.at(origin).parent : std::nullopt; list; list = plan.at(*list).parent) {
    if (const auto found = plan.find(plan.at(*list).path + "/" + std::string(id))) return found;
    if (plan.at(*list).step.is_use) return {};
    if (plan.at(*list).is_rescue) list = plan.at(*list).parent;  // it stands beside the step that failed, not in it
  }
  if (role == Role::cleanup)
    if (const auto found = plan.find(prefix + std::string(id))) return found;
  return plan.find(id);
}

void check_names(const Plan& plan, Diagnostics& wrong) { Checker(plan, wrong).run(); }

}  // namespace runbook
