// The graph of a runbook: a value, a pure function of the snapshot (files and inputs), never changed once made.
// Checks, guards, probes, criteria, undo and finally are planned steps with a role: one scheduler for all.
#pragma once
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "runbook/runbook.h"
#include "runbook/unit_scope.h"

namespace runbook {

using StepIndex = std::size_t;

enum class Role {
  precondition,  // of the runbook, before anything changes
  baseline,      // what was there before step 1, for later expressions
  watch,         // looked at while the steps run
  step,
  criterion,  // `success`
  cleanup,    // `finally`
  guard,      // a step's own precondition, before each of its attempts
  probe,      // of a step in doubt
};

struct PlannedStep {
  std::string
      path;   // "data/restore", "preconditions:clean_tree", "baseline:latency", "success:health", "finally:tell", "probe:undo"
  Step step;  // without its children, guards, undo and probe: they are planned steps of their own
  Role role = Role::step;
  std::optional<StepIndex> parent;    // the group it stands in
  std::optional<StepIndex> owner;     // of a guard or probe: whose it is
  std::vector<StepIndex> needs;       // of its own list; the group's needs are the group's
  std::vector<StepIndex> dependents;  // who needs it
  std::vector<StepIndex> children;    // of a group
  std::vector<StepIndex> guards;
  std::optional<StepIndex> probe;
  // Of a `for_each`: its only child in the plan, what is done for every element, "restart[]". It never runs itself: the run
  // adds a copy for each element, "restart[web1]", and these are then the children.
  bool is_pattern = false;                      // it, or something in it
  bool is_replaced = false;                     // by its copies
  std::shared_ptr<const ElementPlace> element;  // of a copy: for which; of a pattern: only where `item` is known
  std::optional<StepIndex> rescue;  // the group of what is done when it has failed: "rescue:restart"; its parent is this step
  bool is_rescue = false;           // it is such a group
  bool has_undo = false;
  // Of an undo: the lists whose steps it sees in `recorded`, as the beginnings of their paths ("data/", ""), the innermost first.
  std::vector<std::string> undone_lists;
  // Of an undo of what a `for_each` did for one element: the first such undo in the plan; at that one how many there are.
  std::optional<StepIndex> first_of_many;
  std::size_t many = 0;
  bool reads = true;     // nothing in it changes anything: a light attempt, repeated after a crash
  bool retries = false;  // an unsuccessful attempt is tried again while `retry.limit` lasts
  Duration timeout{};    // of one attempt
  Retry retry;
  std::size_t number = 0;   // names its files, "0007.1.out": the same in every plan that a run has gone by
  std::string description;  // one line: "kubectl rollout undo \"deployment/$deployment\""
  std::string_view kind;    // "shell", "group", "expect"; for views
};

struct Estimate {
  Duration expected{}, at_most{};
  bool operator==(const Estimate&) const = default;
};

struct PathHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view path) const { return std::hash<std::string_view>()(path); }
};

struct Plan {
  Runbook runbook;
  std::map<std::string, std::string, std::less<>> environment;  // what the inputs declare; the only one expressions see
  std::deque<PlannedStep> steps;  // a long plan takes the room that its file's tree left, piece by piece
  std::unordered_map<std::string, StepIndex, PathHash, std::equal_to<>> by_path;
  std::vector<std::string> locks;        // resolved, sorted
  std::vector<StepIndex> critical_path;  // of the steps
  Estimate estimate;
  std::string digest;  // sha256 of the normalized plan; empty while variables are unanswered
  // Of an undo run: what the steps of the run that it undoes left behind, by path; expressions see it as steps.*.
  std::map<std::string, Value, std::less<>> recorded;
  bool is_undo = false;
  std::size_t numbers = 0;  // how many its steps have been given
  // What the run goes by after each of its amendments, oldest first; they have none of their own.
  std::vector<std::shared_ptr<const Plan>> amended;

  std::optional<StepIndex> find(std::string_view path) const {
    const auto found = by_path.find(path);
    return found == by_path.end() ? std::nullopt : std::optional(found->second);
  }
  const PlannedStep& at(StepIndex i) const { return steps[i]; }
  const Unit& unit_of(StepIndex i) const { return runbook.units[steps[i].step.unit]; }
  // It is what a `for_each` does for one element.
  bool is_element(StepIndex i) const {
    const auto& step = steps[i];
    return step.parent && steps[*step.parent].step.for_each && !step.is_pattern && !step.is_rescue;
  }
};

// What the texts of a step see before the run, in the names of `unit`: variables, environment, its element.
cel::Scope plan_scope(const Plan& plan, StepIndex step, unsigned unit);
// The list of a `for_each` as far as it is known before the run; nothing: a step has to give it.
std::optional<std::vector<Element>> known_elements(const Plan& plan, StepIndex for_each);
// "restart[web1]/drain" as it is written once for all: "restart[]/drain".
std::string written_path(const std::string& path);
// The run knows them now: a copy of the pattern for each, after all steps that there are.
void add_elements(Plan& plan, StepIndex for_each, const std::vector<Element>& elements);
// A run goes on by another plan: the files of what stands in both keep their names, and what is new takes none of theirs.
void keep_numbers(Plan& plan, const Plan& before);

// Errors: unknown or cyclic needs, unknown names in expressions, steps named before they have ended. Warnings: lint.
// A runbook of which something could not be read is planned as far as it goes, for what else there is to say about it.
struct Planning {
  std::optional<Plan> plan;      // nothing when there are errors, here or in the runbook
  std::optional<Plan> readable;  // what there is then: neither run nor shown
  Diagnostics diagnostics;
};
// Who only wants to know what is wrong leaves the digest out, which costs more than the rest of planning, and with it the
// critical path and the estimate.
enum class Digest { made, left_out };
Planning make_plan(Runbook runbook, std::map<std::string, std::string, std::less<>> environment, Digest digest = Digest::made);

// The undos of `started` (paths, in the order of their start), last first, one at a time; `recorded` as in Plan.
// `expanded`: the elements that its `for_each` steps ran for, by path.
using Expansions = std::map<std::string, std::vector<Element>>;
Planning make_undo_plan(Runbook runbook, std::map<std::string, std::string, std::less<>> environment,
                        const std::vector<std::string>& started, std::map<std::string, Value, std::less<>> recorded,
                        const Expansions& expanded = {});

// `steps.x` as seen from a step: of its own list, else of the lists around it, up to the file's border.
std::optional<StepIndex> visible_step(const Plan& plan, StepIndex from, std::string_view id);

// The same of an undo: what that step of the run it undoes left behind. Nothing: there was no such step.
const Value* recorded_step(const Plan& plan, StepIndex from, std::string_view id);
// Where that is the `for_each` of which it undoes one element: what this element left behind.
const Value* recorded_element(const Plan& plan, StepIndex from, std::string_view id);

std::string_view role_name(Role role);
// The list that a role's paths begin with: "preconditions:", "" for steps, ...
std::string_view path_prefix(Role role);

}  // namespace runbook
