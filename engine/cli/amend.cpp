#include "cli/amend.h"

#include "cli/file_review.h"
#include "cli/inputs.h"
#include "cli/requirements.h"
#include "drive/record_amendment.h"
#include "view/amendment.h"
#include "view/sentences.h"

namespace runbook {
namespace {

constexpr Sentence has_ended{"run {} has ended ({}): nothing goes on that could be amended",
                             "실행 {} 은(는) 끝났습니다 ({}): 고쳐서 이어 갈 것이 없습니다"},
    is_a_part{"{} has no steps: it is a part that others `use`", "{} 에는 단계가 없습니다: 다른 파일이 `use` 하는 부분입니다"},
    not_there{"what the corrected runbook requires is not there; nothing was changed",
              "고친 runbook 이 요구하는 것이 없습니다. 아무것도 바꾸지 않았습니다"},
    the_same{"{} is what run {} goes by already", "{} 은(는) 실행 {} 이(가) 이미 따르는 runbook 입니다"},
    cannot{"run {} cannot go on by {}; nothing was changed",
           "실행 {} 은(는) {} 으로 이어 갈 수 없습니다. 아무것도 바꾸지 않았습니다"},
    needs_yes{"nobody can be asked here whether run {} is to go on by it: say --yes; nothing was changed",
              "실행 {} 을(를) 이대로 이어 갈지 물을 사람이 없습니다: --yes 를 쓰십시오. 아무것도 바꾸지 않았습니다"},
    go_on{"go on with run {} by it?", "실행 {} 을(를) 이대로 이어 갈까요?"},
    not_amended{"not amended; nothing was changed", "고치지 않았습니다. 아무것도 바꾸지 않았습니다"},
    amended{"run {} amended: {} -> {}", "실행 {} 을(를) 고쳤습니다: {} -> {}"};

// What was given when the run was created holds, as far as the corrected runbook still has it; what is given now goes before.
Result<Inputs, ExitCode> amended_inputs(const Context& context, const Snapshot& before) {
  auto inputs = gather_inputs(context, context.arguments.amend);
  if (!inputs) return failure(inputs.error());
  for (const auto& [name, value] : before.inputs.environment) inputs->environment.insert_or_assign(name, value);
  inputs->strict = before.inputs.strict;
  const auto reading = read_runbook(*inputs, DiskFiles(), all_kinds());
  const auto& book = reading.runbook ? reading.runbook : reading.readable;  // what is wrong is told later, in one pass
  if (book)
    for (const auto& [name, value] : before.inputs.variables)
      if (book->units[0].variables.contains(name)) inputs->variables.emplace(name, value);
  if (const auto asked = ask_missing(context, *inputs); !asked) return failure(asked.error());
  return *inputs;
}

struct Corrected {
  Snapshot snapshot;
  Plan plan;
};
Result<Corrected, ExitCode> corrected_runbook(const Context& context, const Snapshot& before) {
  auto inputs = amended_inputs(context, before);
  if (!inputs) return failure(inputs.error());
  auto reviewed = review_file(context, *inputs, ScriptReaders::shells);
  if (!reviewed.plan || has_errors(reviewed.diagnostics)) {
    show_diagnostics(context, reviewed.diagnostics, reviewed.sources);
    return failure(ExitCode::invalid);
  }
  const auto language = context.style.language;
  if (reviewed.plan->runbook.is_part)
    return failure(context.fail(ExitCode::invalid, say(language, is_a_part, context.arguments.amend)));
  Snapshot snapshot = snapshot_of(*inputs, *reviewed.plan);
  snapshot.inherited = before.inherited;  // a difference from the run's beginning is told also after this
  snapshot.undoes = before.undoes;
  snapshot.undo_steps = before.undo_steps;
  snapshot.recorded = before.recorded;
  snapshot.expanded = before.expanded;
  auto stored = review(snapshot, all_kinds());
  if (!stored.plan) {
    show_diagnostics(context, stored.diagnostics, stored.sources);
    return failure(ExitCode::invalid);
  }
  if (const auto missing = missing_requirements(context, *stored.plan); !missing.empty()) {
    tell_missing(context, missing);
    return failure(context.fail(ExitCode::refused, std::string(not_there.in(language))));
  }
  return Corrected{std::move(snapshot), std::move(*stored.plan)};
}

ExitCode refuse(const Context& context, const StoredRun& run, const std::vector<Obstacle>& obstacles) {
  const auto language = context.style.language;
  bool is_of_the_plan = false;
  for (const auto& obstacle : obstacles) {
    context.terminal.line("✗ " + (language == Language::korean ? obstacle.text.ko : obstacle.text.en));
    is_of_the_plan = is_of_the_plan || obstacle.kind == Obstacle::Kind::plan;
  }
  return context.fail(is_of_the_plan ? ExitCode::invalid : ExitCode::waiting,
                      say(language, cannot, run.row.id.text(), context.arguments.amend));
}

Result<void, ExitCode> confirmed(const Context& context, const std::string& run) {
  const auto language = context.style.language;
  if (!context.can_ask && !context.arguments.yes) return failure(context.fail(ExitCode::waiting, say(language, needs_yes, run)));
  if (!agreed(context, say(language, go_on, run)))
    return failure(context.fail(ExitCode::stopped, std::string(not_amended.in(language))));
  return {};
}

}  // namespace

ExitCode closed_for_amending(const Context& context, const StoredRun& run) {
  return context.fail(ExitCode::locked, say(context.style.language, has_ended, run.row.id.text(), run.row.status));
}

Result<void, ExitCode> amend_run(const Context& context, Store& store, StoredRun& run) {
  const auto id = run.row.id;
  const auto language = context.style.language;
  // Held while the operator reads: nothing moves between what is shown and what is recorded.
  const auto lock = lock_engine(store, id, std::chrono::seconds(2));
  if (!lock) return failure(context.fail(lock.error()));
  auto current = load_run(context, store, id.text());
  if (!current) return failure(current.error());
  if (current->row.closed) return failure(closed_for_amending(context, *current));
  auto corrected = corrected_runbook(context, current->snapshot);
  if (!corrected) return failure(corrected.error());
  const State state = fold(*current);
  const auto shown = differences_shown(state.ungrown(), corrected->plan, context.style);
  if (state.plan().digest == corrected->plan.digest && shown.empty()) {  // also after a crash that came too late
    context.terminal.line(say(language, the_same, context.arguments.amend, id.text()));
    run = std::move(*current);
    return {};
  }
  const auto prepared = prepare_amendment(store, id, state, corrected->plan, context.person, context.arguments.reason, now());
  if (!prepared) return failure(context.fail(prepared.error()));
  for (const auto& line : shown) context.terminal.line(line);
  if (!prepared->obstacles.empty()) return failure(refuse(context, run, prepared->obstacles));
  for (const auto& line : consequences_shown(state, corrected->plan, prepared->amended, id.text(), context.style))
    context.terminal.line(line);
  if (const auto yes = confirmed(context, id.text()); !yes) return yes;
  const std::string title = current->snapshot.undoes.empty()
                                ? cel::preview(corrected->plan.runbook.title.text,
                                               unit_scope(corrected->plan.runbook.units[0], corrected->plan.environment))
                                : current->row.title;
  const Resnapshot given{title, corrected->snapshot.inputs.path, corrected->plan.digest, encode_snapshot(corrected->snapshot)};
  if (const auto stored = store_amendment(store, id, *prepared, given); !stored) return failure(context.fail(stored.error()));
  context.terminal.line(
      say(language, amended, id.text(), prepared->amended.from.substr(0, 12), prepared->amended.digest.substr(0, 12)));
  auto again = load_run(context, store, id.text());
  if (!again) return failure(again.error());
  run = std::move(*again);
  return {};
}

}  // namespace runbook
