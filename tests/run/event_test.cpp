#include "tests/run/staged_run.h"

using namespace runbook;
using namespace runbook::tests;

TEST_CASE("every event comes back from its text") {
  const Person by{"name", 7, "command"};
  const Value odd = Value::Map{
      {Value("u"), Value(std::uint64_t{1})}, {Value("d"), Value(0.5)}, {Value("t"), Value(std::chrono::nanoseconds(1500))}};
  const Stamp stamp{3, "nonce", "world", "key"};
  const std::vector<Body> all{
      RunCreated{by, "host", "digest", "reason", "ticket", 3, true, {{"with:a", true}}},
      EngineAttached{"h", "w", 1},
      EngineDetached{"why"},
      StepAdmitted{"a", odd},
      StepSkipped{"a", "why", odd, by},
      Expanded{"a", {{"x", odd}, {"y", 2}}},
      AttemptStarting{"a", 2, start_of_time(), false, stamp, "d"},
      AttemptProgress{"a", 2, {{"x", odd}}},
      AttemptCancelling{"a", 2, CancelReason::stop, true},
      AttemptFinished{"a",
                      2,
                      Outcome::timed_out,
                      cel::Verdict::no_data,
                      "why",
                      odd,
                      {{"o", odd}},
                      {{"l", 1}},
                      {{"f", "x"}},
                      "remark",
                      true,
                      start_of_time(),
                      start_of_time(),
                      true},
      Polled{"a", 7, 5, {{"l", 1}}, {{"f", "x"}}, start_of_time(), start_of_time()},
      AttemptInDoubt{"a", 2, "evidence", {{"f", 1}}},
      StepFinished{"a", StepStatus::cancelled, "why"},
      Rescuing{"a", "why"},
      Waiting{"a", Ask::approve, "sentence", {{"item", "int", true}}, {"x"}, {"user:n"}, "string", 2, true, start_of_time()},
      Answered{"a", 1, odd, "reason", by, {{"o", 1}}},
      StopRequested{by, "reason", true, true, true},
      RequestRefused{by, "what", "why"},
      Noted{by, "text"},
      FollowedUp{2, false, "reason", by},
      Notified{7, 1, Notice::in_doubt, false, "why"},
      Resumed{by, {"a", "b"}, {{"x", 1}}},
      SetBack{{"a"}, "why"},
      RunAmended{by,
                 "reason",
                 "/f",
                 "old",
                 "new",
                 {{"a", Differs::changed, {"script"}}},
                 {{"lock", Differs::removed, {}}},
                 {"a"},
                 {"b"},
                 {"c"}},
      RunClosing{RunStatus::failed},
      RunSettled{RunStatus::waiting},
      RunFinished{RunStatus::refused}};
  CHECK(all.size() == std::variant_size_v<AnyBody>);
  for (const Body& body : all) {
    const auto back = decode_body(event_type(body), encode_body(body));
    INFO(event_type(body));
    REQUIRE(back);
    REQUIRE(*back);
    CHECK((*back)->index() == body.index());
    CHECK(encode_body(**back) == encode_body(body));
    CHECK_FALSE(decode_body(event_type(body), "[]"));
    CHECK_FALSE(decode_body(event_type(body), encode_body(body).substr(1)));
  }
}

TEST_CASE("an event of a newer version is skipped, one with fewer fields has the defaults, a damaged one is refused") {
  const auto newer = decode_body("step_teleported", "{}");
  REQUIRE(newer);
  CHECK_FALSE(*newer);
  const auto older = decode_body("attempt_starting", R"({"step": "a", "k": 1})");
  REQUIRE(older);
  CHECK(std::get<AttemptStarting>(**older).stamp.slot == -1);
  CHECK_FALSE(decode_body("attempt_starting", R"({"step": 1})"));
  CHECK_FALSE(decode_body("step_finished", R"({"step": "a", "status": "splendid"})"));
}
