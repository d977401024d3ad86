#include <algorithm>

#include "tests/run/staged_run.h"

using namespace runbook;
using namespace runbook::tests;
using namespace std::chrono_literals;
using Names = std::vector<std::string>;

namespace {

const std::string hosts = "vars: {hosts: {type: list, default: [a, b, c]}}\n";

std::string each(const std::string& more) {
  return hosts + "steps:\n  - {id: g, for_each: vars.hosts, shell: x, changes: it" + more + "}\n";
}
std::size_t count(const StagedRun& run, std::string_view type) {
  return static_cast<std::size_t>(
      std::count_if(run.events.begin(), run.events.end(), [&](const Event& e) { return event_type(e.body) == type; }));
}
// What another engine makes of the events.
State folded(const StagedRun& run) {
  State again(run.plan);
  for (const auto& event : run.events) {
    const auto body = decode_body(event_type(event.body), encode_body(event.body));
    REQUIRE((body && *body));
    again.apply({event.seq, event.at, **body});
  }
  return again;
}

}  // namespace

TEST_CASE("a step is run for every element, one at a time, in the order of the list") {
  StagedRun run(each(""));
  CHECK(run.running() == Names{"g[a]"});
  run.finish("g[a]");
  CHECK(run.running() == Names{"g[b]"});
  run.finish("g[b]").finish("g[c]");
  CHECK(run.status("g") == "succeeded");
  CHECK(run.ended() == "finished succeeded");
  CHECK(count(run, "expanded") == 1);
  CHECK(folded(run) == run.state);
}

TEST_CASE("the elements are on record before the first of them starts") {
  StagedRun run(each(""));
  std::vector<std::string> types;
  for (const auto& event : run.events) types.emplace_back(event_type(event.body));
  CHECK(types == Names{"run_created", "engine_attached", "step_admitted", "expanded", "attempt_starting"});
}

TEST_CASE("at_once elements are in flight, and the next one starts when one has ended") {
  StagedRun run(each(", at_once: 2"));
  CHECK(run.running() == Names{"g[a]", "g[b]"});
  run.finish("g[b]");
  CHECK(run.running() == Names{"g[a]", "g[c]"});
  CHECK(folded(run) == run.state);
}

TEST_CASE("how many at once, and how many may fail, may be variables") {
  StagedRun run(
      "vars: {hosts: {type: list, default: [a, b, c]}, width: {type: int, default: 2}}\n"
      "steps:\n  - {id: g, for_each: vars.hosts, at_once: '${vars.width}', max_failures: '${vars.width}', shell: x, changes: it}\n");
  CHECK(run.running() == Names{"g[a]", "g[b]"});
  run.finish("g[a]", 1).finish("g[b]", 1).finish("g[c]");
  CHECK(run.status("g") == "succeeded");
}

TEST_CASE("after more failures than allowed no element starts any more, and those that run are left to end") {
  StagedRun run(each(", at_once: 2"));
  run.finish("g[a]", 1);
  CHECK(run.running() == Names{"g[b]"});
  CHECK(run.status("g") == "running");
  run.finish("g[b]");
  CHECK(run.status("g") == "failed");
  CHECK(run.at("g").why.starts_with("g[a]: exit == 0"));
  CHECK(run.status("g[c]") == "cancelled");
  CHECK(run.ended() == "settled failed");
  CHECK(folded(run) == run.state);
}

TEST_CASE("as many failures as max_failures says are no failure of the whole") {
  StagedRun run(each(", max_failures: 1"));
  run.finish("g[a]", 1).finish("g[b]").finish("g[c]");
  CHECK(run.status("g[a]") == "failed");
  CHECK(run.status("g") == "succeeded");
  CHECK(run.ended() == "finished succeeded");
}

TEST_CASE("a resume tries the elements again that failed or never started, and asks for the list no more") {
  StagedRun run(hosts + "steps:\n  - {id: g, for_each: vars.hosts, shell: x, changes: none, at_once: 2}\n");
  run.finish("g[b]", 1).finish("g[a]");
  CHECK(run.ended() == "settled failed");
  run.ask({.what = Request::What::resume});
  CHECK(run.running() == Names{"g[b]", "g[c]"});
  CHECK(folded(run) == run.state);
  run.finish("g[b]").finish("g[c]");
  CHECK(run.ended() == "finished succeeded");
  CHECK(count(run, "expanded") == 1);
}

