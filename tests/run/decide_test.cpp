#include "tests/run/staged_run.h"

using namespace runbook;
using namespace runbook::tests;
using namespace std::chrono_literals;
using Names = std::vector<std::string>;

TEST_CASE("steps start when what they need has ended well, each in its turn") {
  StagedRun run(
      "steps:\n"
      "  - {id: a, shell: x, changes: none}\n"
      "  - {id: b, needs: [], shell: x, changes: none}\n"
      "  - {id: c, shell: x, changes: none}\n"
      "  - {id: d, needs: [b], shell: x, changes: none}\n");
  CHECK(run.running() == Names{"a", "b"});
  run.finish("b");
  CHECK(run.running() == Names{"a", "d"});
  run.finish("a");
  CHECK(run.running() == Names{"c", "d"});
  run.finish("d").finish("c");
  CHECK(run.ended() == "finished succeeded");
}

TEST_CASE("no more attempts at once than allowed") {
  RunCreated created;
  created.parallel = 2;
  StagedRun run(
      "steps:\n  - {id: a, needs: [], shell: x, changes: none}\n  - {id: b, needs: [], shell: x, changes: none}\n  - {id: c, needs: [], shell: x, changes: none}\n",
      created);
  CHECK(run.running() == Names{"a", "b"});
  run.finish("a");
  CHECK(run.running() == Names{"b", "c"});
}

TEST_CASE("after a failure nothing new starts, what runs is left to end, and the run stays open") {
  StagedRun run(
      "steps:\n  - {id: a, needs: [], shell: x, changes: none}\n  - {id: b, needs: [], shell: x, changes: none}\n  - {id: c, needs: [b], shell: x, changes: none}\n");
  run.finish("a", 1);
  CHECK(run.running() == Names{"b"});
  CHECK(run.ended() == "open");
  run.finish("b");
  CHECK(run.running().empty());
  CHECK(run.status("c") == "pending");
  CHECK(run.ended() == "settled failed");
}

TEST_CASE("what ends well in a group that has failed meanwhile has succeeded, and is not asked for again") {
  StagedRun run(
      "steps:\n  - id: g\n    steps:\n      - {id: a, needs: [], shell: x, changes: it}\n      - {id: b, needs: [], shell: x, changes: it}\n");
  run.finish("g/a", 1);
  CHECK(run.running() == Names{"g/b"});
  run.finish("g/b");
  CHECK(run.status("g/b") == "succeeded");
  CHECK(run.status("g") == "failed");
  CHECK(run.ended() == "settled failed");
  run.ask({.what = Request::What::resume});
  CHECK(run.asked() == Names{"g/a: again"});
}

TEST_CASE("on_fail: continue meets the need, and the run succeeds") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: none, on_fail: continue}\n  - {id: b, shell: x, changes: none}\n");
  run.finish("a", 1);
  CHECK(run.running() == Names{"b"});
  run.finish("b");
  CHECK(run.ended() == "finished succeeded");
}

TEST_CASE("a precondition that does not hold ends the run before anything is changed") {
  StagedRun run(
      "preconditions:\n  - {id: p, shell: x}\n  - {id: q, manual: \"sure?\", timeout: 10m}\nsteps:\n  - {id: a, shell: x, changes: it}\n");
  CHECK(run.running() == Names{"preconditions:p"});
  run.finish("preconditions:p", 1);
  CHECK(run.ended() == "finished refused");
  CHECK(run.status("a") == "pending");
}

TEST_CASE("preconditions are looked at again until a step has started, and what people answered is kept") {
  StagedRun run(
      "preconditions:\n  - {id: p, shell: x}\n  - {id: slow, shell: x}\n  - {id: q, manual: \"sure?\", timeout: 10m}\nsteps:\n  - {id: a, shell: x, changes: it}\n");
  run.finish("preconditions:p");
  SECTION("an engine was stopped in the middle of them") {
    run.ask({.what = Request::What::interrupt});
    AttemptResult cancelled = nothing_done(run.now);
    cancelled.outcome = Outcome::cancelled;
    run.finish_with("preconditions:slow", cancelled);
    CHECK(run.ended() == "settled interrupted");
    run.ask({.what = Request::What::resume});
    CHECK(run.running() == Names{"preconditions:p", "preconditions:slow"});
    run.finish("preconditions:p").finish("preconditions:slow");
  }
  SECTION("an engine died, and the next one comes much later") {
    run.finish("preconditions:slow");
    run.now += 6min;
    run.record(EngineAttached{"host", "world", 2});
    run.settle();
  }
  run.ask({.what = Request::What::answer, .step = "preconditions:q", .answer = true});
  if (run.status("preconditions:p") == "running") run.finish("preconditions:p").finish("preconditions:slow");
  CHECK(run.running() == Names{"a"});
  run.ask({.what = Request::What::interrupt});
  AttemptResult cancelled = nothing_done(run.now);
  cancelled.outcome = Outcome::cancelled;
  run.finish_with("a", cancelled);
  run.ask({.what = Request::What::resume});
  CHECK(run.asked() == Names{"a: again"});
  CHECK(run.status("preconditions:p") == "succeeded");
}

