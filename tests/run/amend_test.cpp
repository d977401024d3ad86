// A run goes on by a corrected runbook: what is kept, what begins anew, what is asked again, and when it may not be.
#include "tests/run/staged_run.h"

using namespace runbook;
using namespace runbook::tests;
using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

namespace {

void resume(StagedRun& run) { run.ask({.what = Request::What::resume}); }

const RunAmended& amendment_of(const StagedRun& run) {
  for (auto event = run.events.rbegin(); event != run.events.rend(); ++event)
    if (const auto* found = std::get_if<RunAmended>(&event->body)) return *found;
  FAIL("it was not amended");
  std::abort();
}

bool folds_the_same(const StagedRun& run) {
  State again(run.state.written());
  for (const auto& event : run.events) {
    const auto body = decode_body(event_type(event.body), encode_body(event.body));
    REQUIRE((body && *body));
    again.apply({event.seq, event.at, **body});
  }
  return again == run.state;
}

const std::string three = R"(
steps:
  - { id: one, shell: first, changes: a }
  - { id: two, shell: secnd, changes: b, rerun: safe }
  - { id: three, shell: third, changes: c }
)";
const std::string mended = R"(
steps:
  - { id: one, shell: other, changes: a }
  - { id: two, shell: second, changes: b, rerun: safe }
  - { id: between, shell: look, changes: none }
  - { id: three, shell: third, changes: c }
)";

}  // namespace

TEST_CASE("a step that failed runs as it was corrected, what had run is kept, and new steps join") {
  StagedRun run(three);
  run.finish("one").finish("two", 1);
  CHECK(run.ended() == "settled failed");
  const std::string before = run.state.plan().digest;
  CHECK(run.amend(mended) == Strings{});
  CHECK(run.state.plan().digest != before);
  CHECK(amendment_of(run).from == before);
  CHECK(amendment_of(run).digest == run.state.plan().digest);
  CHECK(amendment_of(run).kept == Strings{"one"});
  CHECK(amendment_of(run).set_back == Strings{"two"});
  REQUIRE(amendment_of(run).steps.size() == 4);
  CHECK(amendment_of(run).steps[1].fields == Strings{"script"});
  CHECK(amendment_of(run).steps[2].how == Differs::added);
  resume(run);
  CHECK(run.running() == Strings{"two"});
  CHECK(run.at("two").attempts == 2);
  run.finish("two");
  CHECK(run.running() == Strings{"between"});
  run.finish("between").finish("three");
  CHECK(run.ended() == "finished succeeded");
  CHECK(folds_the_same(run));
}

TEST_CASE("files keep their numbers, whatever is put before a step") {
  StagedRun run(three);
  run.finish("one").finish("two", 1);
  const auto number = [&](const char* path) { return run.state.plan().at(run.index(path)).number; };
  const auto two = number("two"), last = number("three");
  REQUIRE(run.amend(mended).empty());
  CHECK(number("two") == two);
  CHECK(number("three") == last);
  CHECK(number("between") == 3);
  REQUIRE(run.amend(three).empty());  // one that is gone leaves its number to nobody
  REQUIRE(run.amend("steps:\n  - { id: zero, shell: z, changes: a }\n" + three.substr(three.find("  - "))).empty());
  CHECK(number("zero") == 4);
}

TEST_CASE("what is not the run's any more, or cannot be read as it is now, is refused, and nothing changes") {
  struct Case {
    const char* text;
    const char* why;
  };
  const auto c = GENERATE(values<Case>({
      {"steps:\n  - { id: two, shell: x, changes: b }\n", "step `one` is not there any more, and it has run (succeeded)"},
      {"steps:\n  - { id: one, manual: 'done?', timeout: 5m }\n  - { id: two, shell: x, changes: b }\n",
       "step `one` was shell and is manual now"},
      {"steps:\n  - { id: one, shell: a, changes: a }\n  - { id: two, steps: [{ id: x, shell: x, changes: b }] }\n",
       "step `two` was shell and is group now"},
      {"lock: db\nsteps:\n  - { id: one, shell: a, changes: a }\n  - { id: two, shell: x, changes: b }\n",
       "its `lock` is another one"},
  }));
  StagedRun run(three);
  run.finish("one").finish("two", 1);
  const auto events = run.events.size();
  const auto obstacles = run.amend(c.text);
  REQUIRE(obstacles.size() == 1);
  CHECK_THAT(obstacles[0], Catch::StartsWith(c.why));
  CHECK(run.events.size() == events);
}

