// What happened, and in which words it is written down. A decision is an event that is not yet committed.
// Each event lists its fields once; JSON out and JSON in follow from that list.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cel/expression.h"
#include "plan/differences.h"
#include "plan/plan.h"
#include "plan/status.h"
#include "run/attempt.h"

namespace runbook {

// What a person is asked about a step.
enum class Ask { manual, approve, confirm, optional, no_data, in_doubt, again };

// how: "terminal", "command", "flag"
struct Person {
  std::string name;
  std::int64_t uid = -1;
  std::string how;
  bool operator==(const Person&) const = default;
};
struct Item {
  std::string text, input;
  bool optional = false;
  bool operator==(const Item&) const = default;
};

struct RunCreated {
  Person by;
  std::string host, digest, reason, ticket;
  std::int64_t parallel = 8;
  bool close_on_failure = false;
  Record answers;
};
struct EngineAttached {
  std::string host, world;
  std::int64_t pid = 0;
};
struct EngineDetached {
  std::string why;
};
// its needs are met and its `when` held
struct StepAdmitted {
  std::string step;
  Value operands;
};
struct StepSkipped {
  std::string step, why;
  Value operands;
  Person by;
};
// What a `for_each` runs for, evaluated once: whoever goes on with the run reads it here.
struct Expanded {
  std::string step;
  std::vector<Element> items;
};
struct AttemptStarting {
  std::string step;
  std::int64_t k = 0;
  Instant deadline;
  bool durable = true;
  Stamp stamp;
  std::string digest;
};
struct AttemptFinished {
  std::string step;
  std::int64_t k = 0;
  Outcome outcome{};
  cel::Verdict verdict{};
  std::string why;  // one line: "exit == 0: 1 == 0"
  Value operands;   // the explanation of the verdict
  Record outputs, lasting, facts;
  std::string remark;
  bool final = false;  // done, and not to be tried again whatever `retry` says: its effect is there
  Instant started, ended;
  bool unchanged = false;  // certainly nothing of it lasts
  bool operator==(const AttemptFinished&) const = default;
};
// Tries of a step that only reads and that said what the one before them had said: counted. k, times and what was printed are
// those of the latest.
struct Polled {
  std::string step;
  std::int64_t k = 0, count = 1;
  Record lasting, facts;
  Instant started, ended;
};
// Either what the attempt must have on record before it goes on, or a verdict before the end that it decides: met, the attempt
// makes its effect last (COMMIT); else it takes it back.
struct AttemptProgress {
  std::string step;
  std::int64_t k = 0;
  Record what;
  std::optional<AttemptFinished> prepared{};
};
struct AttemptCancelling {
  std::string step;
  std::int64_t k = 0;
  CancelReason why{};
  bool hard = false;
};
struct AttemptInDoubt {
  std::string step;
  std::int64_t k = 0;
  std::string evidence;
  Record facts;
};
struct StepFinished {
  std::string step;
  StepStatus status{};
  std::string why;
};
// It failed, and its `rescue` begins.
struct Rescuing {
  std::string step, why;
};
struct Waiting {
  std::string step;
  Ask what{};
  std::string sentence;
  std::vector<Item> items;
  std::vector<std::string> choices, by;
  std::string input;
  std::int64_t count = 1;
  bool not_operator = false;
  std::optional<Instant> until;
};
struct Answered {
  std::string step;
  std::int64_t item = -1;
  Value answer;
  std::string reason;
  Person by;
  Record outputs;
};
struct StopRequested {
  Person by;
  std::string reason;
  bool close = false, hard = false;
  bool pause = false;  // what runs is left to end, and keeps its place
};
struct RequestRefused {
  Person by;
  std::string what, why;
};
struct Noted {
  Person by;
  std::string text;
};
// One of the runbook's `after`, by its number from 1: settled, or left.
struct FollowedUp {
  std::int64_t number = 0;
  bool done = true;
  std::string reason;
  Person by;
};
// A channel of `notify` (by its place in the list, from 1) was told of an event, or could not be.
struct Notified {
  std::int64_t of = 0, channel = 0;
  Notice what{};
  bool delivered = false;
  std::string why;
};
struct Resumed {
  Person by;
  std::vector<std::string> set_back;
  Record answers;
};
// permitted: somebody wants them to run again (`rerun`), from their beginning: nobody is asked whether that is safe.
struct SetBack {
  std::vector<std::string> steps;
  std::string why;
  bool permitted = false;
  Person by{};
};
// What differs of the plan that the run goes by from here on: a step by its path, or another part by its key.
struct AmendedPart {
  std::string name;
  Differs how{};
  std::vector<std::string> fields;  // of what was changed
};
// The run goes on by a corrected runbook. Its sources stand in the store, in the order of these events.
struct RunAmended {
  Person by;
  std::string reason, file, from, digest;
  std::vector<AmendedPart> steps, parts;
  std::vector<std::string> set_back;     // they had begun, and begin anew as they are now
  std::vector<std::string> asked_again;  // approvals that named the plan before
  std::vector<std::string> kept;         // they have ended as they were then, and do not run again
};
struct RunClosing {
  RunStatus status{};
};
struct RunSettled {
  RunStatus status{};
};
struct RunFinished {
  RunStatus status{};
};

using AnyBody = std::variant<RunCreated, EngineAttached, EngineDetached, StepAdmitted, StepSkipped, Expanded, AttemptStarting,
                             AttemptProgress, AttemptCancelling, AttemptFinished, Polled, AttemptInDoubt, StepFinished, Rescuing,
                             Waiting, Answered, StopRequested, RequestRefused, Noted, FollowedUp, Notified, Resumed, SetBack,
                             RunAmended, RunClosing, RunSettled, RunFinished>;
struct Body : AnyBody {
  using AnyBody::AnyBody;
  // Not here: copies of all alternatives would be compiled in every file that knows an event.
  Body(const Body& other);
  Body(Body&& other) noexcept;
  Body& operator=(const Body& other);
  Body& operator=(Body&& other) noexcept;
  ~Body();
};
// The numbers ascend; those of tries that were joined to one `polled` are missing.
struct Event {
  std::uint64_t seq = 0;
  Instant at;
  Body body;
};

std::string_view event_type(const Body& body);  // "attempt_finished"
std::string encode_body(const Body& body);      // its fields as JSON
// Nothing for a type of a newer version: kept in the store and skipped here. The error is a sentence.
Result<std::optional<Body>, std::string> decode_body(std::string_view type, std::string_view json);

// A step's state as texts show it: "succeeded", "in_doubt".
std::string_view name_of(StepStatus status);
std::string_view name_of(RunStatus status);
std::string_view name_of(Ask ask);
std::string_view name_of(Outcome outcome);
std::string_view name_of(cel::Verdict verdict);
std::string_view name_of(Notice notice);

}  // namespace runbook
