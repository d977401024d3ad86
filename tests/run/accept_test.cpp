#include "tests/run/staged_run.h"

using namespace runbook;
using namespace runbook::tests;
using What = Request::What;
using namespace std::chrono_literals;

TEST_CASE("an approval is given by the right people only, each once") {
  StagedRun run(
      "approver: Lead\nsteps:\n  - id: a\n    approve: {ask: \"may it?\", by: [\"user:second\", \"group:dba\"], count: 2, not_operator: true}\n    timeout: 10m\n");
  CHECK_THAT(run.ask({.what = What::approve, .step = "a", .answer = true}), Catch::Contains("whoever runs it"));
  CHECK_THAT(run.ask({.what = What::approve, .step = "a", .answer = true, .by = {"stranger", 1005, "command"}}),
             Catch::Contains("it may be approved by user:second, group:dba"));
  CHECK(run.ask({.what = What::approve, .step = "a", .answer = true, .by = second_person}).empty());
  CHECK(run.status("a") == "waiting");
  CHECK_THAT(run.ask({.what = What::approve, .step = "a", .answer = true, .by = second_person}), Catch::Contains("already"));
  CHECK(
      run.ask({.what = What::approve, .step = "a", .answer = true, .by = {"third", 1003, "command"}, .groups = {"users", "dba"}})
          .empty());
  CHECK(run.ended() == "finished succeeded");
}

TEST_CASE("a stop is for the engine that it names") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: it}\n");
  const auto first = run.state.attached;
  REQUIRE(first > 0);
  CHECK_THAT(run.ask({.what = What::stop, .engine = first + 1000}), Catch::Contains("has ended meanwhile"));
  CHECK(run.running() == std::vector<std::string>{"a"});
  CHECK(run.ask({.what = What::stop, .engine = first}).empty());
  CHECK(run.at("a").open->cancelling == CancelReason::stop);
}

TEST_CASE("an answer is for the question, and a resolution for the attempt, that its person saw") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: it}\n");
  run.in_doubt("a");
  const auto first = run.at("a").question->seq;
  CHECK(run.ask({.what = What::resolve, .step = "a", .answer = "not-done", .reason = "looked", .wait = first, .attempt = 1})
            .empty());
  run.in_doubt("a");
  const Asking late{.what = What::resolve, .step = "a", .answer = "done", .reason = "late", .wait = first, .attempt = 1};
  CHECK_THAT(run.ask(late), Catch::Contains("no longer asked"));
  CHECK_THAT(run.ask({.what = What::resolve, .step = "a", .answer = "done", .reason = "late", .attempt = 1}),
             Catch::Contains("started again"));
  CHECK(run.status("a") == "in_doubt");
  CHECK(run.ask({.what = What::resolve, .step = "a", .answer = "done", .reason = "looked", .attempt = 2}).empty());
}

TEST_CASE("a pause lets what runs end and keeps its place; a stop after it is a stop") {
  const std::string text =
      "steps:\n  - {id: a, needs: [], shell: x, changes: it}\n  - {id: b, needs: [], shell: x, changes: none, retry: {every: 1s, for: 1h}}\n"
      "  - {id: c, shell: x, changes: it}\n";
  StagedRun run(text);
  CHECK(run.ask({.what = What::pause, .reason = "lunch"}).empty());
  CHECK_FALSE(run.at("a").open->cancelling);
  run.finish("b", 1);
  CHECK(run.status("b") == "running");
  SECTION("resume goes on where it stood") {
    run.finish("a");
    CHECK(run.state.settled == RunStatus::interrupted);
    CHECK(run.status("a") == "succeeded");  // told at once: nobody has to guess what became of it
    CHECK(run.status("b") == "running");    // between two tries
    CHECK(run.ask({.what = What::resume}).empty());
    run.now += std::chrono::seconds(1);
    run.settle();
    run.finish("b").finish("c");
    CHECK(run.ended() == "finished succeeded");
    CHECK(run.at("a").attempts == 1);
  }
  SECTION("a step that fails meanwhile has failed, and so has the run") {
    run.finish("a", 1);
    CHECK(run.status("a") == "failed");
    CHECK(run.state.settled == RunStatus::failed);
    CHECK(run.ask({.what = What::resume}).empty());
    CHECK(run.asked() == std::vector<std::string>{"a: again"});
  }
  SECTION("stop") {
    CHECK(run.ask({.what = What::stop, .reason = "enough"}).empty());
    CHECK(run.at("a").open->cancelling == CancelReason::stop);
  }
  SECTION("there is nothing to pause in a run at rest") {
    run.finish("a");
    CHECK_THAT(run.ask({.what = What::pause}), Catch::Contains("nothing runs"));
  }
}

