#include "cli/new_run.h"

#include <fmt/format.h>

#include <chrono>
#include <span>
#include <thread>

#include "cli/session.h"

namespace runbook {

RunCreated created_by(const Context& context, const Plan& plan, Record answers) {
  RunCreated out;
  out.by = context.person;
  out.host = context.host;
  out.digest = plan.digest;
  out.reason = context.arguments.reason;
  out.ticket = context.arguments.ticket;
  out.parallel = context.arguments.parallel;
  out.close_on_failure = context.arguments.close;
  out.answers = std::move(answers);
  return out;
}

Result<void, ExitCode> create(const Context& context, Store& store, const NewRun& run, const RunCreated& created) {
  const Body first_body = created;
  const Row first{1, now(), std::string(event_type(first_body)), encode_body(first_body)};
  const Instant until = now() + context.arguments.wait_lock.value_or(Duration{});
  for (bool said = false;;) {
    hold_signals();
    const auto made = store.create(run, std::span(&first, 1));
    if (made) return {};
    release_signals();
    if (made.error().kind != StoreError::Kind::lock_taken || now() >= until) return failure(context.fail(made.error()));
    if (!said) context.terminal.line("waiting for the lock: " + made.error().what);
    said = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

Result<void, ExitCode> somebody_to_ask(const Context& context) {
  if (!context.arguments.step_by_step || context.can_ask) return {};
  return failure(context.fail(ExitCode::usage,
                              "--step asks before each step that changes something: it needs a terminal, and not --no-input; "
                              "nothing was started"));
}

}  // namespace runbook
