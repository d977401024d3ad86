// Which steps start, when, how often, and how each of them ends.
#include <signal.h>

#include <catch2/catch.hpp>

#include "tests/e2e/shown_run.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

namespace {

// A step that writes when it begins and when it ends.
std::string logged(const std::string& id, const std::string& more = "") {
  return "  - { id: " + id + ", shell: 'echo " + id + "+ >> log; echo " + id + "- >> log', changes: log" + more + " }\n";
}

}  // namespace

TEST_CASE("branches that do not need each other overlap; with --parallel 1 they do not") {
  const Workplace w;
  // Each waits for the other: only together can they end.
  const std::string meeting = R"(
steps:
  - { id: a, needs: [], shell: 'touch a; until [ -e b ]; do sleep 0.01; done', changes: a, timeout: TIME }
  - { id: b, needs: [], shell: 'touch b; until [ -e a ]; do sleep 0.01; done', changes: b, timeout: TIME }
)";
  const auto with = [&](const std::string& time) {
    std::string text = meeting;
    for (auto at = text.find("TIME"); at != std::string::npos; at = text.find("TIME")) text.replace(at, 4, time);
    return text;
  };
  SECTION("they meet") { CHECK(run(w, with("1m")).code == 0); }
  SECTION("they cannot meet") {
    CHECK(run(w, with("300ms"), {"--parallel", "1"}).code == 5);
    CHECK_FALSE(w.has("b"));
  }
}

TEST_CASE("without `needs` a step follows everything above it; `needs` replaces that") {
  struct Case {
    std::string steps;
    const char* log;
  };
  const auto c = GENERATE(values<Case>({
      {logged("a") + logged("b") + logged("c"), "a+\na-\nb+\nb-\nc+\nc-\n"},
      {logged("a") + logged("b", ", needs: [c]") + logged("c", ", needs: [a]"), "a+\na-\nc+\nc-\nb+\nb-\n"},
      {"  - id: g\n    steps:\n      - { id: x, shell: 'echo x >> log', changes: log }\n      - { id: y, shell: 'echo y >> log', changes: log }\n" +
           logged("b"),
       "x\ny\nb+\nb-\n"},
  }));
  const Workplace w;
  const auto ran = run(w, "steps:\n" + c.steps);
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(w.read("log") == c.log);
}

TEST_CASE("`when` starts or skips a step; an error in it fails the step") {
  const std::string steps = R"(
vars: { mode: { type: string, default: soft } }
steps:
  - { id: look, shell: 'echo "{\"n\": 3}"', changes: none, outputs: { n: json.n, names: "[\"x\"]" } }
  - { id: yes, when: steps.look.n > 2, shell: touch yes, changes: yes_ }
  - { id: no, when: vars.mode == "hard", shell: touch no, changes: no_ }
  - { id: bad, when: 'steps.look.names[5] == "x"', shell: touch bad, changes: bad_ }
  - { id: last, shell: touch last, changes: last }
)";
  const Workplace w;
  const auto ran = run(w, steps);
  INFO(ran.err);
  CHECK(ran.code == 5);
  const ShownRun shown(w);
  CHECK(shown.status_of("yes") == "succeeded");
  CHECK(shown.status_of("no") == "skipped");
  CHECK(shown.status_of("bad") == "failed");
  CHECK_THAT(shown.why("bad"), Contains("when"));
  CHECK(shown.status_of("last") != "succeeded");
  CHECK((w.has("yes") && !w.has("no") && !w.has("bad") && !w.has("last")));
}