TEST_CASE("what was answered just before a stop is kept: nobody waits for it in a run that has ended") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: it}\n  - {id: b, shell: x, changes: it}\n");
  run.finish("a", 1);
  run.record(Resumed{operator_person, {}, {}});
  run.record(StopRequested{operator_person, "enough", true, false, false});
  for (auto& body : accept(run.state.plan(), run.state,
                           Asking{.what = What::resolve, .step = "a", .answer = "done", .reason = "by hand"}.request()))
    run.record(std::move(body));
  run.settle();
  CHECK(run.ended() == "finished cancelled");
  CHECK(run.status("a") == "succeeded");
  CHECK(run.at("a").why == "done by hand: by hand");
}

TEST_CASE("a refused approval closes the run") {
  StagedRun run(
      "approver: Lead\nsteps:\n  - {id: a, approve: {ask: \"may it?\"}, timeout: 10m}\n  - {id: b, shell: x, changes: none}\n");
  CHECK(run.ask({.what = What::reject, .step = "a", .reason = "not tonight", .by = second_person}).empty());
  CHECK(run.status("a") == "failed");
  CHECK(run.ended() == "finished cancelled");
}

TEST_CASE("nothing is tried again once an approval beside it is refused") {
  StagedRun run(
      "approver: Lead\nsteps:\n  - {id: a, needs: [], approve: {ask: \"may it?\"}, timeout: 10m}\n"
      "  - {id: b, needs: [], shell: x, changes: it, rerun: safe, retry: {every: 1s, for: 1m}}\n");
  run.finish("b", 1);
  run.now += std::chrono::seconds(1);  // both in one turn: the refusal, and the time for another try
  run.ask({.what = What::reject, .step = "a", .by = second_person});
  CHECK(run.running().empty());
  CHECK(run.at("b").attempts == 1);
}

TEST_CASE("requests that answer nothing are refused with a reason, and change nothing") {
  StagedRun run("approver: Lead\nsteps:\n  - {id: a, manual: \"done?\", timeout: 10m}\n  - {id: b, shell: x, changes: it}\n");
  const State before = run.state;
  CHECK_THAT(run.ask({.what = What::answer, .step = "nowhere", .answer = true}), Catch::Contains("no such step"));
  CHECK_THAT(run.ask({.what = What::answer, .step = "b", .answer = true}), Catch::Contains("waits for nobody"));
  CHECK_THAT(run.ask({.what = What::answer, .step = "a", .answer = true, .wait = 1}), Catch::Contains("no longer asked"));
  CHECK_THAT(run.ask({.what = What::approve, .step = "a", .answer = true}), Catch::Contains("not an approval"));
  CHECK_THAT(run.ask({.what = What::resolve, .step = "b", .answer = "done"}), Catch::Contains("reason"));
  CHECK_THAT(run.ask({.what = What::resolve, .step = "b", .answer = "perhaps", .reason = "x"}), Catch::Contains("as done"));
  State after = run.state;
  after.seq = before.seq;
  CHECK(after == before);
  CHECK(run.ask({.what = What::answer, .step = "a", .answer = true}).empty());
  CHECK_THAT(run.ask({.what = What::resolve, .step = "b", .answer = "done", .reason = "x"}), Catch::Contains("running"));
  run.finish("b");
  CHECK(run.ended() == "finished succeeded");
  CHECK_THAT(run.ask({.what = What::stop}), Catch::Contains("has ended"));
  CHECK(run.ask({.what = What::note, .reason = "afterwards"}).empty());
}

