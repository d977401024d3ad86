// Commands that move a run on: run, resume.
#include <fmt/format.h>

#include <algorithm>

#include "cli/amend.h"
#include "cli/commands.h"
#include "cli/file_review.h"
#include "cli/inputs.h"
#include "cli/new_run.h"
#include "cli/requirements.h"
#include "cli/session.h"
#include "cli/undo.h"
#include "view/sentences.h"

namespace runbook {
namespace {

constexpr Sentence not_there{"what the runbook requires is not there; nothing was changed",
                             "런북이 요구하는 것이 없습니다. 아무것도 바꾸지 않았습니다"},
    is_a_part{"this file has no steps: it is a part that others `use`",
              "이 파일에는 단계가 없습니다: 다른 파일이 `use` 하는 부분입니다"};

Request resume_request(const Context& context, Record answers) {
  Request r;
  r.what = Request::What::resume;
  r.by = context.person;
  r.reason = context.arguments.reason;
  r.answers = std::move(answers);
  return r;
}

// Steps inherit this process's environment: where it is not the one that the run began in, that is said, and asked about
// where another value may mean another system.
Result<void, ExitCode> same_environment(const Context& context, const StoredRun& run) {
  const auto names = differing(run.snapshot.inherited, context.environment_map(), run.snapshot.inputs.environment);
  if (names.empty()) return {};
  context.terminal.line(fmt::format("the environment differs from the one that the run began in: {}", fmt::join(names, " ")));
  std::vector<std::string> risky;
  std::copy_if(names.begin(), names.end(), std::back_inserter(risky), leads_elsewhere);
  if (risky.empty() || context.arguments.yes) return {};
  if (context.can_ask && agreed(context, fmt::format("go on with other values of {}?", fmt::join(risky, " ")))) return {};
  return failure(context.fail(
      ExitCode::waiting,
      fmt::format("{} may lead to another system; resume from the same environment, or say --yes", fmt::join(risky, " "))));
}

ExitCode refused_by_requirements(const Context& context, const MissingRequirements& missing) {
  tell_missing(context, missing);
  return context.fail(ExitCode::refused, std::string(not_there.in(context.style.language)));
}

}  // namespace

ExitCode run_command(const Context& context) {
  if (context.arguments.plan) return plan_command(context);
  if (const auto somebody = somebody_to_ask(context); !somebody) return somebody.error();
  auto inputs = gather_inputs(context, context.arguments.files.front());
  if (!inputs) return inputs.error();
  // A script that no shell can read would be found out when the steps before it have changed something.
  auto reviewed = review_file(context, *inputs, ScriptReaders::shells);
  // Nobody is asked for the sake of a file that is refused.
  if (reviewed.plan && !has_errors(reviewed.diagnostics) && !reviewed.plan->runbook.unanswered.empty()) {
    if (const auto asked = ask_missing(context, *inputs); !asked) return asked.error();
    reviewed = review_file(context, *inputs, ScriptReaders::none);
  }
  if (!reviewed.plan || has_errors(reviewed.diagnostics)) {
    show_diagnostics(context, reviewed.diagnostics, reviewed.sources);
    return ExitCode::invalid;
  }
  const Plan& plan = *reviewed.plan;
  if (plan.runbook.is_part) return context.fail(ExitCode::invalid, std::string(is_a_part.in(context.style.language)));
  if (const auto missing = missing_requirements(context, plan); !missing.empty())
    return refused_by_requirements(context, missing);
  auto answers = answers_in_advance(context, plan);
  if (!answers) return answers.error();
  if (context.can_ask && !context.arguments.yes) {
    for (const auto& line : step_table(plan, Role::step, context.style)) context.terminal.line(line);
    if (!agreed(context, fmt::format("run {} ({})?", plan.runbook.id, plan.digest.substr(0, 12))))
      return context.fail(ExitCode::stopped, "not started; nothing was changed");
  }
  auto store = context.open_store(Access::write);
  if (!store) return context.fail(store.error());
  const std::string title = cel::preview(plan.runbook.title.text, unit_scope(plan.runbook.units[0], plan.environment));
  const NewRun run{{RunId::fresh(), plan.runbook.id, title, inputs->path, plan.digest, now(), "running"},
                   encode_snapshot(snapshot_of(*inputs, plan)),
                   plan.locks,
                   {}};
  if (const auto made = create(context, **store, run, created_by(context, plan, std::move(*answers))); !made) return made.error();
  if (context.arguments.progress != "json")
    context.terminal.line(fmt::format("run {}  {}  {}", run.row.id.text(), plan.runbook.id, plan.digest.substr(0, 12)));
  return run_session(context, {plan, **store, run.row, {}, true});
}

ExitCode resume_command(const Context& context) {
  if (const auto somebody = somebody_to_ask(context); !somebody) return somebody.error();
  auto store = context.open_store(Access::write);
  if (!store) return context.fail(store.error());
  auto run = load_run(context, **store, context.arguments.run);
  if (!run) return run.error();
  const auto id = run->row.id.text();
  if (run->row.closed && !context.arguments.amend.empty()) return closed_for_amending(context, *run);
  if (run->row.closed) {
    const State state = fold(*run);
    if (!state.untold.empty())
      return run_session(context, {run->plan, **store, run->row, {}, false});  // channels are owed its end
    context.terminal.line(fmt::format("run {} has ended: {}; `runbook show {}` tells the rest", id, run->row.status, id));
    return state.finished ? exit_code_of(*state.finished) : ExitCode::broken;
  }
  if (const auto same = planned_the_same(context, *run); !same) return same.error();
  if (!context.arguments.amend.empty())
    if (const auto amended = amend_run(context, **store, *run); !amended) return amended.error();
  if (const auto same = same_environment(context, *run); !same) return same.error();
  auto answers = answers_in_advance(context, fold(*run).plan());
  if (!answers) return answers.error();
  if (const auto& undone = run->snapshot.undoes; !undone.empty())
    if (const auto closed = close_undone(context, **store, undone, run->row.id); !closed) return closed.error();
  return run_session(context, {run->plan, **store, run->row, {resume_request(context, std::move(*answers))}, true});
}

}  // namespace runbook
