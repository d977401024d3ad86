// Commands by which people take part: an answer is filed as a request; a living engine takes it at once, `resume` later.
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/shared_sentences.h"
#include "drive/record_request.h"
#include "view/reasons.h"
#include "view/sentences.h"

namespace runbook {
namespace {

constexpr Sentence refused{"refused: {}", "거부됨: {}"}, recorded{"recorded for run {}", "실행 {} 에 기록했습니다"},
    for_its_operator{"recorded for run {0}; its operator goes on with: runbook resume {0}",
                     "실행 {0} 에 기록했습니다. 운영자가 이어서: runbook resume {0}"},
    taken_now{"recorded for run {}; its engine (pid {}) takes it now", "실행 {} 에 기록했습니다. 엔진(pid {})이 지금 받습니다"},
    next_is{"recorded for run {0}; next: runbook resume {0}", "실행 {0} 에 기록했습니다. 다음: runbook resume {0}"},
    whole_id{"of another user's run the whole id is needed", "다른 사용자의 실행은 id 전체가 필요합니다"},
    no_needs_reason{"--no needs --reason \"...\"", "--no 에는 --reason \"...\" 이 필요합니다"};

ExitCode refuse(const Context& context, const std::string& why) {
  const auto language = context.style.language;
  return context.fail(ExitCode::usage, say(language, refused, reason_in(why, language)));
}

// What the engine would say to it now, told before it is filed: the sender sits here.
std::string objection(const StoredRun& run, Request request) {
  request.at = now();
  const State state = fold(run);
  return refusal(state.plan(), state, request);
}

// Somebody else's run: it cannot be read, so the answer is filed unseen, and the run's engine judges it.
ExitCode file_unseen(const Context& context, Store& store, const Request& request) {
  const auto id = RunId::parse(context.arguments.run);
  if (!id) return context.fail(ExitCode::usage, std::string(whole_id.in(context.style.language)));
  if (const auto filed = store.submit(*id, now(), encode_request(request)); !filed) return context.fail(filed.error());
  context.terminal.line(say(context.style.language, for_its_operator, id->text()));
  return ExitCode::done;
}

bool is_pending(const Store& store, const RunId& run, const std::string& body) {
  const auto rows = store.requests(run);
  return rows && std::any_of(rows->begin(), rows->end(), [&](const RequestRow& row) { return row.body == body; });
}

// What is said about a closed run, to which no engine will come back, and what an engine is to find done.
// `filed`: what was filed for an engine, and is recorded only if that has not taken it.
ExitCode record_at_once(const Context& context, Store& store, const StoredRun& run, const Request& request,
                        const std::string& filed = "") {
  const auto lock = lock_engine(store, run.row.id, std::chrono::seconds(2));
  if (!lock) return context.fail(lock.error());
  if (!filed.empty() && !is_pending(store, run.row.id, filed)) return ExitCode::done;
  const auto refusal = record_request(store, run.plan, run.row.id, request, now());
  if (!refusal) return context.fail(refusal.error());
  if (!refusal->empty()) return refuse(context, *refusal);
  context.terminal.line(say(context.style.language, run.row.closed ? recorded : next_is, run.row.id.text()));
  return ExitCode::done;
}

// Names what the person has seen: an answer that comes too late is for nothing that is asked later.
void name_what_is_answered(const StoredRun& run, Request& request) {
  const State state = fold(run);
  const auto step = state.plan().find(request.step);
  if (!step) return;
  const auto& s = state.steps[*step];
  if (s.question && !s.question->answer) request.wait = s.question->seq;
  request.attempt = s.attempts;
}

ExitCode file(const Context& context, Request request) {
  auto store = context.open_store(Access::write);
  if (!store) return context.fail(store.error());
  if (const auto rows = (*store)->runs(); !rows && rows.error().kind == StoreError::Kind::refused)
    return file_unseen(context, **store, request);
  auto run = load_run(context, **store, context.arguments.run);
  if (!run) return run.error();
  const std::string id = run->row.id.text();
  const bool is_follow_up = request.step.starts_with("after/");
  if (run->row.closed && (is_follow_up || request.what == Request::What::note))
    return record_at_once(context, **store, *run, request);
  if (!request.step.empty() && !is_follow_up && !fold(*run).plan().find(request.step))
    return context.fail(ExitCode::usage, say(context.style.language, no_such_step, id, request.step));
  name_what_is_answered(*run, request);
  if (const auto why = objection(*run, request); !why.empty()) return refuse(context, why);
  const auto body = encode_request(request);
  if (const auto filed = (*store)->submit(run->row.id, now(), body); !filed) return context.fail(filed.error());
  // Its last engine may have looked for the last time just before.
  if (const auto after = find_run(context, **store, id); after && after->closed && request.what == Request::What::note)
    return record_at_once(context, **store, *run, request, body);
  const auto owner = engine_owner(**store, run->row.id);
  if (owner && owner->alive) context.terminal.line(say(context.style.language, taken_now, id, owner->pid));
  else context.terminal.line(say(context.style.language, next_is, id));
  return ExitCode::done;
}

}  // namespace

ExitCode confirm_command(const Context& context) {
  const auto& a = context.arguments;
  Request r = request_of(context, Request::What::answer);
  r.item = a.item ? *a.item - 1 : -1;
  if (a.no) r.answer = Value(false);
  else if (!a.answer.empty()) r.answer = Value(a.answer);
  else r.answer = Value(true);
  if (a.no && a.reason.empty()) return context.fail(ExitCode::usage, std::string(no_needs_reason.in(context.style.language)));
  return file(context, r);
}

ExitCode approve_command(const Context& context) { return file(context, request_of(context, Request::What::approve)); }
ExitCode reject_command(const Context& context) { return file(context, request_of(context, Request::What::reject)); }

ExitCode resolve_command(const Context& context) {
  Request r = request_of(context, Request::What::resolve);
  r.answer = Value(context.arguments.as);
  for (const auto& text : context.arguments.outputs) {
    const auto pair = split_pair(text);
    if (!pair) return context.fail(ExitCode::usage, fmt::format("--set takes NAME=VALUE, not `{}`", text));
    r.outputs.insert_or_assign(pair->first, Value(pair->second));
  }
  return file(context, r);
}

// Only where no engine works: what is under way has read what the step left.
ExitCode rerun_command(const Context& context) {
  auto store = context.open_store(Access::write);
  if (!store) return context.fail(store.error());
  const auto run = load_run(context, **store, context.arguments.run);
  if (!run) return run.error();
  Request r = request_of(context, Request::What::rerun);
  r.downstream = context.arguments.downstream;
  if (!fold(*run).plan().find(r.step))
    return context.fail(ExitCode::usage, say(context.style.language, no_such_step, run->row.id.text(), r.step));
  name_what_is_answered(*run, r);
  return record_at_once(context, **store, *run, r);
}

ExitCode note_command(const Context& context) {
  Request r = request_of(context, Request::What::note);
  r.reason = context.arguments.text;
  return file(context, r);
}

}  // namespace runbook