TEST_CASE("a failed step may become another kind: what it left is not read any more") {
  StagedRun run(three);
  run.finish("one").finish("two", 1);
  const bool may_change = GENERATE(false, true);
  REQUIRE(run.amend("steps:\n  - { id: one, shell: first, changes: a }\n  - { id: two, manual: 'done by hand?', timeout: 5m" +
                    std::string(may_change ? "" : ", rerun: safe") + " }\n")
              .empty());
  resume(run);
  // Whether it may be started once more is asked of whoever has not said that it is safe.
  if (may_change) run.ask({.what = Request::What::resolve, .step = "two", .answer = "not-done", .reason = "seen"});
  CHECK(run.asked() == Strings{"two: manual"});
}

TEST_CASE("an attempt under way and an undecided doubt stand in the way; what is decided does not") {
  StagedRun run(three);
  CHECK_THAT(run.amend(mended).at(0), Catch::StartsWith("step `one` runs"));
  run.in_doubt("one");
  CHECK_THAT(run.amend(mended).at(0), Catch::StartsWith("step `one` is in doubt"));
  run.ask({.what = Request::What::resolve, .step = "one", .answer = "not-done", .reason = "seen"});
  run.ask({.what = Request::What::pause});
  run.finish("one");
  CHECK(run.amend(mended).empty());
  CHECK(amendment_of(run).kept == Strings{"one"});
  resume(run);
  CHECK(run.running() == Strings{"two"});
  CHECK(folds_the_same(run));
}

TEST_CASE("what only reads is looked at again as it is now, also when its engine died") {
  StagedRun run("steps:\n  - { id: wait, shell: look, changes: none, retry: { every: 5s, for: 1m } }\n");
  run.finish("wait", 1);
  run.pass(5s);
  CHECK(run.running() == Strings{"wait"});
  REQUIRE(run.amend("steps:\n  - { id: wait, shell: look, changes: none, expect: exit == 1, retry: { every: 5s, for: 1m } }\n")
              .empty());
  CHECK(run.state.open_attempts == 0);
  run.settle();
  CHECK(run.running() == Strings{"wait"});
  CHECK(run.at("wait").attempts == 3);
  run.finish("wait", 1);
  CHECK(run.ended() == "finished succeeded");
  CHECK(folds_the_same(run));
}

TEST_CASE("an approval named the plan before: it is asked again for what has not begun, and holds for what has") {
  const std::string before = R"(
preconditions:
  - { id: go, approve: { ask: 'go?', by: Boss }, timeout: 1h }
steps:
  - { id: early, approve: { ask: 'early?', by: Boss }, timeout: 1h }
  - { id: one, shell: first, changes: a, needs: [early] }
  - { id: late, approve: { ask: 'late?', by: Boss }, timeout: 1h }
  - { id: two, shell: second, changes: b, rerun: safe }
)";
  StagedRun run(before);
  for (const char* step : {"preconditions:go", "early"})
    run.ask({.what = Request::What::approve, .step = step, .by = second_person});
  run.finish("one");
  run.ask({.what = Request::What::approve, .step = "late", .by = second_person});
  run.finish("two", 1);
  REQUIRE(run.ended() == "settled failed");
  std::string after = before;
  after.replace(after.find("second"), 6, "other");
  REQUIRE(run.amend(after).empty());
  // Whoever approved `early` approved of `one`, too, by what it stands before; `two` needs `one`.
  CHECK(amendment_of(run).asked_again == Strings{"preconditions:go", "early", "late"});
  resume(run);
  CHECK(run.asked() == Strings{"preconditions:go: approve"});
  run.ask({.what = Request::What::approve, .step = "preconditions:go", .by = second_person});
  CHECK(run.asked() == Strings{"early: approve"});
  CHECK(run.running().empty());

  SECTION("given, the run goes on") {
    run.ask({.what = Request::What::approve, .step = "early", .by = second_person});
    run.ask({.what = Request::What::approve, .step = "late", .by = second_person});
    CHECK(run.running() == Strings{"two"});
    run.finish("two");
    CHECK(run.ended() == "finished succeeded");
    CHECK(run.at("one").attempts == 1);
  }
  SECTION("refused, it closes as any other") {
    run.ask({.what = Request::What::reject, .step = "early", .reason = "no", .by = second_person});
    CHECK(run.ended() == "finished cancelled");
  }
  CHECK(folds_the_same(run));
}

TEST_CASE(
    "an approval before the first step that is not given again stops the run, which does not say that nothing was changed") {
  const std::string text = R"(
preconditions:
  - { id: go, approve: { ask: 'go?', by: Boss }, timeout: 1h }
steps:
  - { id: one, shell: first, changes: a }
  - { id: two, shell: secnd, changes: b, rerun: safe }
)";
  StagedRun run(text);
  run.ask({.what = Request::What::approve, .step = "preconditions:go", .by = second_person});
  run.finish("one").finish("two", 1);
  std::string after = text;
  after.replace(after.find("secnd"), 5, "second");
  REQUIRE(run.amend(after).empty());
  resume(run);
  SECTION("refused") {
    run.ask({.what = Request::What::reject, .step = "preconditions:go", .reason = "no", .by = second_person});
    CHECK(run.ended() == "finished cancelled");
  }
  SECTION("nobody answers: it can be asked once more") {
    run.pass(2h);
    CHECK(run.ended() == "settled failed");
    resume(run);
    CHECK(run.asked() == Strings{"preconditions:go: approve"});
    run.ask({.what = Request::What::approve, .step = "preconditions:go", .by = second_person});
    CHECK(run.running() == Strings{"two"});
  }
  CHECK(folds_the_same(run));
}

