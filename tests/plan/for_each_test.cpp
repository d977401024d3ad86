// `for_each` and `rescue` in the plan: what stands there before the run, what a run adds, what each sees.
#include <algorithm>

#include "plan/critical_path.h"
#include "planning.h"

namespace runbook::testing {
namespace {

const std::string hosts = "vars: { hosts: { type: list, default: [a, b, c] } }\n";

std::vector<Element> two() { return {{"x", "x"}, {"y", "y"}}; }

}  // namespace

TEST_CASE("a for_each holds the pattern of what is done for every element") {
  const Plan plan = plan_of(hosts + R"(steps:
  - { id: one, for_each: vars.hosts, shell: x, changes: none }
  - id: many
    for_each: vars.hosts
    rescue: [{ id: back, shell: x, changes: none }]
    steps:
      - { id: s, shell: x, changes: y, probe: { shell: p, expect: 'true' } }
      - { id: t, shell: x, changes: none, rescue: [{ id: back, shell: x, changes: none }] }
)");
  CHECK(edges(plan) == std::vector<std::string>{"one", "one[]", "many <- one", "many[]", "many[]/s", "probe:many[]/s",
                                                "many[]/t <- many[]/s", "rescue:many[]/t", "rescue:many[]/t/back", "rescue:many",
                                                "rescue:many/back"});
  CHECK(at(plan, "one").reads);
  CHECK_FALSE(at(plan, "many").reads);
  CHECK(at(plan, "many[]/t").is_pattern);
  CHECK_FALSE(at(plan, "rescue:many/back").is_pattern);
  CHECK_FALSE(plan.is_element(*plan.find("rescue:many")));
  CHECK(plan.estimate.expected == std::chrono::seconds(9));  // three rounds of one step, then of two
}

TEST_CASE("a run adds a copy for every element, with its own probes and rescues") {
  Plan plan = plan_of(hosts + R"(steps:
  - id: many
    for_each: vars.hosts
    steps:
      - { id: s, shell: { argv: [drain, "${item}"] }, changes: y, probe: { shell: p, expect: 'true' } }
      - { id: t, title: "${index}: ${item}", shell: x, changes: none, rescue: [{ id: back, shell: x, changes: none }] }
)");
  const auto written = plan.steps.size();
  add_elements(plan, *plan.find("many"), two());
  CHECK(plan.steps.size() == written + 2 * (written - 1));
  CHECK(edges(plan).back() == "rescue:many[y]/t/back");
  CHECK(plan.at(*at(plan, "many[y]/s").probe).path == "probe:many[y]/s");
  CHECK(plan.at(at(plan, "many[y]/t").needs[0]).path == "many[y]/s");
  CHECK(plan.at(*at(plan, "many[y]/t").rescue).path == "rescue:many[y]/t");
  CHECK(plan.at(*at(plan, "many[y]").parent).path == "many");
  CHECK(at(plan, "many[y]/s").description.find("y") != std::string::npos);
  CHECK(at(plan, "many[y]/t").element->index == 1);
  CHECK(at(plan, "many[]/t").is_replaced);
  CHECK(written_path("many[y]/t") == "many[]/t");
  CHECK(written_path("many") == "many");
  for (StepIndex i = 0; i < plan.steps.size(); ++i)
    for (const auto need : plan.at(i).needs) {
      const auto& back = plan.at(need).dependents;
      CHECK(std::find(back.begin(), back.end(), i) != back.end());
    }
}

TEST_CASE("what a used file is given may be another value for each element") {
  Plan plan = plan_of(files_in({{"runbook.yaml", "runbook: 1\n" + hosts +
                                                     "steps: [{ id: g, for_each: vars.hosts, "
                                                     "use: { file: part.yaml, vars: { host: \"${item}.lan\" } } }]\n"},
                                {"part.yaml",
                                 "runbook: 1\nvars: { host: { type: string, required: true }, n: { type: int, default: 1 } }\n"
                                 "steps: [{ id: s, shell: x, changes: none }, { id: deep, use: deeper.yaml }]\n"},
                                {"deeper.yaml",
                                 "runbook: 1\nvars: { host: { type: string, required: true } }\n"
                                 "steps: [{ id: s, shell: x, changes: none }]\n"}}));
  add_elements(plan, *plan.find("g"), two());
  const auto host = [&](const char* path) {
    const auto step = *plan.find(path);
    return to_text(*plan_scope(plan, step, plan.at(step).step.unit)("vars").value->find("host"));
  };
  CHECK(host("g[x]/s") == "x.lan");
  CHECK(host("g[y]/deep/s") == "y.lan");
  const auto step = *plan.find("g[x]/s");
  CHECK_FALSE(plan_scope(plan, step, plan.at(step).step.unit)("item").value);  // a file that is used sees what it is given
}

TEST_CASE("an undo of an element sees that element, and what its steps left behind") {
  const auto files = files_in({{"runbook.yaml", "runbook: 1\n" + hosts + R"(steps:
  - id: g
    for_each: vars.hosts
    steps:
      - { id: was, shell: x, changes: none, outputs: { n: stdout } }
      - { id: s, shell: x, changes: y, undo: { shell: { argv: [back, "${item}"] }, env: { N: "${steps.was.n}" } } }
)"}});
  const auto planning =
      make_undo_plan(read_book(files, inputs_of("runbook.yaml")), {}, {"g[x]/s", "g[y]/s"},
                     {{"g[x]/was", Value(Value::Map{{"n", "1"}})}, {"g[y]/was", Value(Value::Map{{"n", "2"}})}}, {{"g", two()}});
  INFO(rendered(planning.diagnostics, {}));
  REQUIRE(planning.plan);
  CHECK(edges(*planning.plan) == std::vector<std::string>{"undo:g[y]/s", "undo:g[x]/s <- undo:g[y]/s"});
  CHECK(at(*planning.plan, "undo:g[y]/s").description.find("y") != std::string::npos);
  const auto* seen = recorded_step(*planning.plan, *planning.plan->find("undo:g[y]/s"), "was");
  REQUIRE(seen);
  CHECK(*seen->find("n") == Value("2"));
}

}  // namespace runbook::testing