TEST_CASE("values from before are measured when the preconditions hold, and before the first step") {
  StagedRun run(
      "preconditions:\n  - {id: p, shell: x}\nbaseline:\n  - {id: n, shell: x, outputs: {code: exit}}\nsteps:\n  - {id: a, shell: x, changes: it}\nsuccess:\n  - {id: s, shell: y, expect: exit <= was.n.code}\n");
  CHECK(run.running() == Names{"preconditions:p"});
  run.finish("preconditions:p");
  CHECK(run.running() == Names{"baseline:n"});
  SECTION("seen later") {
    run.finish("baseline:n").finish("a").finish("success:s");
    CHECK(run.ended() == "finished succeeded");
  }
  SECTION("never again once a step has started") {
    run.finish("baseline:n").finish("a", 1);
    run.ask({.what = Request::What::resume});
    CHECK(run.asked() == Names{"a: again"});
    CHECK(run.status("baseline:n") == "succeeded");
  }
  SECTION("what cannot be measured stops nothing, and is no data later") {
    run.finish("baseline:n", 1).finish("a").finish("success:s");
    CHECK(run.at("success:s").last->verdict == cel::Verdict::no_data);
  }
  SECTION("measured again by a resume before the first step") {
    run.ask({.what = Request::What::interrupt});
    AttemptResult cancelled = nothing_done(run.now);
    cancelled.outcome = Outcome::cancelled;
    run.finish_with("baseline:n", cancelled);
    run.ask({.what = Request::What::resume});
    CHECK(run.running() == Names{"preconditions:p"});
    run.finish("preconditions:p");
    CHECK(run.running() == Names{"baseline:n"});
  }
}

TEST_CASE("a watch looks while the steps run; what it finds stops or pauses the run, which stays open") {
  const auto runbook = [](const std::string& more) {
    return "watch:\n  - {id: w, shell: x, every: 5s" + more +
           "}\nsteps:\n  - {id: a, shell: x, changes: it}\n  - {id: b, shell: x, changes: it}\n";
  };
  RunCreated one_place;
  one_place.parallel = 1;
  SECTION("beside the steps, whose places are theirs, until they have ended") {
    StagedRun run(runbook(""), one_place);
    CHECK(run.running() == Names{"watch:w", "a"});
    run.finish("watch:w");
    CHECK(run.running() == Names{"a"});
    CHECK(run.wake_at == run.now + 5s);
    run.pass(5s);
    CHECK(run.running() == Names{"watch:w", "a"});
    run.finish("a").finish("b");
    CHECK(run.ended() == "open");
    run.finish("watch:w", 1);
    CHECK(run.ended() == "finished succeeded");
    CHECK(run.at("watch:w").why.find("not true at its last look") == 0);
  }
  SECTION("stop: what runs is asked to end") {
    StagedRun run(runbook(""));
    run.finish("watch:w", 1);
    CHECK(run.status("watch:w") == "failed");
    CHECK(run.at("a").open->cancelling == CancelReason::stop);
    run.finish("a");
    CHECK(run.ended() == "settled failed");
    run.ask({.what = Request::What::resume});
    CHECK(run.running() == Names{"watch:w", "b"});
    run.finish("b").finish("watch:w");
    CHECK(run.ended() == "finished succeeded");
  }
  SECTION("pause: what runs is left to end") {
    StagedRun run(runbook(", then: pause"));
    run.finish("watch:w", 1);
    CHECK_FALSE(run.at("a").open->cancelling);
    run.finish("a");
    CHECK(run.ended() == "settled failed");
    CHECK(run.status("b") == "pending");
  }
  SECTION("hold: only when it was not true for so long") {
    StagedRun run(runbook(", hold: 12s"));
    run.finish("watch:w", 1).pass(5s).finish("watch:w").pass(5s).finish("watch:w", 1);
    run.pass(5s).finish("watch:w", 1).pass(5s).finish("watch:w", 1);
    CHECK(run.status("watch:w") == "running");
    CHECK(run.wake_at == run.now + 2s);
    run.pass(2s).finish("watch:w", 1);
    CHECK(run.status("watch:w") == "failed");
  }
  SECTION("people are waited for without an engine, and a watch changes nothing in that") {
    StagedRun run("watch:\n  - {id: w, shell: x, every: 5s}\nsteps:\n  - {id: a, manual: \"done?\", timeout: 10m}\n");
    CHECK_FALSE(only_people(run.plan, run.state));
    run.finish("watch:w");
    CHECK(only_people(run.plan, run.state));
  }
}

