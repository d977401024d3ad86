#include "view/progress.h"

#include "golden.h"
#include "rollback_run.h"

using namespace runbook;
using namespace runbook::testing;
using namespace std::chrono_literals;

namespace {

// What plain progress prints while the events come, as a person would see it.
struct Recorder {
  explicit Recorder(StagedRun& run, Style s) : style(s) {
    for (const auto& event : run.events) add(run, event);
    run.observer = [this, &run](const Event& event) { add(run, event); };
  }
  void add(const StagedRun& run, const Event& event) {
    text += join_lines(plain_lines(run.state.plan(), run.state, event, style));
  }
  Style style;
  std::string text;
};

constexpr const char* waves = R"(runbook: 1
id: waves
title: Waves
steps:
  - { id: first, shell: ./first.sh, changes: a, expected: 10s }
  - id: ready
    needs: [first]
    title: 모두 준비됨
    shell: ./ready.sh
    changes: none
    retry: { every: 10s, for: 5m }
    expect: json.ready == 4
    expected: 2m
  - { id: cache, needs: [first], title: warm the caches, shell: ./warm.sh, changes: b, expected: 1m..3m }
  - { id: last, shell: ./last.sh, changes: c, expected: 20s }
)";

}  // namespace

TEST_CASE("plain progress is one line an event, with the commands for each question") {
  const auto plan = rollback_plan();
  auto run = good_rollback(plan);
  Recorder recorder(run, korean);
  run_rollback(run);
  check_golden("plain-rollback.ko.txt", recorder.text);
}

TEST_CASE("plain progress explains a failure where it happens, and tells a poll's first try only") {
  const auto plan = plan_of_text(waves);
  StagedRun run(plan);
  run.result("ready", {{"exit", 0}, {"stdout", R"({"ready": 2})"}});
  Recorder recorder(run, english);
  run.go();
  check_golden("plain-failure.en.txt", recorder.text);
}

TEST_CASE("the heartbeat names what still runs, how long, and what the last try saw") {
  const auto plan = plan_of_text(waves);
  StagedRun run(plan);
  run.result("ready", {{"exit", 0}, {"stdout", R"({"ready": 2})"}}).never_ends("cache").go_for(2min);
  CHECK(join_lines(heartbeat_lines(plan, run.state, run.now, {{*plan.find("cache"), 1500ms}}, english)) ==
        "12:02:00 still ready 1m59s  11 tries, last: json.ready == 4: 2 == 4\n"
        "12:02:00 still cache 1m59s last-output=1s-ago\n");
}

TEST_CASE("the live block shows what runs and a footer, and keeps to the width") {
  const auto plan = plan_of_text(waves);
  StagedRun run(plan);
  run.result("ready", {{"exit", 0}, {"stdout", R"({"ready": 2})"}}).never_ends("cache").go_for(40s);
  check_golden("live.en.txt", join_lines(live_block(plan, run.state, run.now, english)));
  check_golden("live-narrow.ko.txt", join_lines(live_block(plan, run.state, run.now, {Language::korean, false, false, 50})));
  Request interrupt;
  interrupt.what = Request::What::interrupt;
  run.ask(interrupt);
  check_golden("live-stopping.en.txt", join_lines(live_block(plan, run.state, run.now, english)));
}

TEST_CASE("what is left shrinks as steps end, and is never negative") {
  const auto plan = plan_of_text(waves);
  StagedRun run(plan);
  CHECK(expected_left(plan, run.state, run.now) == 10s + 3min + 20s);
  run.never_ends("first").go_for(4s);
  CHECK(expected_left(plan, run.state, run.now) == 6s + 3min + 20s);
  CHECK(expected_left(plan, run.state, run.now + 1h) == 3min + 20s);
}
