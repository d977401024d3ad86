// `undo`: the declared undos of what a run has started, last first, as a run of its own.
#include "cli/undo.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/quoted_word.h"
#include "base/yes_or_no.h"
#include "cli/commands.h"
#include "cli/file_review.h"
#include "cli/inputs.h"
#include "cli/new_run.h"
#include "cli/session.h"
#include "run/scope.h"
#include "view/effects.h"
#include "view/elements.h"
#include "view/plan_screen.h"
#include "view/sentences.h"
#include "view/step_words.h"

namespace runbook {
namespace {

constexpr std::string_view undo_prefix = "undo:";
constexpr Sentence nothing_to_undo{"run {}: nothing is left to undo", "실행 {}: 되돌릴 것이 남아 있지 않습니다"},
    may_need_undo{"{} ({}) was started: is there something to undo?", "{} ({}) 이(가) 시작되었습니다: 되돌릴 것이 있습니까?"},
    undo_begun{"run {1} began to undo {0}, and did not end well: is it to be undone again?",
               "실행 {1} 이(가) {0} 을(를) 되돌리다 끝내지 못했습니다: 다시 되돌립니까?"},
    say_with{"say for each: {} or {}", "각각 정하십시오: {} 또는 {}"};

// What earlier undos of the same run have taken back already, and what they began to and may have half done.
struct UndoneBefore {
  std::set<std::string> done;
  std::map<std::string, std::string> begun;  // by which run
};

// One that is still open has to be gone on with first.
Result<UndoneBefore, ExitCode> undone_before(const Context& context, const Store& store, const RunId& run) {
  UndoneBefore out;
  const auto rows = store.runs();
  if (!rows) return failure(context.fail(rows.error()));
  for (const auto& row : *rows) {
    const auto kept = store.snapshots(row.id);
    if (!kept || kept->back().find("\"undoes\":\"" + run.text() + "\"") == std::string::npos) continue;
    if (!row.closed)
      return failure(
          context.fail(ExitCode::usage, fmt::format("run {0} is undoing it; next: runbook resume {0}", row.id.text())));
    const auto undo = load_run(context, store, row.id.text());
    if (!undo) return failure(undo.error());
    const State state = fold(*undo);
    for (const auto i : state.started) {
      const auto& path = state.plan().at(i).path;
      if (!path.starts_with(undo_prefix)) continue;
      const auto undone = path.substr(undo_prefix.size());
      if (state.steps[i].status == StepStatus::succeeded) out.done.insert(undone);
      else if (effect_of(state.plan(), state, i) == Effected::possibly) out.begun[undone] = row.id.text();
    }
  }
  return out;
}

// Which steps an undo takes back, last first; those that failed or are in doubt only when somebody says so.
Result<std::vector<std::string>, ExitCode> steps_to_undo(const Context& context, const State& state, const UndoneBefore& before) {
  std::vector<std::string> out, undecided;
  std::vector<StepIndex> for_good;
  const auto& a = context.arguments;
  const auto named = [](const std::vector<std::string>& list, const std::string& path) {
    return std::find(list.begin(), list.end(), path) != list.end();
  };
  // Empty: there is no doubt that it is to be undone.
  const auto doubt = [&](const PlannedStep& planned, StepStatus status) -> std::string {
    if (const auto begun = before.begun.find(planned.path); begun != before.begun.end())
      return say(context.style.language, undo_begun, planned.path, begun->second);
    if (status == StepStatus::succeeded) return {};
    return say(context.style.language, may_need_undo, planned.path, word_of(status, context.style.language));
  };
  for (const StepIndex i : state.started) {
    const auto& planned = state.plan().at(i);
    if (planned.role != Role::step || planned.step.is_group || planned.reads) continue;
    if (effect_of(state.plan(), state, i) == Effected::unchanged) continue;
    if (!planned.has_undo) {
      for_good.push_back(i);
      continue;
    }
    if (named(a.without, planned.path) || before.done.contains(planned.path)) continue;
    if (const auto why = doubt(planned, state.steps[i].status); !why.empty() && !named(a.with, planned.path)) {
      if (!context.can_ask) {
        context.terminal.line(why);
        undecided.push_back(planned.path);
        continue;
      }
      const auto line = read_line(context, why + " [y/n] ");
      if (!line || parse_yes(*line) != true) continue;
    }
    out.push_back(planned.path);
  }
  if (!undecided.empty()) {
    std::vector<std::string> with, without;
    for (const auto& path : undecided) {
      with.push_back("--with " + quoted_word(path));
      without.push_back("--without " + quoted_word(path));
    }
    return failure(context.fail(ExitCode::waiting, say(context.style.language, say_with, join(with, " "), join(without, " "))));
  }
  for (const auto& path : summed_up(state.plan(), for_good))
    context.terminal.line(fmt::format("  {} cannot be undone: it declares no undo", path));
  return out;
}

Expansions expansions(const State& state) {
  Expansions out;
  for (const auto& [i, turns] : state.expanded) {
    auto& elements = out[state.plan().at(i).path];
    for (const auto child : state.plan().at(i).children) elements.push_back(state.plan().at(child).element->element);
  }
  return out;
}

std::map<std::string, Value, std::less<>> left_behind(const Plan& plan, const State& state) {
  std::map<std::string, Value, std::less<>> out;
  for (StepIndex i = 0; i < plan.steps.size(); ++i) {
    if ((plan.at(i).role != Role::step && plan.at(i).role != Role::baseline) || plan.at(i).is_pattern) continue;
    out.emplace(plan.at(i).path, step_view(plan, state, i));
  }
  return out;
}

}  // namespace

Result<void, ExitCode> close_undone(const Context& context, Store& store, const std::string& undone, const RunId& by) {
  const auto run = load_run(context, store, undone);
  if (!run) return failure(run.error());
  if (run->row.closed) return {};
  std::vector<Request> requests;
  if (!fold(*run).closing) {
    Request stop;
    stop.what = Request::What::stop;
    stop.by = context.person;
    stop.reason = "undone by run " + by.text();
    requests.push_back(std::move(stop));
  }
  const auto code = run_session(context, {run->plan, store, run->row, requests, false, SessionPlan::End::passed_over});
  const auto now = load_run(context, store, undone);
  if (!now) return failure(now.error());
  if (!now->row.closed) return failure(code);
  return {};
}

std::string undo_title(const RunId& undone) { return "undo of " + undone.text(); }

ExitCode undo_command(const Context& context) {
  if (const auto somebody = somebody_to_ask(context); !somebody) return somebody.error();
  auto store = context.open_store(Access::write);
  if (!store) return context.fail(store.error());
  auto run = load_run(context, **store, context.arguments.run);
  if (!run) return run.error();
  if (const auto owner = engine_owner(**store, run->row.id); owner && owner->alive)
    return context.fail(
        {StoreError::Kind::lock_taken, fmt::format("an engine works on run {} now: stop it first", run->row.id.text()), *owner});
  const State state = fold(*run);
  const auto undone = undone_before(context, **store, run->row.id);
  if (!undone) return undone.error();
  auto steps = steps_to_undo(context, state, *undone);
  if (!steps) return steps.error();
  if (steps->empty()) return context.fail(ExitCode::usage, say(context.style.language, nothing_to_undo, run->row.id.text()));

  Snapshot snapshot = run->snapshot;
  snapshot.undoes = run->row.id.text();
  snapshot.undo_steps = *steps;
  snapshot.recorded = left_behind(state.plan(), state);
  snapshot.expanded = expansions(state);
  const auto reviewed = review(snapshot, all_kinds());
  show_diagnostics(context, reviewed.diagnostics, reviewed.sources);
  if (!reviewed.plan) return ExitCode::invalid;
  const Plan& plan = *reviewed.plan;
  for (const auto& line : step_table(plan, Role::step, context.style)) context.terminal.line(line);
  if (!agreed(context, fmt::format("undo these {} steps of run {}?", steps->size(), run->row.id.text())))
    return context.fail(ExitCode::stopped, "nothing was changed");
  Context chosen = context;  // --with and --without have said which steps are undone
  chosen.arguments.with.clear();
  chosen.arguments.without.clear();
  auto answers = answers_in_advance(chosen, plan);
  if (!answers) return answers.error();

  NewRun made{{RunId::fresh(), plan.runbook.id, undo_title(run->row.id), run->row.file, plan.digest, now(), "running"},
              encode_snapshot(snapshot),
              plan.locks,
              {}};
  if (!run->row.closed) made.locks_from = run->row.id;
  if (const auto ok = create(context, **store, made, created_by(context, plan, std::move(*answers))); !ok) return ok.error();
  if (const auto closed = close_undone(context, **store, run->row.id.text(), made.row.id); !closed) return closed.error();
  context.terminal.line(fmt::format("run {}  undo of {}", made.row.id.text(), run->row.id.text()));
  return run_session(context, {plan, **store, made.row, {}, true});
}

}  // namespace runbook
