// What a person's request leads to: the events, or a refusal that says why. Signals are requests too.
#pragma once
#include "run/state.h"

namespace runbook {

struct Request {
  enum class What { stop, interrupt, answer, approve, reject, resolve, note, resume, pause, rerun } what{};
  std::string step;        // path
  std::int64_t item = -1;  // of a list of items
  Value answer;            // true, false, a text; of `resolve`: done, not-done, failed, skipped
  std::string reason;
  Record outputs;             // of `resolve --output`
  Record answers;             // of `resume`: flags
  bool hard = false;          // the second Ctrl-C
  bool downstream = false;    // of `rerun`: what needs the step runs again, too
  std::uint64_t wait = 0;     // the `waiting` event it answers; 0: the present one
  std::int64_t attempt = -1;  // of `resolve`: the step's latest when the person looked at it; -1: whichever it is
  std::uint64_t engine = 0;   // of `stop`: the `engine_attached` event of the engine it is meant for; 0: whichever is there
  Person by;
  std::vector<std::string> groups;  // of the OS user, for `by: [group:N]`
  Instant at{};                     // when it was made: what comes after its question's time answers nothing
};
std::string_view name_of(Request::What what);  // "approve"
std::string encode_request(const Request& request);
Result<Request, std::string> decode_request(std::string_view json);

std::vector<Body> accept(const Plan& plan, const State& state, const Request& request);
// Why it would be refused as things stand; empty: it would be taken. Asked before a request is filed, and before one is proposed.
std::string refusal(const Plan& plan, const State& state, const Request& request);

}  // namespace runbook