TEST_CASE("no more than at_once groups go on after a resume either") {
  StagedRun run(hosts +
                "steps:\n  - id: g\n    for_each: vars.hosts\n    max_failures: 1\n    steps:\n"
                "      - {id: s, shell: x, changes: none}\n      - {id: t, shell: x, changes: none}\n");
  run.finish("g[a]/s", 1).finish("g[b]/s", 1);
  CHECK(run.ended() == "settled failed");
  run.ask({.what = Request::What::resume});
  CHECK(run.running() == Names{"g[a]/s"});
  run.finish("g[a]/s").finish("g[a]/t");
  CHECK(run.running() == Names{"g[b]/s"});
  CHECK(folded(run) == run.state);
}

TEST_CASE("a group that has begun for an element goes on to its end when another has failed") {
  StagedRun run(hosts +
                "steps:\n  - id: g\n    for_each: vars.hosts\n    at_once: 2\n    steps:\n"
                "      - {id: s, shell: x, changes: it}\n      - {id: t, shell: x, changes: it}\n");
  CHECK(run.running() == Names{"g[a]/s", "g[b]/s"});
  run.finish("g[a]/s", 1);
  CHECK(run.status("g[a]") == "failed");
  run.finish("g[b]/s");
  CHECK(run.running() == Names{"g[b]/t"});
  run.finish("g[b]/t");
  CHECK(run.status("g[b]") == "succeeded");
  CHECK(run.status("g") == "failed");
  CHECK(run.status("g[c]/s") == "cancelled");
}

TEST_CASE("the precondition of an element is left to end, too, and the element then never starts") {
  StagedRun run(each(", at_once: 2, preconditions: [{id: look, shell: look}]"));
  CHECK(run.running() == Names{"guard:g[a]/look", "guard:g[b]/look"});
  run.finish("guard:g[a]/look", 1);
  CHECK(run.status("g") == "running");
  run.finish("guard:g[b]/look");
  CHECK(run.running().empty());
  CHECK(run.status("g") == "failed");
}

TEST_CASE("an empty list skips the step, and a list that cannot be run through fails it with the reason") {
  struct Case {
    const char* list;
    const char* status;
    const char* why;
  };
  const auto c = GENERATE(values<Case>({
      {"steps.l.x.filter(e, e > 9)", "skipped", "for_each: the list is empty"},
      {"steps.l.x + steps.l.x", "failed", "for_each: elements 0 and 2 are both `1`"},
      {"steps.l.y", "failed", "for_each: it gives int, not a list"},
      {"steps.l.x.map(e, e / 0)", "failed", "for_each: "},
      {"steps.l.long", "failed", "for_each: 1001 elements: at most 1000 can be run through"},
  }));
  const std::string thousand = [] {
    std::string list = "[0";
    for (int i = 1; i < 1001; ++i) list += "," + std::to_string(i);
    return list + "]";
  }();
  StagedRun run("steps:\n  - {id: l, shell: x, changes: none, outputs: {x: \"[1, 2]\", y: \"1\", long: \"" + thousand +
                "\"}}\n  - {id: g, for_each: '" + std::string(c.list) + "', shell: x, changes: it}\n");
  run.finish("l");
  INFO(c.list);
  CHECK(run.status("g") == c.status);
  CHECK(run.at("g").why.starts_with(c.why));
  if (std::string(c.status) == "failed") CHECK(run.ended() == "settled failed");
}

TEST_CASE("a for_each whose list could not be had is tried again by a resume, with the steps in it") {
  StagedRun run(
      "steps:\n  - {id: l, shell: x, changes: none, outputs: {n: stdout}}\n"
      "  - {id: g, for_each: '[1, 10 / size(steps.l.n)]', shell: x, changes: none}\n");
  run.finish("l");
  CHECK(run.status("g") == "failed");
  CHECK(run.status("g[]") == "cancelled");
  run.ask({.what = Request::What::resume});
  CHECK(run.status("g") == "failed");
  CHECK(run.ended() == "settled failed");
  CHECK(folded(run) == run.state);
}

