#include "tests/run/staged_run.h"

using namespace runbook;
using namespace runbook::tests;
using namespace std::chrono_literals;
using Names = std::vector<std::string>;

namespace {

const std::string deploy =
    "steps:\n  - id: deploy\n    shell: x\n    changes: it\n    rescue:\n"
    "      - {id: back, shell: x, changes: it back}\n      - {id: look, shell: x, changes: none}\n"
    "  - {id: after, shell: x, changes: none}\n";

}  // namespace

TEST_CASE("a rescue runs when its step has failed, and what succeeds meets the need") {
  StagedRun run(deploy);
  CHECK(run.running() == Names{"deploy"});
  run.finish("deploy", 1);
  CHECK(run.status("deploy") == "rescuing");
  CHECK(run.running() == Names{"rescue:deploy/back"});
  run.finish("rescue:deploy/back").finish("rescue:deploy/look");
  CHECK(run.status("deploy") == "rescued");
  CHECK(run.at("deploy").why.starts_with("exit == 0"));
  CHECK(run.running() == Names{"after"});
  run.finish("after");
  CHECK(run.ended() == "finished succeeded");
}

TEST_CASE("a rescue that is not needed is skipped, and nothing waits for it") {
  StagedRun run(deploy);
  run.finish("deploy").finish("after");
  CHECK(run.status("rescue:deploy") == "skipped");
  CHECK(run.status("rescue:deploy/back") == "skipped");
  CHECK(run.ended() == "finished succeeded");
}

TEST_CASE("a rescue that fails leaves the step failed, and a resume begins with the step again") {
  StagedRun run(
      "steps:\n  - id: s\n    shell: x\n    changes: none\n    rescue:\n"
      "      - {id: a, shell: x, changes: none}\n      - {id: b, shell: x, changes: none}\n");
  run.finish("s", 1).finish("rescue:s/a").finish("rescue:s/b", 1);
  CHECK(run.status("s") == "failed");
  CHECK(run.at("s").why.find("its rescue failed, too: rescue:s/b: exit == 0") != std::string::npos);
  CHECK(run.ended() == "settled failed");
  run.ask({.what = Request::What::resume});
  CHECK(run.running() == Names{"s"});
  CHECK(run.status("rescue:s/a") == "pending");
  run.finish("s", 1);
  CHECK(run.running() == Names{"rescue:s/a"});
  run.finish("rescue:s/a").finish("rescue:s/b");
  CHECK(run.ended() == "finished succeeded");
}

TEST_CASE("what a person does for a rescue counts while it is under way, and for no later failure") {
  const Asking by_hand{
      .what = Request::What::resolve, .step = "rescue:deploy/back", .answer = Value("done"), .reason = "by hand"};
  StagedRun run(deploy);
  CHECK(run.ask(by_hand).starts_with("the rescue of `deploy` is not under way"));
  run.finish("deploy", 1).finish("rescue:deploy/back", 1);
  CHECK(run.ended() == "settled failed");
  CHECK(run.ask(by_hand).starts_with("the rescue of `deploy` is not under way: resolve `deploy` itself"));
  run.ask({.what = Request::What::resume});
  CHECK(run.ask(by_hand).starts_with("the rescue of `deploy` is not under way"));
  SECTION("it runs again, and fails again: its rescue does, too") {
    run.ask({.what = Request::What::resolve, .step = "deploy", .answer = Value("not-done"), .reason = "again"});
    run.finish("deploy", 1);
    CHECK(run.asked() == Names{"rescue:deploy/back: again"});
    CHECK(run.ask(by_hand).empty());
    run.finish("rescue:deploy/look");
    CHECK(run.status("deploy") == "rescued");
  }
  SECTION("settled itself") {
    run.ask({.what = Request::What::resolve, .step = "deploy", .answer = Value("done"), .reason = "by hand"});
    CHECK(run.running() == Names{"after"});
  }
}

TEST_CASE("a step in doubt is not rescued; one that a person calls failed is") {
  StagedRun run(deploy);
  run.in_doubt("deploy");
  CHECK(run.running().empty());
  run.ask({.what = Request::What::resolve, .step = "deploy", .answer = Value("failed"), .reason = "looked"});
  CHECK(run.running() == Names{"rescue:deploy/back"});
}

TEST_CASE("what a stop ended is not rescued, and a stop in the middle of a rescue goes on with it") {
  StagedRun run(deploy);
  run.ask({.what = Request::What::interrupt, .reason = "enough"});
  AttemptResult cancelled = nothing_done(run.now);
  cancelled.outcome = Outcome::cancelled;
  run.finish_with("deploy", cancelled);
  CHECK(run.status("deploy") == "cancelled");
  CHECK(run.ended() == "settled interrupted");

  StagedRun other(deploy);
  other.finish("deploy", 1).finish("rescue:deploy/back");
  other.ask({.what = Request::What::interrupt, .reason = "enough"});
  other.finish_with("rescue:deploy/look", cancelled);
  CHECK(other.ended() == "settled interrupted");
  CHECK(other.status("deploy") == "rescuing");
  other.ask({.what = Request::What::resume});
  CHECK(other.running() == Names{"rescue:deploy/look"});
  other.finish("rescue:deploy/look");
  CHECK(other.status("deploy") == "rescued");
}

