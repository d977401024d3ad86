#include "plan/graph.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/edit_distance.h"
#include "base/json.h"
#include "plan/messages.h"
#include "plan/times.h"

namespace runbook {
namespace {

// Nobody reads more; and each costs a search for the step that was meant.
constexpr std::size_t enough = 100;

bool reads_only(const Step& step, Role role) {
  if (role != Role::step && role != Role::cleanup) return true;
  if (step.changes != Changes::unsaid) return step.changes == Changes::none;
  const auto* kind = step.action.kind;
  if (!kind || kind->asks_people) return true;
  return kind->effect && kind->effect(step.action.fields) == Effect::reads;
}

// What says when and whether the whole `for_each` runs, apart from what is done for every element.
Step take_for_each(Step& step) {
  Step whole;
  whole.id = step.id;
  whole.at = step.at;
  whole.unit = step.unit;
  whole.unread = step.unread;
  const auto named = step.title.text.references();
  const bool of_each = std::any_of(named.begin(), named.end(),
                                   [](const cel::Reference& r) { return r.path[0] == "item" || r.path[0] == "index"; });
  if (!of_each) whole.title = step.is_group ? std::exchange(step.title, {}) : step.title;
  whole.needs = std::exchange(step.needs, {});
  whole.when = std::exchange(step.when, {});
  whole.optional_question = std::exchange(step.optional_question, {});
  whole.on_fail = std::exchange(step.on_fail, OnFail::stop);
  whole.for_each = std::exchange(step.for_each, {});
  whole.rescue = std::exchange(step.rescue, {});
  whole.is_group = true;
  return whole;
}

StepIndex lay_one(Plan& plan, Step&& step, Role role, std::string path, std::optional<StepIndex> parent, Diagnostics& wrong);

// What its path ends with. No name holds a `?`: nothing that could be read means a step whose id could not.
std::string path_end(const Plan& plan, const Step& step) {
  return step.unread.has(Part::id) ? fmt::format("?{}", plan.steps.size()) : step.id;
}

// Beside the step's own list: nothing there waits for it, and it sees what the step sees.
void lay_rescue(Plan& plan, StepIndex failing, std::vector<Step> steps, Diagnostics& wrong) {
  if (steps.empty()) return;
  const StepIndex index = plan.steps.size();
  PlannedStep& planned = plan.steps.emplace_back();
  planned.path = "rescue:" + plan.at(failing).path;
  planned.role = plan.at(failing).role;
  planned.parent = failing;
  planned.is_rescue = true;
  planned.kind = "rescue";
  planned.step.id = "rescue";
  planned.step.at = plan.at(failing).step.at;
  planned.step.unit = plan.at(failing).step.unit;
  planned.step.is_group = true;
  const std::string prefix = planned.path + "/";
  plan.by_path.emplace(planned.path, index);
  plan.steps[failing].rescue = index;
  lay_list(plan, std::move(steps), plan.at(failing).role, prefix, index, wrong);
}

// The step of the `for_each`, and under it, in the range of indices that follows, its pattern.
StepIndex lay_for_each(Plan& plan, Step step, Role role, const std::string& path, std::optional<StepIndex> parent,
                       Diagnostics& wrong) {
  Step whole = take_for_each(step);
  auto rescue = std::exchange(whole.rescue, {});
  const StepIndex index = plan.steps.size();
  const auto& written = *whole.for_each;
  for (std::optional<StepIndex> around = parent; around; around = plan.at(*around).parent)
    if (plan.at(*around).is_rescue) around = plan.at(*around).parent;  // it stands beside the step that failed, not in it
    else if (plan.at(*around).step.for_each)
      wrong.push_back(diagnose(messages::nested_for_each, written.list.at, plan.at(*around).path));
  plan.by_path.emplace(path, index);
  PlannedStep& planned = plan.steps.emplace_back();
  planned.path = path;
  planned.role = role;
  planned.parent = parent;
  planned.kind = "for_each";
  const auto* expression = std::get_if<Condition>(&written.list.is);
  planned.description =
      expression ? expression->expression.text() : to_json(preview(written.list, plan_scope(plan, index, step.unit)));
  planned.step = std::move(whole);
  const auto place = std::make_shared<ElementPlace>();
  place->unit = step.unit;
  step.id += "[]";
  const StepIndex pattern = lay_one(plan, std::move(step), role, path + "[]", index, wrong);
  plan.steps[index].children = {pattern};
  plan.steps[index].reads = plan.at(pattern).reads;
  for (StepIndex i = pattern; i < plan.steps.size(); ++i) {
    plan.steps[i].is_pattern = true;
    plan.steps[i].element = place;
  }
  lay_rescue(plan, index, std::move(rescue), wrong);
  return index;
}

StepIndex lay_one(Plan& plan, Step&& step, Role role, std::string path, std::optional<StepIndex> parent, Diagnostics& wrong) {
  if (step.for_each) return lay_for_each(plan, std::move(step), role, path, parent, wrong);
  const StepIndex index = plan.steps.size();
  PlannedStep& planned = plan.steps.emplace_back();
  planned.path = std::move(path);
  planned.role = role;
  planned.parent = parent;
  planned.kind = step.is_group ? "group" : step.action.kind ? step.action.kind->name : "expect";
  planned.reads = reads_only(step, role);
  planned.has_undo = step.undo != nullptr;
  auto children = std::exchange(step.steps, {});
  auto guards = std::exchange(step.preconditions, {});
  const auto probe = std::exchange(step.probe, {});
  auto rescue = std::exchange(step.rescue, {});
  planned.step = std::move(step);
  set_times(planned, plan.unit_of(index).defaults);
  plan.by_path.emplace(planned.path, index);
  planned.description = described(plan, index);

  if (plan.steps[index].step.is_group) {
    const std::string prefix = plan.steps[index].path + "/";
    lay_list(plan, std::move(children), role, prefix, index, wrong);
  }
  for (auto& guard : guards) {
    std::string guard_path = fmt::format("guard:{}/{}", plan.steps[index].path, path_end(plan, guard));
    const auto at = lay_one(plan, std::move(guard), Role::guard, std::move(guard_path), {}, wrong);
    plan.steps[at].owner = index;
    plan.steps[index].guards.push_back(at);
  }
  if (probe) {
    Step own = *probe;
    own.unit = plan.steps[index].step.unit;
    const auto at = lay_one(plan, std::move(own), Role::probe, "probe:" + plan.steps[index].path, {}, wrong);
    plan.steps[at].owner = index;
    plan.steps[index].probe = at;
  }
  lay_rescue(plan, index, std::move(rescue), wrong);
  return index;
}

void need(Plan& plan, StepIndex step, StepIndex needed) {
  plan.steps[step].needs.push_back(needed);
  plan.steps[needed].dependents.push_back(step);
}

void resolve_needs(Plan& plan, StepIndex index, const std::string& prefix, const std::vector<StepIndex>& list,
                   Diagnostics& wrong) {
  const auto needs = *plan.at(index).step.needs;
  const bool all_known =
      std::none_of(list.begin(), list.end(), [&](StepIndex i) { return plan.at(i).step.unread.has(Part::id); });
  for (const auto& [name, at] : needs) {
    const auto found = name.find('/') == std::string::npos ? plan.find(prefix + name) : std::nullopt;
    if (!found || *found == index) plan.steps[index].step.unread.add(Part::needs);
    if (!found && (!all_known || wrong.size() >= enough)) continue;
    if (!found) {
      std::vector<std::string> known;
      for (const auto i : list)
        if (i != index) known.push_back(plan.at(i).step.id);
      auto complaint = diagnose(messages::unknown_need, at, name).labelled(phrase("unknown step", "없는 단계"));
      if (const auto near = name.empty() ? std::nullopt : nearest(name, known)) {
        complaint.help = phrase("did you mean `{}`?", "`{}` 입니까?", *near);
        const auto meant = std::find_if(list.begin(), list.end(), [&](StepIndex i) { return plan.at(i).step.id == *near; });
        complaint.notes.push_back({plan.at(*meant).step.at, phrase("`{}` is defined here", "`{}` 는 여기에 있습니다", *near)});
      } else if (known.empty()) {
        complaint.help = phrase("only steps of the same list can be needed, and it has no other",
                                "같은 목록의 단계만 쓸 수 있는데 다른 단계가 없습니다");
      } else {
        constexpr std::size_t most_named = 40;
        if (known.size() > most_named) known[most_named] = "...";
        known.resize(std::min(known.size(), most_named + 1));
        complaint.help = phrase("only steps of the same list can be needed: {}", "같은 목록의 단계만 쓸 수 있습니다: {}",
                                fmt::format("{}", fmt::join(known, ", ")));
      }
      wrong.push_back(std::move(complaint));
    } else if (*found == index) {
      wrong.push_back(diagnose(messages::self_need, at, name));
    } else if (const auto& have = plan.at(index).needs; std::find(have.begin(), have.end(), *found) == have.end()) {
      need(plan, index, *found);
    }
  }
}

}  // namespace

std::string described(const Plan& plan, StepIndex i) {
  const Step& step = plan.at(i).step;
  if (step.is_group) return step.is_use ? "use" : "steps";
  if (!step.action.kind) return step.expect ? step.expect->expression.text() : "";
  return step.action.kind->describe ? step.action.kind->describe(preview(step.action.fields, plan_scope(plan, i, step.unit)))
                                    : "";
}

void lay_list(Plan& plan, std::vector<Step> list, Role role, const std::string& prefix, std::optional<StepIndex> parent,
              Diagnostics& wrong) {
  std::vector<StepIndex> laid;
  for (auto& step : list) {
    std::string path = prefix + path_end(plan, step);
    laid.push_back(lay_one(plan, std::move(step), role, std::move(path), parent, wrong));
    if (parent) plan.steps[*parent].children.push_back(laid.back());
  }
  const bool ordered = role == Role::step || role == Role::cleanup;
  // Everything above a step: enough to need those that nothing above it needs already.
  std::vector<StepIndex> last;
  for (const auto i : laid) {
    if (plan.at(i).step.needs) resolve_needs(plan, i, prefix, laid, wrong);
    else if (ordered && !plan.at(i).step.unread.has(Part::needs))
      for (const auto above : last) need(plan, i, above);
    const auto& needs = plan.at(i).needs;
    if (!needs.empty()) std::erase_if(last, [&](StepIndex l) { return std::find(needs.begin(), needs.end(), l) != needs.end(); });
    last.push_back(i);
  }
  // People are asked only if everything automatic holds.
  if (role == Role::precondition)
    for (const auto asked : laid) {
      if (!plan.at(asked).step.action.kind || !plan.at(asked).step.action.kind->asks_people) continue;
      for (const auto automatic : laid)
        if (!plan.at(automatic).step.action.kind || !plan.at(automatic).step.action.kind->asks_people)
          need(plan, asked, automatic);
    }
  // A group reads only when all in it do.
  if (parent)
    for (const auto i : laid) plan.steps[*parent].reads = plan.at(*parent).reads && plan.at(i).reads;
}

void find_cycles(Plan& plan, Diagnostics& wrong) {
  enum class Mark { unseen, open, done };
  std::vector<Mark> marks(plan.steps.size(), Mark::unseen);
  for (StepIndex root = 0; root < plan.steps.size(); ++root) {
    if (marks[root] != Mark::unseen) continue;
    std::vector<std::pair<StepIndex, std::size_t>> way{{root, 0}};
    marks[root] = Mark::open;
    while (!way.empty()) {
      auto& [at, next] = way.back();
      if (next == plan.at(at).needs.size()) {
        marks[at] = Mark::done;
        way.pop_back();
        continue;
      }
      const StepIndex to = plan.at(at).needs[next++];
      if (marks[to] == Mark::unseen) {
        marks[to] = Mark::open;
        way.emplace_back(to, 0);
      } else if (marks[to] == Mark::open) {
        std::vector<std::string> circle{plan.at(to).path};
        plan.steps[to].step.unread.add(Part::needs);
        for (auto i = way.rbegin(); i != way.rend() && i->first != to; ++i) {
          circle.push_back(plan.at(i->first).path);
          plan.steps[i->first].step.unread.add(Part::needs);
        }
        circle.push_back(plan.at(to).path);
        std::reverse(circle.begin(), circle.end());
        const bool has_names = std::none_of(circle.begin(), circle.end(), [&](const std::string& path) {
          return plan.at(*plan.find(path)).step.unread.has(Part::id);
        });
        if (has_names)
          wrong.push_back(diagnose(messages::cycle, plan.at(to).step.at, fmt::format("{}", fmt::join(circle, " -> "))));
      }
    }
  }
}

EndOrder::EndOrder(const Plan& plan) : plan_(plan), places_(plan.steps.size()), seen_(plan.steps.size()) {
  const auto continues = [&](StepIndex i) {
    return !plan_.at(i).step.unread.has(Part::needs) && plan_.at(i).needs.size() == 1 &&
           plan_.at(plan_.at(i).needs[0]).dependents.size() == 1;
  };
  for (StepIndex i = 0; i < places_.size(); ++i) places_[i] = {i, 0};
  for (StepIndex head = 0; head < places_.size(); ++head) {
    if (continues(head)) continue;
    std::size_t position = 0;
    for (StepIndex i = head; plan_.at(i).dependents.size() == 1 && continues(plan_.at(i).dependents[0]);) {
      i = plan_.at(i).dependents[0];
      places_[i] = {head, ++position};
    }
  }
}

EndOrder::Answer EndOrder::ends_before(StepIndex earlier, StepIndex later) {
  ++question_;
  Answer otherwise = Answer::no;
  std::vector<StepIndex> open;
  const auto add_needs = [&](StepIndex i) {
    if (plan_.at(i).step.unread.has(Part::needs)) otherwise = Answer::unknown;
    open.insert(open.end(), plan_.at(i).needs.begin(), plan_.at(i).needs.end());
  };
  for (std::optional<StepIndex> i = later; i; i = plan_.at(*i).parent) add_needs(*i);
  while (!open.empty()) {
    const auto [head, position] = places_[open.back()];
    open.pop_back();
    for (std::optional<StepIndex> i = earlier; i; i = plan_.at(*i).parent)
      if (places_[*i].head == head && places_[*i].position <= position) return Answer::yes;
    if (seen_[head] == question_) continue;
    seen_[head] = question_;
    add_needs(head);
  }
  return otherwise;
}

}  // namespace runbook