TEST_CASE("what is asked in a group that has ended is asked no longer") {
  StagedRun run(
      "steps:\n  - id: g\n    on_fail: continue\n    steps:\n      - {id: a, needs: [], shell: x, changes: none}\n      - {id: b, needs: [], shell: x, changes: none, optional: \"needed?\"}\n");
  CHECK(run.asked() == std::vector<std::string>{"g/b: optional"});
  const auto wait = run.at("g/b").question->seq;
  run.finish("g/a", 1);
  if (run.ended() == "open") {  // it may still be answered while its group has not ended
    CHECK(run.asked() == std::vector<std::string>{"g/b: optional"});
    run.ask({.what = What::stop});
  }
  CHECK(run.asked().empty());
  CHECK_FALSE(run.ask({.what = What::answer, .step = "g/b", .answer = true, .wait = wait}).empty());
  CHECK(run.status("g/b") != "pending");
}

TEST_CASE("a resume leaves a group alone that has failed and let the run go on, with what it holds") {
  StagedRun run(
      "steps:\n  - id: g\n    on_fail: continue\n    steps:\n      - {id: a, shell: x, changes: none}\n  - {id: b, shell: x, changes: none}\n");
  run.finish("g/a", 1).finish("b", 1);
  CHECK(run.ended() == "settled failed");
  run.ask({.what = What::resume});
  CHECK(run.running() == std::vector<std::string>{"b"});
  CHECK(run.status("g/a") == "failed");
}

TEST_CASE("a tolerated failure is settled by hand only until something goes on from it") {
  const std::string text = "steps:\n  - {id: a, shell: x, changes: it, on_fail: continue}\n  - {id: b, shell: x, changes: it}\n";
  StagedRun run(text);
  run.finish("a", 1);
  CHECK(run.running() == std::vector<std::string>{"b"});
  CHECK_FALSE(run.ask({.what = What::resolve, .step = "a", .answer = "not-done", .reason = "seen"}).empty());
  CHECK(run.status("a") == "failed");
  run.finish("b", 1);
  CHECK(run.ask({.what = What::resolve, .step = "b", .answer = "done", .reason = "seen"}).empty());
}

TEST_CASE("a confirmation is the word, typed before each start") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: it, confirm: production}\n");
  CHECK(run.asked() == std::vector<std::string>{"a: confirm"});
  CHECK_FALSE(run.ask({.what = What::answer, .step = "a", .answer = "yes"}).empty());
  CHECK(run.running().empty());
  CHECK(run.ask({.what = What::answer, .step = "a", .answer = "production"}).empty());
  CHECK(run.running() == std::vector<std::string>{"a"});
}

TEST_CASE("resume sets back what failed and what was judged, and leaves what is good") {
  StagedRun run(
      "steps:\n  - {id: a, shell: x, changes: none}\n  - {id: b, shell: x, changes: none}\nsuccess:\n  - {id: s, shell: y, retry: {every: 1s, for: 1s}}\n");
  run.finish("a").finish("b", 1);
  CHECK(run.ended() == "settled failed");
  run.ask({.what = What::resume});
  CHECK(run.status("a") == "succeeded");
  CHECK(run.running() == std::vector<std::string>{"b"});
}