TEST_CASE("an answer to a question that was asked by the plan before is too late") {
  StagedRun run(
      "steps:\n  - { id: ask, approve: { ask: 'go?', by: Boss }, timeout: 1h }\n  - { id: one, shell: a, changes: a }\n");
  const auto seq = run.at("ask").question->seq;
  REQUIRE(
      run.amend(
             "steps:\n  - { id: ask, approve: { ask: 'go?', by: Boss }, timeout: 1h }\n  - { id: one, shell: b, changes: a }\n")
          .empty());
  run.settle();
  CHECK(run.ask({.what = Request::What::approve, .step = "ask", .wait = seq, .by = second_person}) ==
        "the question it answers is no longer asked");
  CHECK(run.ask({.what = Request::What::approve, .step = "ask", .by = second_person}).empty());
  CHECK(run.running() == Strings{"one"});
}

TEST_CASE("what an amendment adds to a group that has ended is done, and to one that was skipped is not") {
  StagedRun run(R"(
steps:
  - { id: done, steps: [{ id: a, shell: a, changes: a }] }
  - { id: left, when: 1 == 2, steps: [{ id: b, shell: b, changes: b }] }
  - { id: last, shell: z, changes: z, rerun: safe }
)");
  run.finish("done/a").finish("last", 1);
  REQUIRE(run.amend(R"(
preconditions:
  - { id: late, shell: look }
steps:
  - { id: done, steps: [{ id: a, shell: a, changes: a }, { id: more, shell: m, changes: m }] }
  - { id: left, when: 1 == 2, steps: [{ id: b, shell: b, changes: b }, { id: also, shell: c, changes: c }] }
  - { id: last, shell: z, changes: z, rerun: safe }
)")
              .empty());
  CHECK(run.status("left/also") == "skipped");
  CHECK(run.status("preconditions:late") == "skipped");
  resume(run);
  CHECK(run.running() == Strings{"done/more"});
  run.finish("done/more");
  CHECK(run.status("done") == "succeeded");
  CHECK(run.running() == Strings{"last"});
  run.finish("last");
  CHECK(run.ended() == "finished succeeded");
  CHECK(folds_the_same(run));
}

TEST_CASE("the elements of a list stay as they were read, and what is added is done for each") {
  StagedRun run(R"(
steps:
  - { id: each, for_each: [x, y], steps: [{ id: a, shell: a, changes: a, rerun: safe }] }
)");
  run.finish("each[x]/a").finish("each[y]/a", 1);
  REQUIRE(run.amend(R"(
steps:
  - { id: each, for_each: [x, y, z], steps: [{ id: a, shell: other, changes: a, rerun: safe }, { id: b, shell: b, changes: b }] }
)")
              .empty());
  CHECK(amendment_of(run).kept == Strings{"each[]/a"});
  CHECK(amendment_of(run).set_back == Strings{"each", "each[y]/a"});
  resume(run);
  CHECK(run.running() == Strings{"each[x]/b"});
  run.finish("each[x]/b");
  run.finish("each[y]/a").finish("each[y]/b");
  CHECK(run.ended() == "finished succeeded");
  CHECK_FALSE(run.state.plan().find("each[z]"));
  CHECK(folds_the_same(run));
}

TEST_CASE("a step that has not begun is gone without a trace, one that waits for what is new waits again") {
  StagedRun run(R"(
steps:
  - { id: one, shell: a, changes: a }
  - { id: ask, manual: 'done?', timeout: 1h }
  - { id: gone, shell: g, changes: g }
)");
  run.finish("one");
  CHECK(run.asked() == Strings{"ask: manual"});
  REQUIRE(run.amend(R"(
steps:
  - { id: one, shell: a, changes: a }
  - { id: first, shell: f, changes: f }
  - { id: ask, manual: 'done?', timeout: 1h }
)")
              .empty());
  CHECK(run.asked().empty());
  run.settle();
  CHECK(run.running() == Strings{"first"});
  CHECK_FALSE(run.state.plan().find("gone"));
  run.finish("first");
  CHECK(run.asked() == Strings{"ask: manual"});
  CHECK(folds_the_same(run));
}
