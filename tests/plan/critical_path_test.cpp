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
      // What a person takes is unknown, unless the author says it.
      {"[{ id: ask, manual: x, timeout: 15m }]", "ask", "0s", "15m"},
      {"[{ id: ask, manual: x, timeout: 15m, expected: 5m }, { id: b, shell: x, changes: none, timeout: 1m }]", "ask b", "5m1s",
       "16m"},
      // At most: everything fails at its limit, and is rescued.
      {"[{ id: a, shell: x, changes: none, timeout: 1m, rescue: [{ id: r, shell: x, changes: none, timeout: 3m }] }, { id: b, shell: x, changes: none, timeout: 2m }]",
       "a b", "2s", "6m"},
      {"[{ id: e, for_each: [a, b], rescue: [{ id: r, shell: x, changes: none, timeout: 3m }], steps: [{ id: s, shell: x, changes: none, timeout: 1m, rescue: [{ id: q, shell: x, changes: none, timeout: 1m }, { id: p, shell: x, changes: none, timeout: 1m }] }] }]",
       "e[]/s", "2s", "9m"},
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

TEST_CASE("what people take, and lists that nobody knows yet, are left open") {
  struct Case {
    const char* steps;
    People people;
    std::size_t unknown;
  };
  const auto c = GENERATE(values<Case>({
      {"[{ id: a, shell: x, changes: none }]", People::none, 0},
      {"[{ id: a, manual: x, timeout: 15m, expected: 5m }]", People::none, 0},
      {"[{ id: a, manual: x, timeout: 15m }]", People::within_limits, 0},
      {"[{ id: a, manual: x, timeout: 15m }, { id: b, shell: x, changes: x, confirm: x }]", People::without_limit, 0},
      {"[{ id: a, shell: x, changes: none, rescue: [{ id: r, manual: x, timeout: 15m }] }]", People::none, 0},
      {"[{ id: g, optional: x, steps: [{ id: a, shell: x, changes: none }] }]", People::without_limit, 0},
      {"[{ id: a, shell: x, changes: none, outputs: { l: json } }, { id: e, for_each: steps.a.l, shell: x, changes: none }, { id: k, for_each: [a], shell: x, changes: none }]",
       People::none, 1},
  }));
  INFO(c.steps);
  const Plan plan = plan_of(std::string("steps: ") + c.steps + "\n");
  CHECK(waits_for_people(plan) == c.people);
  CHECK(unknown_lists(plan).size() == c.unknown);
}

TEST_CASE("checks and finally are not what an operator waits for") {
  const Plan plan = plan_of(
      "preconditions: [{ id: a, shell: x, expected: 1h }]\nsteps: [{ id: b, shell: x, changes: none, expected: 2s }]\n"
      "success: [{ id: c, shell: x, expected: 1h }]\nfinally: [{ id: d, shell: x, changes: none, expected: 1h }]\n");
  CHECK(path_of(plan) == "b");
}

}  // namespace runbook::testing