TEST_CASE("item and index are seen by the step, by its guards and by what is written in it") {
  StagedRun run(hosts +
                "steps:\n  - id: g\n    for_each: vars.hosts\n    steps:\n"
                "      - {id: first, when: index == 0, shell: x, changes: none}\n"
                "      - {id: s, manual: \"look at ${item} (${index})\", timeout: 1h, preconditions: ['item != \"b\"']}\n");
  CHECK(run.running() == Names{"g[a]/first"});
  run.finish("g[a]/first");
  CHECK(run.at("g[a]/s").question->asked.sentence == "look at a (0)");
}

TEST_CASE("from outside the elements are a list with key, state and outputs") {
  StagedRun run(
      hosts +
      "steps:\n  - {id: g, for_each: vars.hosts, max_failures: 3, shell: x, changes: none, outputs: {n: 'item + \"!\"'}}\n"
      "  - {id: after, when: 'steps.g.items.exists(i, i.key == \"b\" && i.state == \"failed\") && "
      "steps.g.items[0].outputs.n == \"a!\"', shell: x, changes: none}\n");
  run.finish("g[a]").finish("g[b]", 1).finish("g[c]");
  CHECK(run.running() == Names{"after"});
}

TEST_CASE("maps are known by their key, id or name, and what has none by its place") {
  StagedRun run("steps:\n  - {id: g, for_each: [{name: web, port: 1}, {port: 2}, 7], at_once: 3, shell: x, changes: none}\n");
  CHECK(run.running() == Names{"g[web]", "g[1]", "g[7]"});
}

TEST_CASE("an element in doubt holds the run up until somebody says what became of it") {
  StagedRun run(each(", at_once: 2"));
  run.in_doubt("g[a]");
  CHECK(run.asked() == Names{"g[a]: in_doubt"});
  run.finish("g[b]");
  CHECK(run.running() == Names{"g[c]"});
  run.finish("g[c]");
  CHECK(run.status("g") == "running");
  run.ask({.what = Request::What::resolve, .step = "g[a]", .answer = Value("done"), .reason = "looked"});
  CHECK(run.ended() == "finished succeeded");
}

TEST_CASE("an answer given in advance is for one element, or as it is written for all") {
  RunCreated created;
  created.answers = {{"confirm:g[]", "yes"}};
  StagedRun run(each(", confirm: yes"), created);
  CHECK(run.running() == Names{"g[a]"});
  created.answers = {{"confirm:g[b]", "yes"}};
  StagedRun other(each(", confirm: yes, at_once: 2"), created);
  CHECK(other.running() == Names{"g[b]"});
  CHECK(other.asked() == Names{"g[a]: confirm"});
}

TEST_CASE("what failed in a group whose failure is tolerated is not done again by a resume") {
  StagedRun run(
      "steps:\n  - id: g\n    on_fail: continue\n    steps:\n      - {id: s, shell: x, changes: none}\n"
      "  - {id: after, shell: x, changes: none}\n");
  run.finish("g/s", 1).finish("after", 1);
  CHECK(run.ended() == "settled failed");
  run.ask({.what = Request::What::resume});
  CHECK(run.running() == Names{"after"});
  CHECK(run.status("g/s") == "failed");
}

