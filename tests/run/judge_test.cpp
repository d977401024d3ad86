#include "tests/run/staged_run.h"

using namespace runbook;
using namespace runbook::tests;

namespace {

struct Judged {
  std::string verdict, why;
};

Judged judged(const std::string& step, const AttemptResult& result) {
  StagedRun run("steps:\n  - id: a\n    shell: x\n    changes: it\n" + step);
  const AttemptFinished out = judge(run.plan, run.state, run.index("a"), 1, result);
  return {std::string(name_of(out.verdict)), out.why};
}
AttemptResult output(std::int64_t code, const std::string& text) {
  AttemptResult result = exit_of(code, start_of_time(), start_of_time());
  result.result["stdout"] = text;
  return result;
}

}  // namespace

TEST_CASE("a result is judged by the action's own condition and by expect") {
  struct Case {
    const char* step;
    std::int64_t code;
    const char* output;
    const char* verdict;
    const char* why;
  };
  const auto c = GENERATE(values<Case>({
      {"", 0, "", "met", ""},
      {"", 3, "", "not_met", "exit == 0      3 == 0"},
      {"    expect: stdout == 'ok'\n", 0, "ok", "met", ""},
      {"    expect: stdout == 'ok'\n", 0, "no", "not_met", "stdout == 'ok'      \"no\" == \"ok\""},
      {"    expect: stdout == 'ok'\n", 1, "ok", "not_met", "exit == 0      1 == 0"},  // both must hold
      {"    expect: exit == 3\n", 3, "", "met", ""},                                  // it replaces the own condition
      {"    expect: exit in [0, 3] && stdout == ''\n", 3, "", "met", ""},
      {"    expect: json.ok\n", 0, R"({"ok": true})", "met", ""},
      {"    expect: json.ok\n", 0, R"({"ok": false})", "not_met", "json.ok"},
      {"    expect: json.ok\n", 0, "no json", "no_data", "json.ok: stdout: not JSON at byte 0: syntax error"},
      {"    expect: json.missing\n", 0, "{}", "no_data", "json.missing: no such key: missing"},
      {"    expect: size(lines) == 2\n", 0, "a\nb\n", "met", ""},
  }));
  const Judged it = judged(c.step, output(c.code, c.output));
  INFO(c.step);
  CHECK(it.verdict == c.verdict);
  CHECK(it.why == c.why);
}

TEST_CASE("what did not complete is no data, whatever it printed") {
  const auto outcome = GENERATE(Outcome::timed_out, Outcome::cancelled, Outcome::not_started, Outcome::could_not_start);
  AttemptResult result = output(0, "ok");
  result.outcome = outcome;
  result.remark = "why";
  const Judged it = judged("", result);
  CHECK(it.verdict == "no_data");
  CHECK_THAT(it.why, Catch::EndsWith(": why"));
}

TEST_CASE("a stream that was not kept whole is no data, never true") {
  AttemptResult result = output(0, "");
  result.result.erase("stdout");
  result.unreadable["stdout"] = "capped at 8 MiB";
  const Judged it = judged("    expect: \"!stdout.contains('ERROR')\"\n", result);
  CHECK(it.verdict == "no_data");
  CHECK(it.why == "stdout: capped at 8 MiB");
}

TEST_CASE("processes left running are no plain success") {
  AttemptResult result = output(0, "");
  result.clean = false;
  result.remark = "left running after its end: pid 4711 sleep (killed)";
  CHECK(judged("", result).verdict == "not_met");
  CHECK(judged("", result).why == result.remark);
}

TEST_CASE("an output that cannot be computed fails after the effect, and is never tried again") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: it, rerun: safe, retry: {every: 1s, for: 1m}, outputs: {n: json.n}}\n");
  run.finish("a");
  CHECK(run.status("a") == "failed");
  CHECK_THAT(run.at("a").why, Catch::StartsWith("the effect is done, but output `n`"));
  CHECK(run.at("a").attempts == 1);
}

TEST_CASE("outputs are values that later steps see") {
  StagedRun run(
      "steps:\n  - {id: a, shell: x, changes: none, outputs: {n: json.n}}\n  - {id: b, when: steps.a.n == 3 && steps.a.exit == 0, shell: x, changes: none}\n");
  run.finish_with("a", output(0, R"({"n": 3})"));
  CHECK(run.running() == std::vector<std::string>{"b"});
}

TEST_CASE("a step whose attempts were all undone is started again without a question; one that left traces is not") {
  StagedRun run("steps:\n  - {id: a, shell: x, changes: it}\n");
  AttemptResult undone = output(1, "");
  undone.unchanged = true;
  run.finish_with("a", undone);
  CHECK(run.ended() == "settled failed");
  CHECK_FALSE(run.at("a").left_traces);
  run.ask({.what = Request::What::resume});
  CHECK(run.running() == std::vector<std::string>{"a"});
  run.finish_with("a", output(1, ""));
  CHECK(run.at("a").left_traces);
  run.ask({.what = Request::What::resume});
  CHECK(run.asked() == std::vector<std::string>{"a: again"});
}