TEST_CASE("when: false skips with its operands, an error in it fails") {
  StagedRun run(
      "vars: {n: {type: int, default: 1}}\nsteps:\n  - {id: a, when: vars.n == 2, shell: x, changes: none}\n  - {id: b, when: vars.n / 0 == 1, shell: x, changes: none}\n");
  CHECK(run.status("a") == "skipped");
  CHECK(run.status("b") == "failed");
  CHECK_THAT(run.at("b").why, Catch::Contains("division by zero"));
  CHECK(run.ended() == "settled failed");
}

TEST_CASE("an unsuccessful try is repeated until the window is over, counted from its end") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: none, retry: {every: 10s, for: 25s}}\n");
  run.finish("a", 1);
  CHECK(run.running().empty());
  CHECK(run.wake_at == run.now + 10s);
  run.pass(10s);
  CHECK(run.running() == Names{"a"});
  run.finish("a", 1).pass(10s).finish("a", 1);
  CHECK(run.wake_at == run.now + 5s);  // one more when the window closes
  run.pass(5s);
  if (!run.running().empty()) run.finish("a", 1);
  CHECK(run.ended() == "settled failed");
}

TEST_CASE("hold wants the truth for its whole length, and starts over at each false") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: none, retry: {every: 2s, for: 1m}, hold: 4s}\n");
  run.finish("a").pass(2s).finish("a").pass(2s);
  CHECK(run.running() == Names{"a"});
  run.finish("a", 1).pass(2s).finish("a").pass(2s).finish("a");
  CHECK(run.ended() == "open");
  run.pass(2s).finish("a");
  CHECK(run.ended() == "finished succeeded");
}

TEST_CASE("a criterion that is true from its first look on is met, however long it must hold") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: none}\nsuccess:\n  - {id: s, shell: x, hold: 61s}\n");
  run.finish("a").pass(1s).finish("success:s");
  while (run.ended() == "open") run.pass(5s).finish("success:s");
  CHECK(run.ended() == "finished succeeded");
}

TEST_CASE("a gap without an engine lengthens the window and starts a hold over") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: none, retry: {every: 2s, for: 10s}, hold: 4s}\n");
  run.finish("a").pass(2s).finish("a");
  run.now += 1h;
  run.record(EngineAttached{"host", "world", 2});
  run.settle();
  REQUIRE(run.running() == Names{"a"});  // at least one more look
  run.finish("a");
  CHECK(run.ended() == "open");
  run.pass(2s).finish("a").pass(2s).finish("a");
  CHECK(run.ended() == "finished succeeded");
}

TEST_CASE("a hold starts over with every engine, however soon it comes") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: none, retry: {every: 2s, for: 1m}, hold: 4s}\n");
  run.finish("a").pass(2s).finish("a");
  run.now += 1s;
  run.record(EngineAttached{"host", "world", 2});
  run.settle();
  run.pass(1s).finish("a");
  CHECK(run.ended() == "open");
  run.pass(2s).finish("a").pass(2s).finish("a");
  CHECK(run.ended() == "finished succeeded");
}

TEST_CASE("looks that lie too far apart start a hold over: the engine was stopped or the machine slept") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: none, timeout: 5s, retry: {every: 2s, for: 2h}, hold: 4s}\n");
  run.finish("a").pass(2s).finish("a");
  run.pass(1h);
  REQUIRE(run.running() == Names{"a"});
  run.finish("a");
  CHECK(run.ended() == "open");
  run.pass(2s).finish("a");
  CHECK(run.ended() == "open");
  run.pass(2s).finish("a");
  CHECK(run.ended() == "finished succeeded");
}

TEST_CASE("a step that changes something is not tried again by itself") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: it}\n");
  run.finish("a", 1);
  CHECK(run.ended() == "settled failed");
  CHECK(run.ask({.what = Request::What::resume}).empty());
  CHECK(run.asked() == Names{"a: again"});
  CHECK(run.running().empty());
  run.ask({.what = Request::What::resolve, .step = "a", .answer = "not-done", .reason = "looked"});
  CHECK(run.running() == Names{"a"});
  run.finish("a");
  CHECK(run.ended() == "finished succeeded");
}

