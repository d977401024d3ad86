#include "drive/look.h"

#include <algorithm>

namespace runbook {
namespace {

Runbook emptied(const Runbook& book) {
  Runbook out = book;
  out.preconditions.clear();
  out.baseline.clear();
  out.watch.clear();
  out.steps.clear();
  out.success.clear();
  out.finally.clear();
  out.after.clear();
  out.locks.clear();
  return out;
}

bool names(const cel::Expression& expression, std::string_view root) {
  return std::any_of(expression.references().begin(), expression.references().end(),
                     [&](const cel::Reference& r) { return r.path[0] == root; });
}

bool names(const Field& field, std::string_view root) {
  bool found = false;
  each_expression(field, [&](const cel::Expression& e, const TextMap&, std::size_t) { found = found || names(e, root); });
  return found;
}

// Steps have not run, and what other checks found is not at hand.
bool stands_alone(const Step& check) {
  for (const char* root : {"steps", "checks", "was"}) {
    if (check.expect && names(check.expect->expression, root)) return false;
    if (check.when && names(check.when->expression, root)) return false;
    for (const auto& [name, output] : check.outputs)
      if (names(output.expression, root)) return false;
    for (const auto& [key, field] : check.action.fields)
      if (names(field, root)) return false;
    for (const auto& [key, text] : check.env)
      if (names(Field{{}, text}, root)) return false;
  }
  return true;
}

std::vector<Step> tried_once(const std::vector<Step>& checks, Duration every) {
  std::vector<Step> out;
  for (const auto& check : checks) {
    if ((check.action.kind != nullptr && check.action.kind->asks_people) || !stands_alone(check)) continue;
    Step once = check;
    once.hold.reset();
    once.no_data = NoData::fail;
    once.retry = Retry{every, {}};
    out.push_back(std::move(once));
  }
  return out;
}

State run_part(const Plan& plan, const LookParts& parts) {
  const auto store = make_memory_store();
  const RunId id = RunId::fresh();
  RunCreated created;
  created.parallel = 8;
  created.close_on_failure = true;
  const Body first = created;
  const Row row{1, parts.loop.now(), std::string(event_type(first)), encode_body(first)};
  NewRun run{{id, "", "", "", plan.digest, parts.loop.now(), "running"}, "", {}, {}};
  if (!store->create(run, std::span(&row, 1))) return State(plan);
  Engine engine({plan, *store, parts.loop, parts.executor_of, {}, parts.environment, "", "", Engine::Waiting::leave}, id);
  if (!engine.attach()) return State(plan);
  parts.loop.run();
  return engine.state();
}

void look_at(Runbook book, const std::map<std::string, std::string, std::less<>>& environment, const LookParts& parts,
             std::map<std::string, StepState>& out) {
  const auto planning = make_plan(std::move(book), environment);
  if (!planning.plan) return;
  const State state = run_part(*planning.plan, parts);
  for (StepIndex i = 0; i < planning.plan->steps.size(); ++i)
    if (state.steps[i].status != StepStatus::pending) out.insert_or_assign(planning.plan->at(i).path, state.steps[i]);
}

}  // namespace

std::map<std::string, StepState> look_at_checks(const Runbook& book,
                                                const std::map<std::string, std::string, std::less<>>& environment,
                                                const LookParts& parts) {
  std::map<std::string, StepState> out;
  const Duration every = book.units[0].defaults.every;
  // In parts: a precondition that does not hold must not keep the criteria from being looked at.
  Runbook before = emptied(book);
  before.preconditions = tried_once(book.preconditions, every);
  look_at(std::move(before), environment, parts, out);
  Runbook values = emptied(book);
  values.baseline = tried_once(book.baseline, every);
  look_at(std::move(values), environment, parts, out);
  Runbook after = emptied(book);
  after.success = tried_once(book.success, every);
  look_at(std::move(after), environment, parts, out);
  return out;
}

Result<std::vector<std::string>, Failure> candidates(const Runbook& book, const Variable& variable,
                                                     const std::map<std::string, std::string, std::less<>>& environment,
                                                     const LookParts& parts) {
  Runbook part = emptied(book);
  Step step;
  step.id = "candidates";
  step.at = variable.at;
  step.action = *variable.candidates;
  step.changes = Changes::none;
  const auto lines = cel::Expression::parse("lines");
  if (lines) step.outputs.emplace_back("values", Condition{*lines, TextMap(variable.at)});
  part.steps.push_back(std::move(step));
  const auto planning = make_plan(std::move(part), environment);
  if (!planning.plan)
    return failure(planning.diagnostics.empty() ? std::string("it cannot be planned") : planning.diagnostics.front().text.en);
  const State state = run_part(*planning.plan, parts);
  const auto& ended = state.steps[0];
  if (ended.status != StepStatus::succeeded) {
    std::string why = ended.why;
    if (ended.last)
      if (const auto tail = ended.last->facts.find("stderr_tail"); tail != ended.last->facts.end())
        why += "\n" + to_text(tail->second);
    return failure(why);
  }
  std::vector<std::string> out;
  if (const auto found = ended.outputs.find("values"); found != ended.outputs.end() && found->second.list() != nullptr)
    for (const auto& line : *found->second.list())
      if (!to_text(line).empty()) out.push_back(to_text(line));
  return out;
}

}  // namespace runbook
