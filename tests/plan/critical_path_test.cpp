#include "plan/critical_path.h"

#include "planning.h"

namespace runbook::testing {
namespace {

std::string path_of(const Plan& plan) {
  std::string out;
  for (const auto i : plan.critical_path) out += (out.empty() ? "" : " ") + plan.at(i).path;
  return out;
}

}  // namespace

TEST_CASE("the critical path is the longest chain of expected durations") {
  struct Case {
    const char* steps;
    const char* path;
    const char* expected;
    const char* at_most;
  };
  const auto c = GENERATE(values<Case>({
      {"[]", "", "0s", "0s"},
      {"[{ id: a, shell: x, changes: none, expected: 10s, timeout: 1m }]", "a", "10s", "1m"},
      {"[{ id: a, shell: x, changes: none }]", "a", "1s", "5m"},
      {"[{ id: a, shell: x, changes: none, expected: 2m..3m, timeout: 4m }]", "a", "3m", "4m"},
      {"[{ id: a, shell: x, changes: none, expected: 10s, timeout: 1m }, { id: b, needs: [], shell: x, changes: none, expected: 20s, timeout: 1m }, { id: c, shell: x, changes: none, expected: 1s, timeout: 1m }]",
       "b c", "21s", "2m"},
      {"[{ id: g, steps: [{ id: a, shell: x, changes: none, expected: 10s, timeout: 1m }, { id: b, needs: [], shell: x, changes: none, expected: 5s, timeout: 2m }] }, { id: c, shell: x, changes: none, expected: 1s, timeout: 1m }]",
       "g/a c", "11s", "3m"},
      {"[{ id: a, shell: x, changes: none, expected: 10s, timeout: 1m }, { id: g, steps: [{ id: b, shell: x, changes: none, expected: 5s, timeout: 1m }, { id: h, steps: [{ id: c, shell: x, changes: none, expected: 5s, timeout: 1m }] }] }]",
       "a g/b g/h/c", "20s", "3m"},
      {"[{ id: a, needs: [b], shell: x, changes: none, timeout: 1m }, { id: b, needs: [], shell: x, changes: none, timeout: 1m }]",
       "b a", "2s", "2m"},
      {"[{ id: ask, manual: x, timeout: 15m }]", "ask", "15m", "15m"},
      {"[{ id: held, shell: x, changes: none, hold: 1m, retry: { for: 10m } }]", "held", "1m", "10m"},
      {"[{ id: poll, shell: x, changes: none, retry: { for: 10m }, expected: 30s, timeout: 20m }]", "poll", "30s", "10m"},
      // Where each element has its own times, the longest of them; three, two at a time.
      {"[{ id: e, for_each: [{ id: a, t: 1m, x: 9s }, { id: b, t: 3m, x: 20s }, { id: c, t: 2m, x: 5s }], at_once: 2, shell: x, changes: none, timeout: \"${item.t}\", expected: \"${item.x}\" }]",
       "e[]", "40s", "6m"},
  }));
  INFO(c.steps);
  const Plan plan = plan_of(std::string("steps: ") + c.steps + "\n");
  CHECK(path_of(plan) == c.path);
  CHECK(format_duration(plan.estimate.expected) == c.expected);
  CHECK(format_duration(plan.estimate.at_most) == c.at_most);
}

TEST_CASE("checks and finally are not what an operator waits for") {
  const Plan plan = plan_of(
      "preconditions: [{ id: a, shell: x, expected: 1h }]\nsteps: [{ id: b, shell: x, changes: none, expected: 2s }]\n"
      "success: [{ id: c, shell: x, expected: 1h }]\nfinally: [{ id: d, shell: x, changes: none, expected: 1h }]\n");
  CHECK(path_of(plan) == "b");
}

}  // namespace runbook::testing