TEST_CASE("what certainly never began is begun again, five times at most") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: it}\n");
  AttemptResult nothing = nothing_done(run.now);
  nothing.outcome = Outcome::not_started;
  for (int n = 0; n < 4; ++n) {
    run.finish_with("a", nothing);
    REQUIRE(run.running() == Names{"a"});
  }
  run.finish_with("a", nothing);
  CHECK(run.ended() == "settled failed");
  CHECK_THAT(run.at("a").why, Catch::Contains("five times"));
}

TEST_CASE("in doubt: the probe decides what it can, people the rest") {
  const std::string step = "steps:\n  - id: a\n    shell: x\n    changes: it\n    timeout: 1m\n";
  SECTION("without a probe people are asked") {
    StagedRun run(step);
    run.in_doubt("a");
    CHECK(run.asked() == Names{"a: in_doubt"});
    run.ask({.what = Request::What::resolve, .step = "a", .answer = "done", .reason = "seen"});
    CHECK(run.status("a") == "succeeded");
  }
  SECTION("rerun: safe is run again") {
    StagedRun run(step + "    rerun: safe\n");
    run.in_doubt("a");
    CHECK(run.running() == Names{"a"});
    CHECK(run.at("a").attempts == 2);
  }
  SECTION("rerun: safe is not run again where something else has failed, and the run does not wait for it") {
    StagedRun run(
        "steps:\n  - {id: a, needs: [], shell: x, changes: it, rerun: safe}\n  - {id: b, needs: [], shell: x, changes: none}\n");
    run.finish("b", 1).in_doubt("a");
    CHECK(run.ended() == "settled failed");
    CHECK(run.at("a").why == "in doubt, and not run again after a failure: its supervisor died");
    run.ask({.what = Request::What::resume});
    CHECK(run.running() == Names{"a", "b"});
  }
  SECTION("a probe that finds the effect adopts it") {
    StagedRun run(step + "    probe: {shell: y, expect: exit == 0}\n");
    run.in_doubt("a");
    CHECK(run.running() == Names{"probe:a"});
    run.finish("probe:a");
    CHECK(run.ended() == "finished succeeded");
  }
  SECTION("a probe's false counts only after the attempt's deadline, and then people are asked") {
    StagedRun run(step + "    probe: {shell: y, expect: exit == 0}\n");
    run.in_doubt("a").finish("probe:a", 1);
    CHECK(run.asked().empty());
    CHECK(run.wake_at == start_of_time() + 1min);
    run.pass(1min);
    CHECK(run.running() == Names{"probe:a"});  // it looked too early
    run.finish("probe:a", 1);
    CHECK(run.asked() == Names{"a: in_doubt"});
    CHECK(run.running().empty());
  }
  SECTION("a probe without data asks") {
    StagedRun run(step + "    probe: {shell: y, expect: json.ok}\n");
    run.in_doubt("a").finish("probe:a");
    CHECK(run.asked() == Names{"a: in_doubt"});
  }
}

TEST_CASE("in doubt beside a failure: not run again, though that would be safe") {
  StagedRun run(
      "steps:\n  - {id: a, needs: [], shell: x, changes: it, rerun: safe}\n  - {id: b, needs: [], shell: x, changes: it}\n");
  run.finish("b", 1).in_doubt("a");
  CHECK(run.status("a") == "cancelled");
  CHECK(run.at("a").why.starts_with("in doubt, and not run again after a failure"));
  CHECK(run.ended() == "settled failed");
}