TEST_CASE("a failure stops what follows, lets end what runs, and `on_fail: continue` goes on") {
  const Workplace w;
  SECTION("stop") {
    w.write("a.yaml", runbook_of(R"(
steps:
  - { id: bad, needs: [], shell: 'until [ -e begun ]; do sleep 0.01; done; exit 4', changes: none }
  - { id: other, needs: [], shell: 'touch begun; until [ -e go ]; do sleep 0.01; done; touch ended', changes: ended }
  - { id: last, shell: touch last, changes: last }
)"));
    auto engine = w.start({"run", "a.yaml"});
    wait_until([&] { return engine.output().find("bad  failed") != std::string::npos; }, "the failure");
    CHECK_FALSE(w.has("ended"));
    w.write("go", "");
    CHECK(engine.wait().code == 5);
    const ShownRun shown(w);
    CHECK(shown.status_of("other") == "succeeded");
    CHECK(shown.status_of("last") == "pending");
    CHECK_FALSE(w.has("last"));
  }
  SECTION("continue") {
    const auto ran = run(w, "steps:\n  - { id: bad, shell: exit 4, changes: none, on_fail: continue }\n" + logged("b"));
    INFO(ran.err);
    CHECK(ran.code == 0);
    CHECK(w.read("log") == "b+\nb-\n");
    CHECK(ShownRun(w).status_of("bad") == "failed");
  }
}

TEST_CASE("a group is as bad as its worst step; a tolerated one lets the rest go on") {
  const Workplace w;
  const auto ran = run(w, R"(
steps:
  - id: loose
    on_fail: continue
    steps:
      - { id: bad, shell: exit 4, changes: none }
      - { id: after_bad, shell: touch never, changes: never }
  - id: strict
    steps:
      - { id: good, shell: touch good, changes: good }
      - { id: bad, shell: exit 5, changes: none }
      - { id: after_bad, shell: touch never, changes: never }
  - { id: last, shell: touch never, changes: never }
)");
  INFO(ran.err);
  CHECK(ran.code == 5);
  const ShownRun shown(w);
  CHECK(shown.status_of("loose") == "failed");
  CHECK(shown.status_of("loose/after_bad") != "succeeded");
  CHECK(shown.status_of("strict/good") == "succeeded");
  CHECK(shown.status_of("strict") == "failed");
  CHECK((w.has("good") && !w.has("never")));
}

TEST_CASE("a step that is safe to repeat is tried until it succeeds, or until its time is over") {
  const Workplace w;
  SECTION("succeeds") {
    const auto ran = run(w, R"(
steps:
  - { id: flaky, shell: 'echo x >> log; [ $(wc -l < log) -ge 3 ]', changes: log, rerun: safe, retry: { every: 10ms, for: 1m } }
)");
    INFO(ran.err);
    CHECK(ran.code == 0);
    CHECK(w.read("log") == "x\nx\nx\n");
    CHECK(member(ShownRun(w).step("flaky"), "attempts") == "3");
  }
  SECTION("its time is over") {
    const auto ran = run(
        w,
        "steps:\n  - { id: bad, shell: 'echo x >> log; exit 9', changes: log, rerun: safe, retry: { every: 50ms, for: 2s } }\n");
    INFO(ran.err);
    CHECK(ran.code == 5);
    CHECK(count(w.read("log"), "x") >= 2);
    CHECK_THAT(ran.err, Contains("exit == 0") && Contains("9 == 0"));
  }
  SECTION("what is not safe to repeat may not ask for it") {
    const auto ran = run(w, "steps:\n  - { id: bad, shell: 'echo x >> log', changes: log, retry: { every: 50ms, for: 2s } }\n");
    CHECK(ran.code == 3);
    CHECK_FALSE(w.has("log"));
  }
}

TEST_CASE("`hold`: true once is not enough") {
  const Workplace w;
  SECTION("it stays true") {
    const auto ran = run(w, R"(
steps:
  - { id: stable, shell: 'echo x >> looks; [ $(wc -l < looks) -ne 2 ]', changes: none, hold: 100ms, retry: { every: 10ms, for: 1m } }
)");
    INFO(ran.err);
    CHECK(ran.code == 0);
    CHECK(count(w.read("looks"), "x") >= 4);  // true, false, true, and true again after the hold
  }
  SECTION("it flaps") {
    const auto ran = run(w, R"(
steps:
  - { id: flaps, shell: 'echo x >> looks; [ $(( $(wc -l < looks) % 2 )) -eq 1 ]', changes: none, hold: 300ms, retry: { every: 10ms, for: 600ms } }
)");
    INFO(ran.err);
    CHECK(ran.code == 5);
  }
}

TEST_CASE("an attempt that is out of time is killed with its whole tree, a child in its own session, too") {
  const Workplace w;
  const auto ran = run(w, R"(
steps:
  - id: long
    shell: |
      sleep 1000 & echo $! > child
      setsid bash -c 'echo $$ > apart; exec sleep 1000' &
      until [ -s apart ]; do sleep 0.01; done
      echo said before the end
      wait
    changes: who knows
    timeout: 1s
)");
  INFO(ran.err);
  CHECK(ran.code == 5);
  CHECK_THAT(ran.err, Contains("timed out") && Contains("said before the end"));
  CHECK_FALSE(is_alive(std::stoi(w.read("child"))));
  CHECK_FALSE(is_alive(std::stoi(w.read("apart"))));
}

TEST_CASE("what a step leaves running is killed and said, unless it may stay") {
  const Workplace w;
  SECTION("killed") {
    const auto ran = run(w, "steps:\n  - { id: one, shell: 'sleep 1000 & echo $! > child', changes: child }\n");
    INFO(ran.err);
    CHECK(ran.code == 5);
    CHECK_THAT(ran.err, Contains("left running"));
    CHECK_FALSE(is_alive(std::stoi(w.read("child"))));
  }
  SECTION("allowed") {
    const auto ran =
        run(w, "steps:\n  - { id: one, shell: 'sleep 1000 & echo $! > child', changes: child, background: allow }\n");
    INFO(ran.err);
    CHECK(ran.code == 0);
    const pid_t child = std::stoi(w.read("child"));
    CHECK(is_alive(child));
    ::kill(child, SIGKILL);
  }
}

TEST_CASE("a step's precondition that does not hold fails the step unstarted: exit 5, and it is looked at again at resume") {
  const Workplace w;
  const auto ran = run(w, R"(
steps:
  - { id: first, shell: echo first >> log, changes: log }
  - { id: guarded, preconditions: [{ id: there, shell: test -e there }], shell: echo guarded >> log, changes: log }
)");
  INFO(ran.err);
  CHECK(ran.code == 5);
  CHECK_THAT(ran.err, Contains("precondition `there` does not hold"));
  CHECK(w.read("log") == "first\n");
  CHECK(w.runbook({"resume", "@last"}).code == 5);
  w.write("there", "");
  const auto resumed = w.runbook({"resume", "@last"});
  INFO(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(w.read("log") == "first\nguarded\n");
}

TEST_CASE("steps see outputs, states and variables as their own environment and parameters, never as code") {
  const Workplace w;
  const auto ran = run(w, R"(
vars: { word: { type: string, default: '"; touch broken; echo "' } }
steps:
  - { id: one, shell: 'printf %s "$word"', changes: none, outputs: { said: stdout } }
  - { id: two, shell: 'printf "%s|%s" "$said" "$state" > out', env: { said: "${steps.one.said}", state: "${steps.one.state}" }, changes: out }
)");
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK(w.read("out") == "\"; touch broken; echo \"|succeeded");
  CHECK_FALSE(w.has("broken"));
}

TEST_CASE("an output that cannot be computed after the effect fails the step without doing it again") {
  const Workplace w;
  const auto ran = run(
      w,
      "steps:\n  - { id: one, shell: 'echo x >> log; echo no json', changes: log, rerun: safe, retry: { every: 10ms, for: 1m }, outputs: { n: json.n } }\n");
  INFO(ran.err);
  CHECK(ran.code == 5);
  CHECK_THAT(ran.err, Contains("the effect is done"));
  CHECK(w.read("log") == "x\n");
}