TEST_CASE("what a used file is given for each element must be as its variable says, before the first begins") {
  const auto planned = [](const std::string& variable) {
    auto reading = read_runbook(
        testing::inputs_of("runbook.yaml"),
        testing::files_in(
            {{"runbook.yaml", "runbook: 1\nid: test\ntitle: Test\n" + hosts +
                                  "steps:\n  - {id: g, for_each: vars.hosts, use: {file: part.yaml, vars: {host: '${item}'}}}\n"},
             {"part.yaml", "runbook: 1\nvars: {host: " + variable + "}\nsteps: [{id: s, shell: x, changes: it}]\n"}}),
        all_kinds());
    REQUIRE(reading.runbook);
    return std::move(*make_plan(std::move(*reading.runbook), {}).plan);
  };
  CHECK(StagedRun(planned("{type: string, pattern: '[a-c]'}")).running() == Names{"g[a]/s"});
  const StagedRun run(planned("{type: string, pattern: '[a-b]'}"));
  CHECK(run.running().empty());
  CHECK(run.at("g").why.starts_with("for_each: element `c`: "));
  CHECK(StagedRun(planned("{type: int}")).at("g").why.starts_with("for_each: element `a`: "));
  CHECK(StagedRun(planned("{type: enum, choices: [a, b]}")).at("g").why.starts_with("for_each: element `c`: "));
}

TEST_CASE("times may be other ones for each element, and are those of the element from its first attempt on") {
  const std::string list =
      "steps:\n  - {id: l, shell: x, changes: none, outputs: {hosts: '[{\"name\": \"a\", \"t\": \"1m\"}, {\"name\": \"b\", \"t\": T}]'}}\n";
  const std::string each =
      "  - id: g\n    for_each: steps.l.hosts\n    at_once: 2\n    steps:\n"
      "      - {id: s, shell: x, changes: none, timeout: '${item.t}', hold: '${item.t}', retry: {every: '${item.t}', for: 1h},\n"
      "         preconditions: [{id: p, shell: x, timeout: '${item.t}'}]}\n";
  const auto with = [&](const std::string& t) { return std::string(list).replace(list.find(": T}"), 4, ": " + t + "}") + each; };
  SECTION("known") {
    StagedRun run(with("duration(\"2m\")"));
    run.finish("l");
    const auto& plan = run.state.plan();
    const auto& a = plan.at(*plan.find("g[a]/s"));
    const auto& b = plan.at(*plan.find("g[b]/s"));
    CHECK(a.timeout == 1min);
    CHECK(b.timeout == 2min);
    CHECK(b.retry.every == 2min);
    CHECK(b.step.hold == Duration(2min));
    CHECK(plan.at(*plan.find("guard:g[b]/s/p")).timeout == 2min);
    run.finish("guard:g[b]/s/p");
    CHECK(run.at("g[b]/s").open->deadline == run.now + 2min);
    CHECK(folded(run) == run.state);
  }
  SECTION("one that cannot be: no element begins") {
    struct Case {
      const char *t, *why;
    };
    const auto c = GENERATE(values<Case>({
        {"\"soon\"", "element `b`: its `timeout`"},
        {"null", "element `b`: its `timeout`: it is null"},
        {"\"0s\"", "element `b`: its `timeout`: it is not longer than 0"},
        {"\"2h\"", "element `b`: `for: 1h` ends before `hold: 2h`"},
        {"\"1h\"", "element `b`: `for: 1h` ends before `hold: 1h`"},
    }));
    StagedRun run(with(c.t));
    run.finish("l");
    CHECK(run.status("g") == "failed");
    CAPTURE(run.at("g").why);
    CHECK(run.at("g").why.starts_with("for_each: "));
    CHECK_THAT(run.at("g").why, Catch::Contains(c.why));
    CHECK_FALSE(run.state.plan().find("g[a]"));
  }
}

TEST_CASE("behind a for_each over a group its elements hold what the steps in them left, each under its id") {
  StagedRun run(
      "vars: {hosts: {type: list, default: [a, b]}}\nsteps:\n  - id: g\n    for_each: vars.hosts\n    steps:\n"
      "      - {id: look, shell: x, changes: none, outputs: {code: exit}}\n"
      "      - id: deep\n        steps: [{id: s, shell: x, changes: none, outputs: {one: exit + 1}}]\n"
      "  - id: last\n    shell: x\n    changes: none\n"
      "    when: 'steps.g.items.map(i, i.outputs.look.code) == [0, 0] && steps.g.items.all(i, i.outputs.deep.s.one == 1)'\n");
  for (const char* host : {"a", "b"})
    run.finish("g[" + std::string(host) + "]/look").finish("g[" + std::string(host) + "]/deep/s");
  CHECK(run.running() == Names{"last"});
}