TEST_CASE("a step does not end while its precondition or its probe is being looked at") {
  SECTION("the window of its tries is over meanwhile") {
    StagedRun run(
        "steps:\n  - id: a\n    shell: x\n    changes: it\n    rerun: safe\n    retry: {every: 3s, for: 9s}\n    preconditions:\n      - {id: g, shell: y}\n");
    run.finish("guard:a/g").finish("a", 1).pass(3s);
    REQUIRE(run.running() == Names{"guard:a/g"});
    run.pass(9s);
    CHECK(run.ended() == "open");
    run.finish("guard:a/g");
    CHECK(run.running().empty());
    CHECK(run.ended() == "settled failed");
  }
  SECTION("another of its preconditions fails") {
    StagedRun run(
        "steps:\n  - id: a\n    shell: x\n    changes: it\n    preconditions:\n      - {id: g, shell: y}\n      - {id: h, shell: y}\n");
    REQUIRE(run.running() == Names{"guard:a/g", "guard:a/h"});
    run.finish("guard:a/g", 1);
    CHECK(run.ended() == "open");
    run.finish("guard:a/h");
    CHECK(run.ended() == "settled failed");
    CHECK_THAT(run.at("a").why, Catch::Contains("`g` does not hold"));
  }
  SECTION("a person settles the doubt before the probe has") {
    StagedRun run("steps:\n  - {id: a, shell: x, changes: it, probe: {shell: y, expect: exit == 0}}\n");
    run.in_doubt("a").ask({.what = Request::What::resolve, .step = "a", .answer = "done", .reason = "seen"});
    CHECK(run.running() == Names{"probe:a"});
    CHECK(run.ended() == "open");
    run.finish("probe:a", 1);
    CHECK(run.ended() == "finished succeeded");
  }
}

TEST_CASE("a stop asks what runs to end, starts nothing, and lets finally run when it closes") {
  StagedRun run(
      "steps:\n  - {id: a, shell: x, changes: it}\n  - {id: b, shell: x, changes: none}\nfinally:\n  - {id: tidy, shell: x, changes: none}\n");
  run.ask({.what = Request::What::stop, .reason = "enough"});
  REQUIRE(run.at("a").open);
  CHECK(run.at("a").open->cancelling == CancelReason::stop);
  AttemptResult cancelled = nothing_done(run.now);
  cancelled.outcome = Outcome::cancelled;
  run.finish_with("a", cancelled);
  CHECK(run.running() == Names{"finally:tidy"});
  CHECK(run.status("b") == "pending");
  run.finish("finally:tidy", 1);
  CHECK(run.ended() == "finished cancelled");
}

TEST_CASE("an interrupted run goes on where it stood") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: none}\n  - {id: b, shell: x, changes: none}\n");
  run.finish("a").ask({.what = Request::What::interrupt});
  AttemptResult cancelled = nothing_done(run.now);
  cancelled.outcome = Outcome::cancelled;
  run.finish_with("b", cancelled);
  CHECK(run.ended() == "settled interrupted");
  run.ask({.what = Request::What::resume});
  CHECK(run.running() == Names{"b"});
  CHECK(run.status("a") == "succeeded");
}

TEST_CASE("an attempt that waits for its host is shown as waiting, has no deadline meanwhile, and gets the time back") {
  StagedRun run("steps:\n  - { id: a, ssh: { host: h, script: ls }, changes: x, timeout: 10s }\n");
  const auto progress = [&run](const Record& what) {
    run.record(AttemptProgress{"a", 1, what, {}});
    run.settle();
  };
  progress({{"unreachable", Value("h: no route")}});
  CHECK(run.status("a") == "waiting");
  run.pass(1min);
  CHECK(run.status("a") == "waiting");
  CHECK(!run.at("a").open->cancelling);
  const auto deadline = run.now + 10s;
  progress({{"identity", Value("1.2.3")}, {"deadline", Value(std::int64_t{deadline.time_since_epoch().count()})}});
  CHECK(run.status("a") == "running");
  CHECK(run.at("a").open->deadline == deadline);
  CHECK(!run.at("a").open->cancelling);

  SECTION("lost again and ended: it has run") {
    progress({{"unreachable", Value("h: no route")}});
    run.finish("a");
    CHECK(run.status("a") == "succeeded");
  }
  SECTION("in doubt: a probe's false counts only after the deadline that it has now") {
    run.in_doubt("a");
    CHECK(run.at("a").doubt_until == deadline);
  }
  SECTION("its own time does pass") {
    run.pass(15s);
    CHECK(run.at("a").open->cancelling == CancelReason::timeout);
  }
}

TEST_CASE("an attempt that could not start is tried again while `retry` lasts, as any other") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: none, retry: {every: 5s, for: 12s}}\n");
  const auto fail_to_start = [&run] {
    AttemptResult result = nothing_done(run.now);
    result.outcome = Outcome::could_not_start;
    run.finish_with("a", result);
  };
  fail_to_start();
  CHECK(run.wake_at == run.now + 5s);
  run.pass(5s);
  CHECK(run.running() == Names{"a"});
  SECTION("and then starts") {
    run.finish("a");
    CHECK(run.status("a") == "succeeded");
  }
  SECTION("and never does") {
    fail_to_start();
    run.pass(5s);
    fail_to_start();
    run.pass(5s);
    CHECK(run.status("a") == "failed");
  }
}