TEST_CASE("a group is rescued as a whole: what it had not begun never starts") {
  StagedRun run(
      "steps:\n  - id: g\n    steps:\n      - {id: a, shell: x, changes: it}\n      - {id: b, shell: x, changes: it}\n"
      "    rescue:\n      - {id: back, when: steps.g.a.state == \"failed\", shell: x, changes: it back}\n"
      "  - {id: after, shell: x, changes: none}\n");
  run.finish("g/a", 1);
  CHECK(run.status("g") == "rescuing");
  CHECK(run.status("g/b") == "cancelled");
  CHECK(run.running() == Names{"rescue:g/back"});
  run.finish("rescue:g/back").finish("after", 1);
  CHECK(run.ended() == "settled failed");
  run.ask({.what = Request::What::resume});
  CHECK(run.status("g") == "rescued");
  CHECK(run.status("g/a") == "failed");
  CHECK(run.running() == Names{"after"});
}

TEST_CASE("a for_each is rescued when too many of its elements have failed") {
  StagedRun run(
      "vars: {hosts: {type: list, default: [a, b, c]}}\nsteps:\n  - id: g\n    for_each: vars.hosts\n    shell: x\n"
      "    changes: it\n    rescue:\n"
      "      - {id: back, for_each: 'steps.g.items.filter(i, i.state == \"succeeded\").map(i, i.key)', shell: x, changes: it back}\n");
  run.finish("g[a]").finish("g[b]", 1);
  CHECK(run.status("g") == "rescuing");
  CHECK(run.running() == Names{"rescue:g/back[a]"});
  run.finish("rescue:g/back[a]");
  CHECK(run.status("g") == "rescued");
  CHECK(run.ended() == "finished succeeded");
}

TEST_CASE("each element may have a rescue of its own inside") {
  StagedRun run(
      "vars: {hosts: {type: list, default: [a, b]}}\nsteps:\n  - id: g\n    for_each: vars.hosts\n    steps:\n"
      "      - id: s\n        shell: x\n        changes: it\n        rescue: [{id: back, shell: x, changes: it back}]\n"
      "      - {id: t, shell: x, changes: none}\n");
  run.finish("g[a]/s", 1);
  CHECK(run.running() == Names{"rescue:g[a]/s/back"});
  run.finish("rescue:g[a]/s/back").finish("g[a]/t");
  CHECK(run.running() == Names{"g[b]/s"});
  run.finish("g[b]/s").finish("g[b]/t");
  CHECK(run.ended() == "finished succeeded");
}

TEST_CASE("a failure elsewhere does not leave another one without its rescue") {
  StagedRun run(
      "steps:\n  - {id: a, needs: [], shell: x, changes: it, rescue: [{id: back, shell: x, changes: it back}]}\n"
      "  - {id: b, needs: [], shell: x, changes: it}\n");
  run.finish("b", 1).finish("a", 1);
  CHECK(run.running() == Names{"rescue:a/back"});
  run.finish("rescue:a/back");
  CHECK(run.status("a") == "rescued");
  CHECK(run.ended() == "settled failed");
}

TEST_CASE("a person who is asked in a rescue is waited for") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: it, rescue: [{id: call, manual: call them, timeout: 1h}]}\n");
  run.finish("a", 1);
  CHECK(run.asked() == Names{"rescue:a/call: manual"});
  CHECK(only_people(run.state.plan(), run.state));
  CHECK(run.ask({.what = Request::What::resolve, .step = "a", .answer = Value("done"), .reason = "x"}).starts_with("its rescue"));
}

TEST_CASE("a question that nobody answered in time is withdrawn when the rescue begins") {
  StagedRun run("steps:\n  - {id: a, manual: look, timeout: 10m, rescue: [{id: back, shell: x, changes: it back}]}\n");
  run.pass(11min);
  CHECK(run.status("a") == "rescuing");
  CHECK(run.asked().empty());
  CHECK_FALSE(run.ask({.what = Request::What::answer, .step = "a", .answer = Value(true)}).empty());
  run.finish("rescue:a/back");
  CHECK(run.ended() == "finished succeeded");
}

TEST_CASE("a question in a group that has failed is withdrawn with it") {
  StagedRun run(
      "steps:\n  - id: g\n    on_fail: continue\n    steps:\n      - {id: a, needs: [], manual: look, timeout: 10m}\n"
      "      - {id: b, needs: [], shell: x, changes: it}\n  - {id: after, shell: x, changes: it}\n");
  run.finish("g/b", 1);
  CHECK(run.status("g/a") == "cancelled");
  CHECK(run.asked().empty());
  CHECK_FALSE(run.ask({.what = Request::What::answer, .step = "g/a", .answer = Value(true)}).empty());
}

TEST_CASE("what failed in a group within a group is handled by the one around it") {
  const std::string inside =
      "steps:\n  - id: outer\n    steps:\n      - id: inner\n        steps:\n          - {id: a, shell: x, changes: it}\n"
      "          - {id: b, shell: x, changes: it}\n";
  const std::string after = "  - {id: after, shell: x, changes: none}\n";
  StagedRun rescued(inside + "    rescue:\n      - {id: back, shell: x, changes: it back}\n" + after);
  rescued.finish("outer/inner/a", 1);
  CHECK(rescued.status("outer/inner") == "failed");
  CHECK(rescued.running() == Names{"rescue:outer/back"});
  StagedRun tolerated(inside + "    on_fail: continue\n" + after);
  tolerated.finish("outer/inner/a", 1);
  CHECK(tolerated.status("outer") == "failed");
  CHECK(tolerated.running() == Names{"after"});
}