TEST_CASE("a step that has ended runs again when somebody wants it, alone or with what needs it") {
  StagedRun run(
      "steps:\n  - {id: a, shell: x, changes: it}\n  - id: g\n    steps:\n      - {id: b, shell: x, changes: it}\n  - {id: c, shell: x, changes: it}\nsuccess:\n  - {id: s, shell: y, retry: {every: 1s, for: 1s}}\n");
  CHECK(run.ask({.what = What::rerun, .step = "a", .reason = ""}) == "it needs a reason");
  CHECK(run.ask({.what = What::rerun, .step = "success:s", .reason = "more"}) == "only steps can run again");
  CHECK(run.ask({.what = What::rerun, .step = "a", .reason = "more"}) == "the run is under way: pause it first");
  run.finish("a").finish("g/b").finish("c").finish("success:s", 1).pass(1s);
  if (!run.running().empty()) run.finish("success:s", 1);
  REQUIRE(run.ended() == "settled criteria_failed");
  SECTION("alone: what needs it stays as it is") {
    CHECK(run.ask({.what = What::rerun, .step = "g/b", .reason = "more"}).empty());
    CHECK(run.status("g") == "pending");
    run.ask({.what = What::resume});
    CHECK(run.running() == std::vector<std::string>{"g/b"});
    run.finish("g/b");
    CHECK(run.status("g") == "succeeded");
    CHECK(run.at("c").attempts == 1);
    CHECK(run.running() == std::vector<std::string>{"success:s"});
  }
  SECTION("with what needs it, in its order") {
    CHECK(run.ask({.what = What::rerun, .step = "a", .reason = "more", .downstream = true}).empty());
    run.ask({.what = What::resume});
    CHECK(run.running() == std::vector<std::string>{"a"});
    CHECK(run.status("g") == "pending");
    run.finish("a");
    CHECK(run.running() == std::vector<std::string>{"g/b"});
    run.finish("g/b");
    CHECK(run.running() == std::vector<std::string>{"c"});
  }
  SECTION("asked for twice, once") {
    CHECK(run.ask({.what = What::rerun, .step = "a", .reason = "more", .attempt = 1}).empty());
    CHECK(run.ask({.what = What::rerun, .step = "a", .reason = "more", .attempt = 1}) == "it has not ended");
    run.ask({.what = What::resume});
    run.finish("a").finish("success:s");
    CHECK_FALSE(run.ask({.what = What::rerun, .step = "a", .reason = "more", .attempt = 1}).empty());
  }
}

TEST_CASE("where nothing is to be resolved, the refusal names the command that runs it again, if that would be taken") {
  StagedRun run(
      "steps:\n"
      "  - {id: each, for_each: '[\"a b\"]', max_failures: 1, shell: x, changes: none}\n"
      "  - {id: good, shell: x, changes: none}\n"
      "  - {id: last, shell: x, changes: it}\n");
  run.state.run_id = "k7f3";
  const auto resolve = [&](const char* step) {
    return run.ask({.what = What::resolve, .step = step, .answer = "done", .reason = "by hand"});
  };
  run.finish("each[a b]", 1).finish("good");
  CHECK(resolve("good") == "it has ended: nothing is to be resolved");  // the run is under way
  run.finish("last", 1);
  REQUIRE(run.ended() == "settled failed");
  CHECK(resolve("each[a b]") ==
        "its failure does not stop the run, and what follows it has begun; it can run again: "
        "runbook rerun k7f3 'each[a b]' --reason \"...\"");
  CHECK(resolve("good") == "it has ended: nothing is to be resolved; it can run again: runbook rerun k7f3 good --reason \"...\"");
}

TEST_CASE("a request comes back from its text") {
  const Asking asking{.what = What::resolve,
                      .step = "a/b",
                      .item = 2,
                      .answer = Value(Value::List{Value(1.5), Value("x")}),
                      .reason = "r",
                      .outputs = {{"n", 3}},
                      .answers = {{"with:a", true}},
                      .hard = true,
                      .wait = 7,
                      .by = {"name", 5, "command"},
                      .groups = {"g"}};
  const Request request = asking.request();
  const auto back = decode_request(encode_request(request));
  REQUIRE(back);
  CHECK(encode_request(*back) == encode_request(request));
  CHECK(back->by.uid == -1);  // who asks is never what the text says
  for (const auto* wrong : {"", "{}", "[]", R"({"what": "explode"})", "{"}) CHECK_FALSE(decode_request(wrong));
}
